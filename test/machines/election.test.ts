/** Election: the worker key signs the draw, and the proof's hash says how often it won. */

import { expect, it } from 'vitest';
import { electionMachine } from '../../machines/election.ts';
import { elect, electionMessage } from '../../src/mining/round.ts';
import { answered, given } from './given.ts';
import { deadlines, epoch, info, miner, powerless, vrf, workerKey } from './round.ts';
import { describeOneQuestion } from './sign-and-prove.ts';

const signing = given(electionMachine, { miner, epoch, info, deadlines });

describeOneQuestion(signing, 'signVrf', {
  outcome: 'failed',
  failure: { code: 'SIGNER_LATE', message: expect.any(String), retryable: false, at: deadlines.giveUp },
});

it('has the election draw of the epoch signed by the worker key', () => {
  expect(signing.asked['signVrf']).toEqual({ name: 'signVrf', input: { key: workerKey, message: electionMessage(info, miner, epoch) } });
});

it('is won as often as the draw says', () => {
  const won = signing.when(answered('signVrf', vrf)).output;
  expect(won).toEqual(elect(info, vrf));
  expect(won).toMatchObject({ outcome: 'won', vrfProof: vrf });
});

it('is lost without power, by the whole draw', () => {
  const lost = given(electionMachine, { miner, epoch, info: powerless, deadlines }).when(answered('signVrf', vrf)).output;
  expect(lost).toMatchObject({ outcome: 'lost', lambda: 0n });
});
