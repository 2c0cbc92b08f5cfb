/**
 * createMiner that only observes, beside a chain that goes on: what that has in the place of each block is in the
 * journal, also where the miner was stopped before it was looked for.
 */

import { expect, it } from 'vitest';
import { virtualClock } from '../src/adapters/virtual-clock.ts';
import { memoryStore } from '../src/journal/store/memory-store.ts';
import type { Node } from '../src/ports/node.ts';
import type { Store } from '../src/ports/store.ts';
import { type ObservedBlock, observedBlock } from '../src/projections/observed-fate.ts';
import { runUntilIdle } from '../src/runtime/drive.ts';
import { bls } from './runtime/fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from './runtime/fixtures/small-chain.ts';
import { smallMiner } from './runtime/fixtures/small-miner.ts';

/** A chain of so many epochs that another process of the same miner made. */
async function minedChain(epochs: number) {
  const { miner, chain, runTo } = await smallMiner({ lastEpoch: epochs });
  await miner.start();
  await runTo(epochs);
  await miner.stop();
  return chain;
}

it('are written down five epochs on, once, and after a restart', async () => {
  const [chain, store, clock] = [await minedChain(13), memoryStore(), virtualClock(beginOf(0))];
  const now = (): number => Math.floor((clock.now() - beginOf(0)) / 30_000);
  const seen: (ObservedBlock & { readonly at: number })[] = [];
  /** The node has the block of an epoch as that begins; for a time it is away. */
  const node = (given: Node): Node => ({
    ...given,
    head: (signal) => (now() === 8 ? Promise.reject(new Error('away')) : given.tipsetAt(now(), signal)),
  });
  const observe = async (until: number, opened: Store): Promise<void> => {
    const { miner } = await smallMiner({ store: opened, observe: true, clock }, node, chain);
    miner.transitions$.subscribe((record) => {
      const found = observedBlock(record);
      if (found !== null) seen.push({ ...found, at: Math.floor((record.at - beginOf(0)) / 30_000) });
    });
    await miner.start();
    await runUntilIdle(miner, clock, beginOf(until));
    await miner.stop();
  };
  await observe(9, { ...store });
  expect(seen.map(({ epoch, at }) => [epoch, at])).toEqual([
    [1, 6],
    [2, 7],
    [3, 9],
    [4, 9],
  ]);
  await observe(12, { ...store });
  expect(seen.slice(4).map(({ epoch, at }) => [epoch, at])).toEqual([
    [5, 10],
    [6, 11],
    [7, 12],
  ]);
  expect(seen.every(({ miner, differs, standing, epoch }) => miner === MINER && differs.length === 0 && standing.height === epoch)).toBe(true);
});

it('are none of a chain that nobody goes on with', async () => {
  const { miner, runTo } = await smallMiner({ observe: true }, undefined, smallChain(bls));
  const seen: unknown[] = [];
  miner.transitions$.subscribe((record) => observedBlock(record) !== null && seen.push(record));
  await miner.start();
  await runTo(12);
  expect(seen).toEqual([]);
  await miner.stop();
});

it('are asked for again where a call never ends, and each that was not answered in time is given up, so that it counts as one that hangs', async () => {
  const [chain, clock] = [await minedChain(4), virtualClock(beginOf(0))];
  const calls: AbortSignal[] = [];
  const node = (given: Node): Node => ({
    ...given,
    head: (signal) => given.tipsetAt(Math.floor((clock.now() - beginOf(0)) / 30_000), signal),
    tipsetAt(_height, signal) {
      calls.push(signal);
      return new Promise(() => undefined);
    },
  });
  const { miner } = await smallMiner({ observe: true, clock }, node, chain);
  await miner.start();
  await runUntilIdle(miner, clock, beginOf(9));
  expect(calls.length).toBeGreaterThan(2);
  expect(calls.filter(({ aborted }) => !aborted)).toHaveLength(0);
  await miner.stop();
});
