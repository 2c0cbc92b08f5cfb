/**
 * Two who flush one journal, on the real database: what is on its way to the disk counts, and nobody parts what another
 * adds.
 */

import { expect, it } from 'vitest';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';

const cid = (...bytes: number[]) => cidOf(Uint8Array.from(bytes));
const block = (epoch: number, maker: number, base = epoch - 1) => ({
  minerId: 1000n,
  cid: cid(epoch, maker),
  epoch,
  parents: [cid(200, base)],
  baseHeight: base,
});

/** A record that binds, as a turn of the machine `create` does. */
function bind(journal: Journal, asked: ReturnType<typeof block>): string {
  const { verdict } = journal.slash.bind(asked, journal.next());
  journal.add({ at: 0, stream: 'network', input: { type: 'seen', what: 'head', value: asked.epoch }, steps: [], binds: [], outcome: null });
  return verdict;
}

/** Every second epoch: a block that leaves out our own of the epoch before is refused for that. */
const STEP = 2;
const LAST = 120;

it('binds one block of an epoch, on LevelDB, whoever flushes between two binds', async () => {
  const journal = await openJournal(await openLevelStore(temporaryFolder()));
  const verdicts: string[] = [];
  for (let epoch = STEP; epoch <= LAST; epoch += STEP) {
    const first = bind(journal, block(epoch, 1));
    const writing = journal.flush();
    // The batch leaves for the disk, and takes its time: longer than these few microtasks.
    for (let i = 0; i < 10; i++) await undefined;
    verdicts.push(`${first} ${bind(journal, block(epoch, 2))} ${bind(journal, block(epoch, 1))}`);
    await Promise.all([writing, journal.flush()]);
  }
  expect(new Set(verdicts)).toEqual(new Set(['bound refused bound']));
  await journal.close();
});

it('writes what is added within one flush as one batch, whoever flushes meanwhile', async () => {
  const inner = memoryStore();
  const batches: number[] = [];
  let journal: Journal | null = null;
  const store = {
    ...inner,
    async write(ops: Parameters<typeof inner.write>[0]) {
      await new Promise(setImmediate);
      await inner.write(ops);
      batches.push((journal as Journal).next());
    },
  };
  journal = await openJournal(store);
  const others: Promise<void>[] = [];
  const verdicts: string[] = [];
  bind(journal, block(1, 1));
  others.push(journal.flush());
  await journal.flush(async () => {
    // Nothing is decided while a batch is on its way.
    expect(batches).toEqual([1]);
    for (const maker of [1, 2, 3]) {
      verdicts.push(bind(journal as Journal, block(1 + STEP, maker)));
      others.push((journal as Journal).flush());
      await new Promise(setImmediate);
    }
  });
  expect(batches).toEqual([1, 4]);
  expect(verdicts).toEqual(['bound', 'refused', 'refused']);
  await Promise.all(others);
  expect(batches).toEqual([1, 4]);
});

it('says what failed to whoever flushes after a write that failed', async () => {
  const journal = await openJournal({ ...memoryStore(), write: () => Promise.reject(new Error('EIO')) });
  bind(journal, block(1, 1));
  const [first, second] = await Promise.allSettled([journal.flush(), journal.flush(() => Promise.reject(new Error('is not asked')))]);
  expect(first).toMatchObject({ reason: { message: 'EIO' } });
  expect(second).toMatchObject({ reason: { code: 'JOURNAL_UNKNOWN', cause: { message: 'EIO' } } });
  // What may be there counts until it is known.
  expect(journal.slash.bind(block(1, 2), 1).verdict).toBe('refused');
});
