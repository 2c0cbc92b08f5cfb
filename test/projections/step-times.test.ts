/** How long steps took: of epochs that the real machines ran, and quantiles by their definition. */

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { PortError } from '../../src/errors/port-error.ts';
import type { EffectAsked, Input, JournalRecord, Step } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { type StepTime, stepTimes } from '../../src/projections/step-times.ts';
import * as round from '../machines/round.ts';
import { answered, recordOf } from './fixtures/made-records.ts';
import { recordsOf, type Script } from './fixtures/told.ts';

const timesOf = async (script: Script) => {
  const fold = stepTimes();
  for (const record of await recordsOf(script)) fold.add(record);
  return fold.report();
};
const short = ({ step, p50, unanswered }: StepTime) => [step, p50, unanswered];

describe('of one epoch', () => {
  it('each step as long as its answers took; waits for the cut-off and the epoch are no step', async () => {
    const { epochs, steps } = await timesOf({});
    expect([epochs, ...steps.map(short)]).toEqual([
      1,
      ['base', 0, 0],
      ['beacon', 250, 0],
      ['base-info', 500, 0],
      ['election', 12, 0],
      ['ticket', 12, 0],
      ['prove', 1500, 0],
      ['select', 0, 0],
      ['create', 125, 0],
      ['claim', 0, 0],
      ['submit', 0, 0],
    ]);
    expect(steps[5]?.worst).toEqual({ ms: 1500, miner: round.miner, epoch: round.epoch });
  });

  it('with the retries and the pauses between them', async () => {
    const away = { fails: new PortError('NODE_UNREACHABLE', 'connection refused', { retryable: true }) };
    const { steps } = await timesOf({ answers: { getHead: [away, away, { value: round.base }] } });
    expect(short(steps[0] as StepTime)).toEqual(['base', 2000, 0]);
  });

  it('one that was never answered is counted apart', async () => {
    const { steps } = await timesOf({ answers: { proveWinningPost: { value: round.proofs, takes: 90 } } });
    expect(steps.map(short).at(-1)).toEqual(['prove', null, 1]);
  });
});

test.prop([fc.array(fc.nat(60_000), { minLength: 1, maxLength: 40 })])('a quantile is the least time that so many of the epochs do not exceed', (times) => {
  const fold = stepTimes();
  for (const record of times.flatMap((ms, epoch) => beaconEpoch(epoch, ms))) fold.add(record);
  const { epochs, p50, p90, p99, worst } = fold.report().steps[0] as StepTime;
  expect([epochs, worst?.ms, times[worst?.epoch as number]]).toEqual([times.length, Math.max(...times), Math.max(...times)]);
  for (const [share, quantile] of [
    [0.5, p50],
    [0.9, p90],
    [0.99, p99],
  ] as const) {
    const within = (limit: number): number => times.filter((ms) => ms <= limit).length;
    expect(within(quantile as number)).toBeGreaterThanOrEqual(share * times.length);
    expect(within((quantile as number) - 1)).toBeLessThan(share * times.length);
  }
});

/** One that asked for its beacon entry and ended with the answer. */
function beaconEpoch(epoch: number, ms: number): readonly JournalRecord[] {
  const stream = `${round.miner}/${epoch}`;
  const start: Input = { type: 'start', machine: 'epoch', input: { miner: round.miner, epoch, config: round.config } as unknown as Value };
  const effect: EffectAsked = { n: 0, name: 'getBeaconEntry', input: null };
  const step: Step = { actor: 'base-wait', from: null, to: 'asking.beacon', effects: [effect], digest: new Uint8Array(8) };
  return [
    { ...recordOf(stream, start), steps: [step] },
    { ...recordOf(stream, answered('base-wait', 'getBeaconEntry', null), { outcome: 'stopped' }), at: ms },
  ];
}
