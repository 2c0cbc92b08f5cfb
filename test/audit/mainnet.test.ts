/**
 * Mainnet's first 40 epochs, audited: every total of every check, what is known exactly, and what by an earlier state.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockReport } from '../../src/audit/report/block-report.ts';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import { BLOCK_CHECKS } from '../../src/consensus/validation/block-validation.ts';
import { headersOf, readCar } from '../chain/state/car-file.ts';
import { mineone } from '../cli/run.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { type AuditRun, nullEpochs, runAudit, totalsOf, verdictOf } from './fixtures/audit-run.ts';

const { path, absent } = sharedData('mainnet/mainnet-0-39.car');

/** [ok, ok with an earlier state, wrong, not checkable] of 48 blocks. The file holds one state, that of genesis. */
const TOTALS = {
  form: [48, 0, 0, 0],
  'header-cid': [48, 0, 0, 0],
  parents: [48, 0, 0, 0],
  timestamp: [48, 0, 0, 0],
  'beacon-rounds': [48, 0, 0, 0],
  // Drand's predecessor of the chain's first entry is not on the chain.
  'beacon-signatures': [47, 0, 0, 1],
  // The state before the base: genesis' is that of bases 0 and 1, with a block on each.
  claim: [2, 46, 0, 0],
  // The state before the lookback tipset: genesis' is that of tipsets 0 and 1, so of epochs up to 11.
  'minimum-power': [8, 40, 0, 0],
  // Not asked before network version 4.
  standing: [48, 0, 0, 0],
  // The state after the lookback tipset: genesis' for the seven blocks of epochs up to 10.
  'election-vrf': [7, 41, 0, 0],
  'win-count': [7, 41, 0, 0],
  'ticket-vrf': [7, 41, 0, 0],
  'winning-post': [0, 0, 0, 48],
  'parent-weight': [2, 46, 0, 0],
  'base-fee': [48, 0, 0, 0],
  'messages-root': [48, 0, 0, 0],
  'message-inclusion': [48, 0, 0, 0],
  // 32 blocks have no messages and one is on genesis; of the others' senders most were made after genesis or had sent
  // before.
  senders: [33, 2, 0, 13],
  'bls-aggregate': [48, 0, 0, 0],
  'message-signatures': [48, 0, 0, 0],
  'block-signature': [7, 41, 0, 0],
  // The block on genesis, which executes nothing; bases without messages have no receipts.
  'state-root': [1, 0, 0, 47],
  'receipts-root': [33, 0, 0, 15],
};

const MESSAGES = { bls: 73, secpk: 512, uniqueBls: 41, uniqueSecpk: 206, aggregates: 14 };

describe.skipIf(absent)(suiteName('mainnet, epochs 0 to 39', absent), () => {
  let run: AuditRun;
  beforeAll(async () => {
    run = await runAudit(path, { network: () => MAINNET, threads: 1 });
  }, 120_000);

  it('has 48 blocks in 32 tipsets, and its null rounds', () => {
    expect(run.chain).toEqual({ first: 0, head: 39, tipsets: 33 });
    expect(run.range).toEqual({ from: 0, to: 39 });
    expect(run.blocks).toHaveLength(48);
    expect(run.summary).toMatchObject({ blocks: 48, tipsets: 32, nullRounds: 7, wrongBlocks: 0, messages: MESSAGES });
    expect(nullEpochs(run.blocks)).toEqual([4, 7, 10, 24, 25, 26, 27]);
    const after = run.blocks.filter(({ nullRounds }) => nullRounds > 0).map(({ epoch, nullRounds }) => [epoch, nullRounds]);
    expect(after).toEqual([...[5, 8, 11].map((epoch) => [epoch, 1]), [28, 4]]);
  });

  it('every total of every check', () => {
    expect(totalsOf(run.summary)).toEqual(TOTALS);
    expect(Object.keys(TOTALS)).toEqual(BLOCK_CHECKS.map(({ name }) => name));
  });

  it('the one beacon entry that cannot be checked, and why; five entries after four null rounds', async () => {
    const unchecked = run.blocks.filter((block) => verdictOf(block, 'beacon-signatures').verdict !== 'ok');
    expect(unchecked.map(({ epoch }) => epoch)).toEqual([1]);
    const missing = 'the predecessor of the first entry, which is not on the chain';
    expect(verdictOf(unchecked[0] as BlockReport, 'beacon-signatures')).toEqual({ verdict: 'not-checkable', missing });
    const headers = headersOf(await readCar(path));
    expect(headers.filter(({ height }) => height === 28).map(({ beaconEntries }) => beaconEntries.length)).toEqual([5]);
    expect(headers.filter(({ beaconEntries }) => beaconEntries.length === 5)).toHaveLength(1);
  });

  it('names the state it used instead, and the one asked for', () => {
    const bases = [0, ...new Set(run.blocks.map(({ epoch }) => epoch))];
    for (const block of run.blocks) {
      const { epoch } = block;
      const base = bases[bases.indexOf(epoch) - 1] as number;
      const by = (what: string, exact: boolean, asked: string) =>
        exact ? { verdict: 'ok' } : { verdict: 'ok', instead: `${what} of epoch 0, ${asked} not in the source` };
      const lookback = `lookback ${Math.max(0, epoch - 10)}`;
      for (const check of ['election-vrf', 'ticket-vrf', 'block-signature']) expect(verdictOf(block, check)).toEqual(by('worker', epoch <= 10, lookback));
      expect(verdictOf(block, 'win-count')).toEqual(by('power', epoch <= 10, lookback));
      expect(verdictOf(block, 'minimum-power')).toEqual(by('power', epoch <= 11, `before ${lookback}`));
      for (const check of ['claim', 'parent-weight']) expect(verdictOf(block, check)).toEqual(by('power', base <= 1, `state before ${base}`));
    }
    expect(verdictOf(run.blocks.find(({ epoch }) => epoch === 29) as BlockReport, 'win-count')).toEqual({
      verdict: 'ok',
      instead: 'power of epoch 0, lookback 19 not in the source',
    });
  });

  it('calls senders not checkable only where genesis disagrees, and says how', () => {
    for (const block of run.blocks) {
      const verdict = verdictOf(block, 'senders');
      const count = (block.messages?.bls.length ?? 0) + (block.messages?.secpk.length ?? 0);
      // The state before epoch 1 is genesis'.
      if (count === 0 || block.epoch === 1) expect(verdict).toEqual({ verdict: 'ok' });
      else if (verdict.verdict === 'ok') expect(verdict.instead).toBe(`nonces of epoch 0, state before ${block.epoch} not in the source`);
      else expect(verdict).toMatchObject({ verdict: 'not-checkable', missing: expect.stringMatching(/^nonces of epoch 0, .*; it says .+, the block .+$/) });
    }
  });

  it('names the sector that each block had to prove', () => {
    for (const block of run.blocks) {
      expect(verdictOf(block, 'winning-post')).toEqual({
        verdict: 'not-checkable',
        missing: expect.stringMatching(/not verified here \(challenged: sector \d+\)$/),
      });
    }
  });

  it('gives each miner what it mined, won and could expect', () => {
    const wins = (miner: string) => run.blocks.filter((block) => block.miner === miner).reduce((sum, { winCount }) => sum + winCount, 0);
    expect(run.summary.miners.map(({ miner, blocks, wins: won }) => [miner, blocks, won])).toEqual([
      ['f01000', 30, wins('f01000')],
      ['f01001', 10, wins('f01001')],
      ['f01002', 8, wins('f01002')],
    ]);
    expect(run.summary.miners.map(({ wins: won }) => won)).toEqual([58, 16, 20]);
    for (const { miner, expected, interval, ofExpected, wins: won } of run.summary.miners) {
      // Three equal shares of five wins in each of 39 epochs; Poisson's quantiles at 65.
      expect([miner, expected]).toEqual([miner, expect.closeTo(65, 9)]);
      expect(interval).toEqual({ low: 50, high: 81 });
      expect(ofExpected).toBeCloseTo(won / 65, 9);
    }
  });

  it('as the command says it: the same, exit code 0', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await mineone(['audit', path, '--json']);
    expect({ code, failed: /mineone:/.test(stderr) }).toEqual({ code: 0, failed: false });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string } & Readonly<Record<string, unknown>>);
    const of = (type: string) => lines.filter((line) => line.type === type);
    expect(of('audit')).toEqual([
      {
        type: 'audit',
        network: 'mainnet',
        chain: { first: 0, head: 39, tipsets: 33 },
        range: { from: 0, to: 39 },
        bls: run.bls.name,
        blocks: run.file.blocks,
        leftOut: 0,
        unknownHash: run.file.unknownHash,
      },
    ]);
    expect(of('block')).toEqual(run.blocks.map((block) => ({ type: 'block', ...(JSON.parse(JSON.stringify(block)) as object) })));
    const totals = of('check').map(({ check, ok, okInstead, wrong, notCheckable }) => [check, [ok, okInstead, wrong, notCheckable]]);
    expect(Object.fromEntries(totals)).toEqual(TOTALS);
    const conclusion = [
      '18 of 23 rules held on 48 blocks, 7 of them by states that are not known to be right («ok~»)',
      'beacon-signatures could not be asked of 1',
      'senders could not be asked of 13',
      'winning PoSt proofs were not verified',
      'state and receipts roots were not executed',
    ].join('; ');
    const counts = { blocks: 48, tipsets: 32, nullRounds: 7, wrongBlocks: 0, missingBlocks: 0, beyondBlocks: 0, messages: MESSAGES };
    expect(of('end')).toEqual([{ type: 'end', ...counts, unreached: { headers: 0, isCut: false }, conclusion, unasked: [] }]);
  });
});
