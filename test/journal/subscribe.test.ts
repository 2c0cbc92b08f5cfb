/** Catching up, then following (src/journal/subscribe.ts). */

import { describe, expect, it } from 'vitest';
import { type Journal, openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { subscribe } from '../../src/journal/subscribe.ts';

async function write(journal: Journal, count: number): Promise<void> {
  for (let i = 0; i < count; i++) journal.add({ at: i, stream: 'network', input: { type: 'miner', command: 'add' }, steps: [], binds: [], outcome: null });
  await journal.flush();
}

const upTo = (from: number, end: number): readonly number[] => Array.from({ length: end - from }, (_, i) => from + i);

describe('subscribe', () => {
  it.each([0, 3, 300, 700])('gives each record from %i on once, while they are being written', async (from) => {
    const journal = await openJournal(memoryStore());
    await write(journal, 600);
    const abort = new AbortController();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { record } of subscribe(journal, from, abort.signal)) {
        seen.push(record.seq);
        // A reader slower than the writer.
        if (record.seq % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        if (record.seq === 999) abort.abort();
      }
    })();
    for (let i = 0; i < 40; i++) {
      await write(journal, 10);
      await new Promise(setImmediate);
    }
    await reading;
    expect(seen).toEqual(upTo(from, 1000));
  });

  it('gives nothing that is not on disk', async () => {
    const inner = memoryStore();
    let release: () => void = () => undefined;
    const journal = await openJournal({ ...inner, write: (ops) => new Promise((resolve, reject) => (release = () => inner.write(ops).then(resolve, reject))) });
    const records = subscribe(journal, 0);
    const first = records.next();
    const writing = write(journal, 1);
    const early = await Promise.race([first.then(() => 'a record'), new Promise((resolve) => setTimeout(() => resolve('nothing'), 20))]);
    expect(early).toBe('nothing');
    release();
    await writing;
    expect((await first).value?.record.seq).toBe(0);
    await records.return(undefined);
  });

  it('ends with the journal, and goes on at the next seq when that is open again', async () => {
    const store = memoryStore();
    const journal = await openJournal(store);
    await write(journal, 2);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { record } of subscribe(journal, 0)) seen.push(record.seq);
    })();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await journal.close();
    await reading;
    expect(seen).toEqual([0, 1]);
    const again = await openJournal(store);
    await write(again, 1);
    expect((await subscribe(again, 2).next()).value?.record.seq).toBe(2);
  });
});
