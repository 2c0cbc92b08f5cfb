/**
 * Somebody else flushes whenever the runtime looks at its disk, as retention may: one batch holds all that waited, and
 * nothing is stepped while it is on its way.
 */

import { expect, it } from 'vitest';
import { roomOfKey } from '../../src/journal/format/keys.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { bls, overAt, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from './fixtures/small-chain.ts';

it('never parts what shared the mailbox, and writes one batch at a time', async () => {
  const inner = memoryStore();
  /** Records of each batch that was written after the start. */
  const batches: number[] = [];
  let flush: () => void = () => undefined;
  let isWriting = false;
  const store: Store = {
    ...inner,
    range(from, to) {
      flush();
      return inner.range(from, to);
    },
    get(key) {
      flush();
      return inner.get(key);
    },
    async write(ops) {
      expect(isWriting).toBe(false);
      isWriting = true;
      await new Promise(setImmediate);
      await inner.write(ops);
      isWriting = false;
      batches.push(ops.filter(({ key }) => roomOfKey(key) === 'records').length);
    },
  };
  const rig = rigOf({ open: async () => store, node: smallChain(bls).node, now: beginOf(0) });
  await rig.runtime.start();
  const journal: Journal = rig.runtime.journal();
  batches.length = 0;
  flush = () => void Promise.resolve().then(() => journal.flush());
  // Each of them looks whether it was begun before.
  const started = await Promise.all([1, 2, 3, 4].map((epoch) => startEpoch(rig.runtime, epoch)));
  expect(started.map((record) => record?.stream)).toEqual([1, 2, 3, 4].map((epoch) => `${MINER}/${epoch}`));
  expect(batches).toEqual([4]);
  await runUntilIdle(rig.runtime, rig.clock, overAt(4));
  expect(rig.faults).toEqual([]);
  await rig.runtime.stop();
});
