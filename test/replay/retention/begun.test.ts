/**
 * Epochs that were begun and whose records are gone: none of them is begun again, however often more is given up
 * (docs/architecture.md 6).
 */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../src/adapters/virtual-clock.ts';
import { type BegunStretch, withBegun } from '../../../src/journal/format/begun.ts';
import { type Journal, openJournal } from '../../../src/journal/journal.ts';
import { openLevelStore } from '../../../src/journal/store/level-store.ts';
import { memoryStore } from '../../../src/journal/store/memory-store.ts';
import { epochOf } from '../../../src/mining/stream.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Node } from '../../../src/ports/node.ts';
import { retain } from '../../../src/replay/retention.ts';
import { runUntilIdle } from '../../../src/runtime/drive.ts';
import { temporaryFolder } from '../../journal/fixtures/temporary-folder.ts';
import { bls, MACHINES, type Rig, rigOf, startEpoch } from '../../runtime/fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from '../../runtime/fixtures/small-chain.ts';
import { smallMiner } from '../../runtime/fixtures/small-miner.ts';

const OTHER = 'f01001';

async function retainIn(runtime: Rig['runtime'], epoch: number): Promise<ReturnType<Journal['checkpoint']>['begun']> {
  const write = async (input: Parameters<typeof runtime.send>[1]) => (await runtime.send('checkpoint', input)) !== null;
  await retain(runtime.journal(), { machines: MACHINES, keep: { epoch }, write });
  return runtime.journal().checkpoint().begun;
}

it('holds the epochs of a miner that has begun none since the checkpoint before', async () => {
  const [chain, store] = [smallChain(bls), memoryStore()];
  const { runtime, clock } = rigOf({ open: async () => store, node: chain.node, now: beginOf(0) });
  await runtime.start();
  for (const miner of [MINER, OTHER]) await startEpoch(runtime, 1, miner);
  await runUntilIdle(runtime, clock);
  expect(await retainIn(runtime, 2)).toEqual({ [MINER]: [[1, 1]], [OTHER]: [[1, 1]] });
  await startEpoch(runtime, 1000);
  await runUntilIdle(runtime, clock);
  expect(await retainIn(runtime, 1001)).toEqual({
    [MINER]: [
      [1, 1],
      [1000, 1000],
    ],
    [OTHER]: [[1, 1]],
  });
  await runtime.stop();
  const again = rigOf({ open: async () => store, node: chain.node, now: clock.now() });
  await again.runtime.start();
  expect([await startEpoch(again.runtime, 1, OTHER), await startEpoch(again.runtime, 1000)]).toEqual([null, null]);
  expect(await startEpoch(again.runtime, 2, OTHER)).not.toBeNull();
});

it('are those, in whichever order they were begun, and none between them that nobody began', async () => {
  const [chain, store] = [smallChain(bls), memoryStore()];
  const { runtime, clock } = rigOf({ open: async () => store, node: chain.node, now: beginOf(0) });
  await runtime.start();
  for (const epoch of [4, 1]) await startEpoch(runtime, epoch);
  await runUntilIdle(runtime, clock);
  expect(await retainIn(runtime, 5)).toEqual({
    [MINER]: [
      [1, 1],
      [4, 4],
    ],
  });
  expect([await startEpoch(runtime, 4), await startEpoch(runtime, 1)]).toEqual([null, null]);
  for (const epoch of [2, 3]) expect(await startEpoch(runtime, epoch)).not.toBeNull();
});

it('are kept in few stretches: of many gaps the oldest count as begun', () => {
  let stretches: readonly BegunStretch[] = [];
  for (let epoch = 1; epoch <= 199; epoch += 2) stretches = withBegun(stretches, epoch);
  expect(stretches).toHaveLength(64);
  expect([stretches[0], stretches[1], stretches.at(-1)]).toEqual([
    [1, 73],
    [75, 75],
    [199, 199],
  ]);
});

describe('a clock that was ahead for a moment, in LevelDB', () => {
  const GLITCH = { from: beginOf(4) - 5000, to: beginOf(4) + 15_000, by: 100 * 30_000 };

  it('begins a few epochs far ahead; once their records are given up those between are begun as they come', async () => {
    const dataDir = temporaryFolder();
    const world = virtualClock(beginOf(0));
    const ahead = (): number => (world.now() >= GLITCH.from && world.now() < GLITCH.to ? GLITCH.by : 0);
    const now = (): number => world.now() + ahead();
    const clock: Clock = {
      ...world,
      now,
      async until(at, signal) {
        do await world.until(at - ahead(), signal);
        while (now() < at);
      },
      elapsed: (ms, signal) => world.until(world.now() + ms, signal),
    };
    const begun: number[] = [];
    const chain = smallChain(bls);
    /** Those of far ahead come to their end at once: there is nothing to prove. */
    const node = (given: Node): Node => ({
      ...given,
      miningBaseInfo: async (miner, epoch, ...rest) => (epoch > 50 ? null : given.miningBaseInfo(miner, epoch, ...rest)),
    });
    const mine = async (until: number, keepMs?: number): Promise<readonly string[]> => {
      const { miner, faults } = await smallMiner({ dataDir, clock, observe: true, ...(keepMs === undefined ? {} : { keepMs }) }, node, chain);
      miner.transitions$.subscribe(({ stream, input }) => input.type === 'start' && input.machine === 'epoch' && begun.push(epochOf(stream) as number));
      await miner.start();
      await runUntilIdle(miner, world, beginOf(until));
      await miner.stop();
      return faults.map(({ code }) => code);
    };
    expect(await mine(8)).toEqual(['CLOCK_JUMPED', 'CLOCK_JUMPED']);
    const far = begun.filter((epoch) => epoch > 50);
    expect(far.length).toBeGreaterThan(0);
    expect(await mine(12, 1)).toEqual([]);
    const journal = await openJournal(await openLevelStore(dataDir));
    const stretches = journal.checkpoint().begun[MINER] ?? [];
    await journal.close();
    expect(far.every((epoch) => stretches.some(([from, to]) => epoch >= from && epoch <= to))).toBe(true);
    expect(await mine(16, 1)).toEqual([]);
    // The fifth was to be begun while the clock was ahead.
    expect(begun.filter((epoch) => epoch <= 50)).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
    expect(new Set(begun).size).toBe(begun.length);
  });
});
