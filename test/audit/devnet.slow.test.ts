/**
 * Chains of a real Lotus node at network version 28, audited whole: every check of every block, by one thread and by a
 * pool.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { BLOCK_CHECKS } from '../../src/consensus/validation/block-validation.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { type AuditRun, isFast, nullEpochs, runAudit, totalsOf, verdictOf } from './fixtures/audit-run.ts';
import { DEVNET_CAR, DEVNET_NETWORK, networkOf, REALPOST_NETWORK } from './fixtures/devnet.ts';

const network = () => networkOf(DEVNET_NETWORK);
const NOT_EXECUTED = { verdict: 'not-checkable', missing: 'messages are not executed here' };

/**
 * Every check ok on this many blocks, but for those named: [ok, ok by another state or one that only a block claims,
 * wrong, not checkable].
 */
function totals(blocks: number, others: Readonly<Record<string, readonly number[]>>) {
  return Object.fromEntries(BLOCK_CHECKS.map(({ name }) => [name, others[name] ?? [blocks, 0, 0, 0]]));
}

/** Of the state before a base, all but that of genesis. */
function claimed(certain: number, others: number) {
  return Object.fromEntries(['claim', 'standing', 'parent-weight'].map((check) => [check, [certain, others, 0, 0]]));
}

describe.skipIf(!isFast)(suiteName('all of devnet-2k', isFast ? false : 'BLS runs in JavaScript; 120 epochs are judged instead'), () => {
  let run: AuditRun;
  beforeAll(async () => {
    run = await runAudit(DEVNET_CAR, { network, threads: 1 });
  });

  it('has its blocks, tipsets, null rounds and messages', () => {
    expect(run.chain).toEqual({ first: 0, head: 368, tipsets: 343 });
    expect(run.file).toMatchObject({ format: 1, unknownHash: 0 });
    expect(run.summary).toMatchObject({ blocks: 581, tipsets: 342, nullRounds: 26, wrongBlocks: 0, messages: { bls: 332, secpk: 320, aggregates: 220 } });
    expect(nullEpochs(run.blocks)).toHaveLength(26);
    expect(new Set(run.blocks.filter(({ nullRounds }) => nullRounds > 0).map(({ epoch }) => epoch)).size).toBe(22);
  });

  it('every check ok on every block, but for the roots that need execution', () => {
    expect(totalsOf(run.summary)).toEqual(
      totals(581, { ...claimed(2, 579), senders: [354, 227, 0, 0], 'state-root': [1, 0, 0, 580], 'receipts-root': [358, 0, 0, 223] }),
    );
    for (const block of run.blocks) expect(verdictOf(block, 'state-root')).toEqual(block.epoch === 1 ? { verdict: 'ok' } : NOT_EXECUTED);
    for (const block of run.blocks) expect([{ verdict: 'ok' }, NOT_EXECUTED]).toContainEqual(verdictOf(block, 'receipts-root'));
  });

  it('by two workers: the same reports in the same order', async () => {
    const pooled = await runAudit(DEVNET_CAR, { network, threads: 2 });
    expect(pooled.blocks).toEqual(run.blocks);
    expect(pooled.summary).toEqual(run.summary);
  });

  it('three miners and what they could expect', () => {
    // Power 4 : 2 : 1, five wins an epoch, 368 epochs.
    const shares = { f01000: 4 / 7, f01001: 2 / 7, f01002: 1 / 7 };
    expect(run.summary.miners.map(({ miner, blocks }) => [miner, blocks])).toEqual([
      ['f01000', 217],
      ['f01001', 225],
      ['f01002', 139],
    ]);
    for (const { miner, expected } of run.summary.miners) expect(expected).toBeCloseTo(368 * 5 * shares[miner as keyof typeof shares], 6);
    for (const { miner, lambda } of run.blocks) expect(lambda).toBeCloseTo(5 * shares[miner as keyof typeof shares], 12);
  });
});

describe.skipIf(isFast)(suiteName('120 epochs of 368 of devnet-2k', isFast && 'the addon judges them all'), () => {
  it('by two workers: every check ok, but for the roots that need execution', async () => {
    const { summary, blocks } = await runAudit(DEVNET_CAR, { network, to: 120, threads: 2 });
    expect(blocks.length).toBeGreaterThan(150);
    expect(
      Object.values(totalsOf(summary)).every(([ok = 0, okInstead = 0, wrong, unasked = 0]) => wrong === 0 && ok + okInstead + unasked === blocks.length),
    ).toBe(true);
  });
});

const realpost = sharedData('cassette/realpost/devnet-2k-realpost.car.gz');

describe.skipIf(realpost.absent)(suiteName('devnet-2k-realpost', realpost.absent), () => {
  it(isFast ? 'all 118 blocks' : 'the last 20 epochs, as BLS runs in JavaScript', async () => {
    const { summary, blocks } = await runAudit(realpost.path, { network: () => networkOf(REALPOST_NETWORK), from: isFast ? 0 : 95, threads: 1 });
    if (isFast) {
      const others = { 'winning-post': [0, 0, 0, 118], 'state-root': [1, 0, 0, 117], 'receipts-root': [71, 0, 0, 47] };
      expect(totalsOf(summary)).toEqual(totals(118, { ...claimed(2, 116), senders: [73, 45, 0, 0], ...others }));
    }
    expect(summary.wrongBlocks).toBe(0);
    if (isFast) expect(summary).toMatchObject({ blocks: 118, tipsets: 110, nullRounds: 4, wrongBlocks: 0, messages: { bls: 26, secpk: 25 } });
    const named = blocks.map((block) => verdictOf(block, 'winning-post')).map((verdict) => (verdict.verdict === 'not-checkable' ? verdict.missing : ''));
    for (const missing of named) expect(missing).toMatch(/^proofs are not verified here \(challenged: sector \d+\)$/);
    // Six sectors in all: the challenge is drawn anew for each block.
    expect(new Set(named).size).toBeGreaterThan(3);
  });
});
