/**
 * A whole journal verified, and each kind of row found out when it is not as it was written (src/journal/verify.ts).
 */

import { describe, expect, it } from 'vitest';
import { EVERYTHING, type Room, roomRange } from '../../src/journal/format/keys.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { bindOne } from './fixtures/bound.ts';
import { reMine } from './fixtures/re-mined.ts';

async function written(): Promise<Store> {
  const store = memoryStore();
  const journal = await openJournal(store);
  await reMine(journal, 2);
  await bindOne(journal, 1000);
  return store;
}

const rooms: readonly Room[] = ['records', 'streams', 'blobs', 'shared', 'slashEpochs', 'slashParents', 'live', 'meta'];

describe('verifyJournal', () => {
  it('counts what is there', async () => {
    const store = await written();
    const { records, live, blobs, bound } = await verifyJournal(store);
    expect(records).toBeGreaterThan(40);
    expect({ live, blobs, bound }).toEqual({ live: 1, blobs: 1, bound: 1 });
  });

  it('is content with a journal that has no record', async () => {
    expect((await verifyJournal(memoryStore())).records).toBe(0);
  });

  it.each(rooms)('finds each row of «%s» that is lost, changed or not its own', async (room) => {
    const store = await written();
    const entries: (readonly [Uint8Array, Uint8Array])[] = [];
    for await (const entry of store.range(...roomRange(room))) entries.push(entry);
    expect(entries.length).toBeGreaterThan(0);
    for (const [i, [key, value]] of entries.entries()) {
      const flipped = value.map((byte, at) => (at === (i * 7) % value.length ? byte ^ (1 << (i % 8)) : byte));
      const damages = [{ type: 'del', key } as const, { type: 'put', key, value: flipped } as const, { type: 'put', key, value: value.subarray(1) } as const];
      for (const damage of damages) {
        await store.write([damage]);
        await expect(verifyJournal(store), `${room} row ${i} ${damage.type}`).rejects.toMatchObject({
          code: 'JOURNAL_CORRUPT',
          message: expect.stringContaining('keep the folder'),
        });
        await store.write([{ type: 'put', key, value }]);
      }
    }
    await verifyJournal(store);
  });

  it('finds rows that no record led to', async () => {
    const store = await written();
    for (const [key, value] of await extras(store)) {
      await store.write([{ type: 'put', key, value }]);
      await expect(verifyJournal(store), `key ${key}`).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
      await store.write([{ type: 'del', key }]);
    }
  });
});

/** Every row once more under another key of its room. */
async function extras(store: Store): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
  const found: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const [key, value] of store.range(...EVERYTHING)) found.push([key.map((byte, at) => (at === key.length - 1 ? byte ^ 0x80 : byte)), value]);
  return found;
}
