/** Epochs that were begun and whose records are gone: none of them is begun again, however often more is given up (docs/architecture.md 6). */

import { expect, it } from 'vitest';
import type { Journal } from '../../../src/journal/journal.ts';
import { memoryStore } from '../../../src/journal/memory-store.ts';
import { runUntilIdle } from '../../../src/runtime/drive.ts';
import { retain } from '../../../src/runtime/retention.ts';
import { bls, MACHINES, type Rig, rigOf, startEpoch } from '../fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from '../fixtures/small-chain.ts';

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
  expect(await retainIn(runtime, 2)).toEqual({ [MINER]: 1, [OTHER]: 1 });
  await startEpoch(runtime, 1000);
  await runUntilIdle(runtime, clock);
  expect(await retainIn(runtime, 1001)).toEqual({ [MINER]: 1000, [OTHER]: 1 });
  await runtime.stop();
  const again = rigOf({ open: async () => store, node: chain.node, now: clock.now() });
  await again.runtime.start();
  expect([await startEpoch(again.runtime, 1, OTHER), await startEpoch(again.runtime, 1000)]).toEqual([null, null]);
  expect(await startEpoch(again.runtime, 2, OTHER)).not.toBeNull();
});

it('is the highest of them, in whichever order they were begun', async () => {
  const [chain, store] = [smallChain(bls), memoryStore()];
  const { runtime, clock } = rigOf({ open: async () => store, node: chain.node, now: beginOf(0) });
  await runtime.start();
  for (const epoch of [3, 1]) await startEpoch(runtime, epoch);
  await runUntilIdle(runtime, clock);
  expect(await retainIn(runtime, 4)).toEqual({ [MINER]: 3 });
});
