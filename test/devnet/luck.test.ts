/**
 * Luck of miners on a real devnet: draws of real signatures lie where chance puts them, and without faults nothing that
 * was won is lost.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { type LuckReport, luckFold } from '../../src/projections/luck.ts';
import type { Luck } from '../../src/projections/luck-sums.ts';
import { mineEpochs } from './fixtures/mined-epochs.ts';

const [MINERS, EPOCHS] = [4, 40];

describe(`${MINERS} miners, ${EPOCHS} epochs`, () => {
  let report: LuckReport;
  beforeAll(async () => {
    const fold = luckFold();
    for (const record of (await mineEpochs({ seed: 'a', miners: MINERS, epochs: EPOCHS })).records) fold.add(record);
    report = fold.report();
  });

  it('every epoch held an election, and five wins are expected of all of them together', () => {
    expect(report).toMatchObject({ from: 1, to: EPOCHS });
    expect(report.all).toMatchObject({ epochs: MINERS * EPOCHS, elections: MINERS * EPOCHS, withoutElection: [] });
    expect(report.all.expected).toBeCloseTo(5 * EPOCHS, 6);
  });

  it('wins of all lie within the interval, and those of three miners or more: one stretch in twenty does not', () => {
    const isWithin = ({ wins, interval }: Luck): boolean => wins >= interval.low && wins <= interval.high;
    expect(isWithin(report.all), `${report.all.wins} wins`).toBe(true);
    expect(report.miners.filter(isWithin).length).toBeGreaterThanOrEqual(MINERS - 1);
  });

  it('everything won is mined, and on the chain', () => {
    for (const { wins, kept, lost, open } of report.miners) expect([kept.wins, lost, open.wins]).toEqual([wins, [], 0]);
  });
});
