/** One miner's trouble with its proofs moves no other miner: the same things at the same times, with it and without. */

import { beforeAll, describe, expect, it } from 'vitest';
import { mockProver } from '../../src/adapters/mock-prover.ts';
import { formatAddress } from '../../src/chain/address.ts';
import { failingProve } from '../../src/devnet/faults/failing.ts';
import type { FaultContext } from '../../src/devnet/faults/plan.ts';
import { slowProve } from '../../src/devnet/faults/slow.ts';
import type { JournalRecord } from '../../src/journal/format/record.ts';
import type { Prover } from '../../src/ports/prover.ts';
import { type Mined, mineEpochs } from './fixtures/mined-epochs.ts';

const TROUBLED = 'f01000';
const EPOCHS = 10;

/** Only this miner's proofs go wrong, every one of them. */
function troubled(name: 'slow-prove' | 'failing-prove', context: FaultContext): Prover {
  const plain = mockProver();
  const faults = [{ name, rate: 1 }];
  const faulty = (name === 'slow-prove' ? slowProve : failingProve)(plain, { ...context, plan: { ...context.plan, faults } });
  return { winningPost: (request, signal) => (formatAddress(request.miner) === TROUBLED ? faulty : plain).winningPost(request, signal) };
}

const mine = (prover?: (context: FaultContext) => Prover): Promise<Mined> =>
  mineEpochs({ seed: 'independence', miners: 4, epochs: EPOCHS, ...(prover === undefined ? {} : { prover }) });

/** What entered when, of a miner's epochs: whose, at what time, which question's answer, and whether it was one. */
function timesOf({ records }: Mined, isTheirs: (miner: string) => boolean): readonly string[] {
  const told = ({ stream, at, input }: JournalRecord): string =>
    `${at} ${stream} ${input.type} ${input.type === 'result' ? `${input.actor} ${input.id} ${input.ok}` : ''}`;
  const theirs = records.filter(({ stream }) => stream.split('/').length === 2 && isTheirs(stream.split('/')[0] as string));
  return theirs.map(told).sort();
}

const isOther = (miner: string): boolean => miner !== TROUBLED;

describe.concurrent('proofs of one miner', () => {
  let plain: Mined;
  beforeAll(async () => {
    plain = await mine();
  });

  it.for(['slow-prove', 'failing-prove'] as const)('%s: the others do the same at the same times', async (name) => {
    const mined = await mine((context) => troubled(name, context));
    expect(timesOf(mined, isOther)).toEqual(timesOf(plain, isOther));
    expect(timesOf(plain, isOther).length).toBeGreaterThan(3 * EPOCHS * 6);
    expect(timesOf(mined, (miner) => miner === TROUBLED)).not.toEqual(timesOf(plain, (miner) => miner === TROUBLED));
  });
});
