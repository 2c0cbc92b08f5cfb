/**
 * What an audit amounts to: totals that do not depend on how a chain was cut into stretches, and numbers that nobody
 * can make too large.
 */

import { describe, expect, it } from 'vitest';
import type { BlockReport, StretchReport } from '../../../src/audit/report/block-report.ts';
import { createTally, type Summary } from '../../../src/audit/report/summary.ts';
import { BLOCK_CHECKS } from '../../../src/consensus/validation/block-validation.ts';
import type { Verdict } from '../../../src/consensus/validation/verdict.ts';

const ONE = 1n << 256n;

function block(epoch: number, miner: string, more: Partial<BlockReport> = {}, verdicts: Readonly<Record<string, Verdict>> = {}): BlockReport {
  const checks = BLOCK_CHECKS.map(({ name }) => ({ check: name, verdict: verdicts[name] ?? ({ verdict: 'ok' } as const) }));
  return { epoch, nullRounds: 0, cid: `c${epoch}${miner}`, miner, winCount: 1, lambda: 1, quality: 0.5, messages: { bls: [], secpk: [] }, checks, ...more };
}

function stretch(blocks: readonly BlockReport[], expected: Readonly<Record<string, bigint>> = {}, epochs = blocks.length): StretchReport {
  return { blocks, expected: new Map(Object.entries(expected)), epochs };
}

function summaryOf(...reports: readonly StretchReport[]): Summary {
  const tally = createTally();
  for (const report of reports) tally.add(report);
  return tally.summary();
}

function totals(summary: Summary, check: string) {
  return summary.checks.find((one) => one.check === check) ?? expect.fail(check);
}

const wrong: Verdict = { verdict: 'wrong', expected: 'a', found: 'b' };

describe('a summary', () => {
  it('of nothing has every check and no miner', () => {
    const summary = summaryOf();
    expect(summary).toMatchObject({ blocks: 0, tipsets: 0, nullRounds: 0, wrongBlocks: 0, miners: [] });
    expect(summary.checks.map(({ check }) => check)).toEqual(BLOCK_CHECKS.map(({ name }) => name));
    expect(summary.messages).toEqual({ bls: 0, secpk: 0, uniqueBls: 0, uniqueSecpk: 0, aggregates: 0 });
  });

  it('counts each verdict as what it is, and blocks that are wrong once', () => {
    const missing: Verdict = { verdict: 'not-checkable', missing: 'the state' };
    const summary = summaryOf(
      stretch([
        block(1, 'f01', {}, { form: wrong, parents: wrong, claim: { verdict: 'ok', instead: 'power of epoch 0' } }),
        block(1, 'f02', {}, { claim: missing }),
        block(2, 'f01', {}, { claim: missing, form: wrong }),
        block(3, 'f01'),
      ]),
    );
    expect(totals(summary, 'form')).toMatchObject({ ok: 2, okInstead: 0, wrong: 2, notCheckable: 0 });
    expect(totals(summary, 'parents')).toMatchObject({ ok: 3, wrong: 1 });
    expect(totals(summary, 'claim')).toMatchObject({ ok: 1, okInstead: 1, wrong: 0, notCheckable: 2 });
    expect([...totals(summary, 'claim').reasons]).toEqual([
      ['power of epoch 0', 1],
      ['the state', 2],
    ]);
    expect(summary).toMatchObject({ blocks: 4, tipsets: 3, wrongBlocks: 2 });
  });

  it('takes the null rounds of a tipset once, as its blocks tell them', () => {
    // The block that is missing of a tipset cannot tell.
    const blocks = [
      block(5, 'f01', { nullRounds: 3 }),
      block(5, 'f02', { nullRounds: 3 }),
      block(5, '?', { nullRounds: 0 }),
      block(7, 'f01', { nullRounds: 1 }),
    ];
    expect(summaryOf(stretch(blocks))).toMatchObject({ tipsets: 2, nullRounds: 4 });
  });

  it('names a block that is missing by its kind: the same reason for each', () => {
    const missing = (cid: string): Verdict => ({ verdict: 'not-checkable', missing: `message ${cid} is not in the source` });
    const cids = ['bafy2bzaceacnamqgqmifpluoeldx7zzglx', 'bafy2bzacecbonb2gtjbwi4f6dw25a3i7uw'];
    const summary = summaryOf(stretch(cids.map((cid, i) => block(i, 'f01', {}, { senders: missing(cid) }))));
    expect([...totals(summary, 'senders').reasons]).toEqual([['message … is not in the source', 2]]);
  });

  it('keeps no more than 200 reasons, and counts all', () => {
    const blocks = Array.from({ length: 1000 }, (_, i) => block(i, 'f01', {}, { claim: { verdict: 'not-checkable', missing: `reason ${i}` } }));
    const claim = totals(summaryOf(stretch(blocks)), 'claim');
    expect([claim.reasons.size, claim.notCheckable]).toEqual([200, 1000]);
  });

  it('counts messages in blocks, and each once', () => {
    const summary = summaryOf(
      stretch([
        block(1, 'f01', { messages: { bls: ['a', 'b'], secpk: ['x'] } }),
        block(1, 'f02', { messages: { bls: ['b'], secpk: ['x', 'y'] } }),
        block(2, 'f01', { messages: { bls: [], secpk: ['z'] } }),
        block(3, 'f01', { messages: null }),
      ]),
    );
    expect(summary.messages).toEqual({ bls: 3, secpk: 4, uniqueBls: 2, uniqueSecpk: 3, aggregates: 2 });
  });

  it('gives a miner its wins and what it could expect, also one that mined nothing', () => {
    const blocks = [block(1, 'f01', { winCount: 4 }), block(2, 'f01', { winCount: 2 })];
    const summary = summaryOf(stretch(blocks, { f01: 2n * ONE, f02: ONE / 2n }), stretch([], { f01: 2n * ONE, f02: ONE / 2n }, 2));
    // P(0) = 0.018 and P(<= 1) = 0.092 at 4; P(> 8) = 0.021: the least interval with at most 2.5 % on either side.
    expect(summary.miners).toEqual([
      { miner: 'f01', blocks: 2, wins: 6, expected: 4, interval: { low: 1, high: 8 }, ofExpected: 1.5 },
      { miner: 'f02', blocks: 0, wins: 0, expected: 1, interval: { low: 0, high: 3 }, ofExpected: 0 },
    ]);
  });

  it('knows no share of what was to expect where no power is known', () => {
    const [miner] = summaryOf(stretch([block(1, 'f01')], { f01: ONE }, 0)).miners;
    expect(miner).toEqual({ miner: 'f01', blocks: 1, wins: 1, expected: null, interval: null, ofExpected: null });
  });

  it('does not depend on where stretches begin', () => {
    const blocks = Array.from({ length: 50 }, (_, i) => block(i >> 1, `f0${i % 3}`, { winCount: i, nullRounds: i % 5 }, i % 7 === 0 ? { claim: wrong } : {}));
    const whole = summaryOf(stretch(blocks, { f01: 50n * ONE }));
    const parts = blocks.map((one) => stretch([one], { f01: ONE }));
    expect(summaryOf(...parts)).toEqual(whole);
  });

  it('takes a made up power for what it is: no interval for more wins than there can be, at once', () => {
    const start = performance.now();
    for (const mean of [ONE << 40n, ONE << 600n]) {
      const [miner] = summaryOf(stretch([block(1, 'f01')], { f01: mean })).miners;
      expect([miner?.interval, miner?.ofExpected]).toEqual([null, expect.any(Number)]);
    }
    // A million and 1.96 thousand to either side, (1.96² - 1) / 6 higher for the skew, and half a win for counting.
    expect(summaryOf(stretch([block(1, 'f01')], { f01: 1_000_000n * ONE })).miners[0]?.interval).toEqual({ low: 998_041, high: 1_001_960 });
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
