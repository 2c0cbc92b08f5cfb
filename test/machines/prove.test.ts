/** Prove: one winning PoSt over the challenged sectors, in time. */

import { expect, it } from 'vitest';
import { proveMachine } from '../../machines/prove.ts';
import { proofRandomness } from '../../src/mining/round.ts';
import { answered, given } from './given.ts';
import { deadlines, epoch, info, miner, proofs } from './round.ts';
import { describeOneQuestion } from './sign-and-prove.ts';

const proving = given(proveMachine, { miner, epoch, info, deadlines });

describeOneQuestion(proving, 'proveWinningPost', { outcome: 'late' });

it('asks for a proof of the sectors under the randomness of the epoch', () => {
  const { sectors, sectorSize } = info;
  const input = { miner, epoch, randomness: proofRandomness(info, miner, epoch), sectors, sectorSize };
  expect(proving.asked['proveWinningPost']).toEqual({ name: 'proveWinningPost', input });
});

it('is the proof', () => {
  expect(proving.when(answered('proveWinningPost', proofs)).output).toEqual({ outcome: 'proved', proofs });
});
