/** Retention beside mining, as createMiner does it (src/runtime/retention-task.ts). */

import { expect, it } from 'vitest';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { retentionTask } from '../../src/runtime/retention-task.ts';
import { beginOf } from './fixtures/small-chain.ts';
import { type SmallMiner, smallMiner } from './fixtures/small-miner.ts';

/**
 * Another process after the first: on the same chain and store, at the time that it is; it keeps nothing that it need
 * not.
 */
async function again({ chain, clock }: SmallMiner, store: Store): Promise<SmallMiner> {
  const made = await smallMiner({ store, keepMs: 1, clock }, undefined, chain);
  return { ...made, clock, runTo: (epoch) => runUntilIdle(made.miner, clock, beginOf(epoch)) };
}

it('gives old epochs up at a start, tells its checkpoint like any record, and mining goes on', async () => {
  const store = memoryStore();
  const before = await smallMiner({ store });
  await before.miner.start();
  await before.runTo(5);
  await before.miner.stop();
  const { chain, miner, runTo } = await again(before, store);
  const types: string[] = [];
  miner.transitions$.subscribe(({ input }) => types.push(input.type));
  await miner.start();
  await runTo(8);
  expect(types).toContain('checkpoint');
  const { first, begun } = miner.journal().checkpoint();
  expect(first).toBeGreaterThan(5);
  expect(begun['f01000']?.[0]?.[1]).toBeGreaterThanOrEqual(1);
  expect(await miner.replay()).toMatchObject({ divergence: null });
  await miner.stop();
  expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await verifyJournal(store)).toMatchObject({ first, given: 0 });
});

it('ended by a stop says nothing, and goes on at the next start', async () => {
  const inner = memoryStore();
  const before = await smallMiner({ store: inner });
  await before.miner.start();
  await before.runTo(3);
  await before.miner.stop();
  let closed = false;
  const store = {
    ...inner,
    async *range(from: Uint8Array, to: Uint8Array) {
      for await (const entry of inner.range(from, to)) {
        if (closed) throw new Error('the store is closed');
        yield entry;
      }
    },
    close: async () => {
      closed = true;
    },
  };
  const { miner, faults } = await again(before, store);
  await miner.start();
  await miner.stop();
  expect(faults).toEqual([]);
  const third = await again(before, inner);
  await third.miner.start();
  await third.runTo(4);
  await third.miner.stop();
  expect(await verifyJournal(inner)).toMatchObject({ given: 0, first: expect.toSatisfy((first: number) => first > 5) });
});

it('tells of a failure, and mines on', async () => {
  const inner = memoryStore();
  const before = await smallMiner({ store: inner });
  await before.miner.start();
  await before.runTo(3);
  await before.miner.stop();
  const store = {
    ...inner,
    async *range(from: Uint8Array, to: Uint8Array) {
      if (from[0] === 'h'.charCodeAt(0)) throw new Error('the disk says no');
      yield* inner.range(from, to);
    },
  };
  const { miner, chain, faults, runTo } = await again(before, store);
  await miner.start();
  await runTo(5);
  await miner.stop();
  expect(faults.map(({ code }) => code)).toEqual(['RETENTION_FAILED']);
  expect(chain.submitted.at(-1)?.header.height).toBe(5);
});

it('leaves a journal alone that is being opened again', async () => {
  const faults: unknown[] = [];
  const runtime = { opened: () => null, isSettled: () => true, settled: async () => undefined, send: () => Promise.reject(new Error('nobody is to be asked')) };
  const task = retentionTask({ runtime, machines: new Map(), keepMs: 1, ordered: true, onFault: (fault) => faults.push(fault) });
  task.begin();
  await task.ended();
  expect([task.isRunning(), faults]).toEqual([false, []]);
});

it('is waited for by whoever drives a virtual clock', async () => {
  const store = memoryStore();
  const before = await smallMiner({ store });
  await before.miner.start();
  await before.runTo(5);
  await before.miner.stop();
  const { miner } = await again(before, store);
  await miner.start();
  expect(miner.isSettled()).toBe(false);
  await miner.settled();
  expect(miner.journal().checkpoint().first).toBeGreaterThan(5);
  await miner.stop();
});
