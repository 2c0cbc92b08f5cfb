/**
 * A chain of a real Lotus node at network version 28, audited in parts: by epochs, by miners, by workers, stopped, and
 * under other rules.
 */

import { describe, expect, it } from 'vitest';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import { BLOCK_CHECKS } from '../../src/consensus/validation/block-validation.ts';
import { isFast, runAudit, totalsOf } from './fixtures/audit-run.ts';
import { DEVNET_CAR, DEVNET_NETWORK, networkOf } from './fixtures/devnet.ts';

const network = () => networkOf(DEVNET_NETWORK);
/**
 * Every check ok on this many blocks, but for those named: [ok, ok by another state or one that only a block claims,
 * wrong, not checkable].
 */
function totals(blocks: number, others: Readonly<Record<string, readonly number[]>>) {
  return Object.fromEntries(BLOCK_CHECKS.map(({ name }) => [name, others[name] ?? [blocks, 0, 0, 0]]));
}

describe(isFast ? 'parts of devnet-2k' : 'parts of devnet-2k (20 epochs of 368, as BLS runs in JavaScript)', () => {
  it('--from and --to: these epochs, each check ok, null rounds before the first counted', async () => {
    const { blocks, range, chain, summary } = await runAudit(DEVNET_CAR, { network, from: 361, to: 368, threads: 1 });
    expect([range, chain.head]).toEqual([{ from: 361, to: 368 }, 368]);
    expect(blocks.map(({ epoch, miner, nullRounds }) => [epoch, miner, nullRounds])).toEqual([
      [361, 'f01000', 1],
      [362, 'f01000', 0],
      [363, 'f01000', 0],
      [364, 'f01000', 0],
      [365, 'f01000', 0],
      [367, 'f01002', 1],
      [368, 'f01002', 0],
    ]);
    expect(totalsOf(summary)).toEqual(
      totals(7, {
        claim: [0, 7, 0, 0],
        standing: [0, 7, 0, 0],
        'parent-weight': [0, 7, 0, 0],
        senders: [0, 7, 0, 0],
        'state-root': [0, 0, 0, 7],
        'receipts-root': [1, 0, 0, 6],
      }),
    );
    expect(summary.nullRounds).toBe(2);
  });

  it('--from and --to stop at the ends of the chain; outside of it is an error', async () => {
    const { range, blocks } = await runAudit(DEVNET_CAR, { network, from: 367, to: 100_000, threads: 1 });
    expect([range, blocks.length]).toEqual([{ from: 367, to: 368 }, 2]);
    await expect(runAudit(DEVNET_CAR, { network, from: 369, threads: 1 })).rejects.toMatchObject({
      code: 'AUDIT_RANGE',
      message: expect.stringContaining('0 to 368'),
    });
    await expect(runAudit(DEVNET_CAR, { network, from: 5, to: 4, threads: 1 })).rejects.toMatchObject({ code: 'AUDIT_RANGE' });
  });

  it('genesis alone has nothing to judge', async () => {
    const { blocks, summary } = await runAudit(DEVNET_CAR, { network, from: 0, to: 0, threads: 1 });
    expect([blocks, summary.blocks, summary.wrongBlocks]).toEqual([[], 0, 0]);
  });

  it('--miner: its blocks alone, and what it could expect, also of epochs in which it mined nothing', async () => {
    const { blocks, summary } = await runAudit(DEVNET_CAR, { network, from: 100, to: 112, miners: ['f01002'], threads: 1 });
    expect(new Set(blocks.map(({ miner }) => miner))).toEqual(new Set(['f01002']));
    expect(summary.miners.map(({ miner, expected }) => [miner, expected])).toEqual([['f01002', expect.closeTo((13 * 5) / 7, 9)]]);
    const nobody = runAudit(DEVNET_CAR, { network, from: 100, to: 112, miners: ['f09999'], threads: 1 });
    await expect(nobody).rejects.toMatchObject({ code: 'MINER_UNKNOWN' });
  });

  it('two workers on a stretch: the same as one', async () => {
    const to = isFast ? 60 : 20;
    const [one, two] = [await runAudit(DEVNET_CAR, { network, to, threads: 1 }), await runAudit(DEVNET_CAR, { network, to, threads: 2 })];
    expect(two.blocks).toEqual(one.blocks);
    expect(two.summary).toEqual(one.summary);
  });

  it('of another network is refused: its genesis is of another time', async () => {
    await expect(runAudit(DEVNET_CAR, { network: () => MAINNET, threads: 1 })).rejects.toMatchObject({ code: 'NETWORK_MISMATCH' });
  });

  it('is stopped when it is told to, reading and judging', async () => {
    const reason = new Error('enough');
    await expect(runAudit(DEVNET_CAR, { network, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const stop = (text: string) => void (text.startsWith('finding') && controller.abort(reason));
    await expect(runAudit(DEVNET_CAR, { network, signal: controller.signal, onProgress: stop, threads: 1 })).rejects.toBe(reason);
  });
});
