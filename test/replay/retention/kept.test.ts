/**
 * What retention keeps and why: young epochs, those that go on, what stands behind one, and records of no epoch
 * (src/replay/retention-kept.ts).
 */

import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../src/journal/journal.ts';
import { memoryStore } from '../../../src/journal/store/memory-store.ts';
import { retain } from '../../../src/replay/retention.ts';
import { type KeptReport, keptReport } from '../../../src/replay/retention-kept.ts';
import { runUntilIdle } from '../../../src/runtime/drive.ts';
import { bls, MACHINES, rigOf, startEpoch } from '../../runtime/fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from '../../runtime/fixtures/small-chain.ts';

/** Epochs begun and run until nothing moves; a fate then waits for its time. */
async function journalOf(...epochs: readonly number[]) {
  const [chain, store] = [smallChain(bls), memoryStore()];
  const { runtime, clock } = rigOf({ open: async () => store, node: chain.node, now: beginOf(0) });
  await runtime.start();
  for (const epoch of epochs) {
    await startEpoch(runtime, epoch);
    await runUntilIdle(runtime, clock);
  }
  const prune = async (epoch: number): Promise<KeptReport> => {
    const write = async (input: Parameters<typeof runtime.send>[1]) => (await runtime.send('checkpoint', input)) !== null;
    await retain(runtime.journal(), { machines: MACHINES, keep: { epoch }, write });
    return keptReport(runtime.journal(), { epoch });
  };
  return { journal: runtime.journal(), prune };
}

async function recordsOf(journal: Journal): Promise<number> {
  let records = 0;
  for await (const _ of journal.records()) records++;
  return records;
}

describe('what is kept', () => {
  it('is told by why, and every record counts once', async () => {
    const { journal, prune } = await journalOf(1, 2, 3);
    const { kept, holding } = await prune(3);
    expect(kept.map(({ why }) => why)).toContain('young');
    expect(kept.find(({ why }) => why === 'young')?.epochs).toBe(1);
    expect(kept.reduce((sum, { records }) => sum + records, 0)).toBe(await recordsOf(journal));
    const goingOn = [...journal.live().keys()].filter((stream) => stream.includes('/'));
    expect(holding === null || goingOn.includes(holding)).toBe(true);
  });

  it('is nothing behind a young one where that is the first', async () => {
    const { prune } = await journalOf(1, 2);
    const { kept, holding } = await prune(1);
    expect(kept).toContainEqual(expect.objectContaining({ why: 'young', epochs: 2 }));
    expect(holding).toBeNull();
  });

  it('names the stream that goes on and holds the rest', async () => {
    const { journal, prune } = await journalOf(1, 2);
    await journal.flush(async () => {
      journal.add({ at: 0, stream: `${MINER}/1/fate`, input: { type: 'seen', what: 'head', value: null }, steps: [], binds: [], outcome: null });
    });
    const before = journal.checkpoint().first;
    const { kept, holding } = await prune(1000);
    expect(kept.some(({ why }) => why === 'going-on')).toBe(true);
    expect([holding, journal.checkpoint().first >= before]).toEqual([`${MINER}/1/fate`, true]);
  });
});
