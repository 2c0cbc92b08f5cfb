/** Epochs in a line each: the records are made by the real machines in the real runtime; only the world is scripted. */

import { describe, expect, it } from 'vitest';
import { epochList } from '../../src/projections/epoch-list.ts';
import type { EpochRange } from '../../src/projections/step-times.ts';
import * as round from '../machines/round.ts';
import { epochRecords } from './fixtures/made-records.ts';
import { recordsOf, type Script } from './fixtures/told.ts';

const lineOf = async (script: Script) => {
  const list = epochList();
  for (const record of await recordsOf(script)) list.add(record);
  const rows = list.rows();
  expect(rows).toHaveLength(1);
  return rows[0];
};
const standing = (...more: readonly unknown[]) => ({ getTipset: [{ value: round.standing }, ...more.map((value) => ({ value }))] });

describe('a line', () => {
  it('mined, and final', async () => {
    expect(await lineOf({ answers: standing(round.standing, round.standing), fate: 900 })).toMatchObject({
      miner: round.miner,
      epoch: round.epoch,
      outcome: 'mined',
      name: 'mined',
      wins: 4,
      fate: 'included',
      slow: null,
      left: expect.any(Number),
    });
  });

  it('mined, and orphaned', async () => {
    expect(await lineOf({ answers: standing(round.others), fate: 5 })).toMatchObject({ outcome: 'mined', fate: 'orphaned (not-seen)' });
  });

  it('late, by a step that another was slow for', async () => {
    const answers = { getBeaconEntry: { value: round.info.beacon.entries[0], takes: 28.5 }, proveWinningPost: { value: round.proofs, takes: 1.5 } };
    expect(await lineOf({ answers })).toMatchObject({ outcome: 'late', name: 'late: prove (slow beacon)', slow: { step: 'beacon', ms: 28_500, ofMs: 30_000 } });
  });

  it('abandoned, and its block brought out on its own', async () => {
    expect(await lineOf({ upgradeAfter: 15, fate: 5 })).toMatchObject({
      outcome: 'abandoned',
      name: 'abandoned: upgraded, then mined',
      fate: expect.any(String),
    });
  });

  it('observed, and what the chain has', async () => {
    expect(await lineOf({ config: round.observing })).toMatchObject({ outcome: 'observed', fate: null });
    expect(await lineOf({ config: round.observing, observed: { standing: round.standing } })).toMatchObject({ fate: 'on the chain' });
    expect(await lineOf({ config: round.observing, observed: { standing: round.others } })).toMatchObject({ fate: 'not on the chain (not-seen)' });
  });

  it('not over yet', async () => {
    expect(await lineOf({ answers: { proveWinningPost: { value: round.proofs, takes: 60 } }, toldAfter: 5 })).toMatchObject({
      outcome: 'open',
      name: 'not over yet',
    });
  });
});

it('in the order of epochs and miners, gaps among them, within the range', () => {
  const made = (epoch: number, miner: string) => epochRecords({ miner, epoch, election: null, outcome: { outcome: 'late', stage: 'base' } });
  const listed = (range: EpochRange) => {
    const list = epochList(range);
    for (const record of [...made(3, 'f0999'), ...made(3, 'f01000'), ...made(6, 'f01000'), ...made(5, 'f0999')]) list.add(record);
    return list.rows().map(({ miner, epoch, name }) => `${epoch} ${miner} ${name}`);
  };
  expect(listed({})).toEqual([
    '3 f0999 late: base',
    '3 f01000 late: base',
    '4 f0999 unattended: asleep',
    '4 f01000 unattended: asleep',
    '5 f0999 late: base',
    '5 f01000 unattended: asleep',
    '6 f0999 unattended: asleep',
    '6 f01000 late: base',
  ]);
  expect(listed({ miner: 'f01000', from: 4, to: 5 })).toEqual(['4 f01000 unattended: asleep', '5 f01000 unattended: asleep']);
});
