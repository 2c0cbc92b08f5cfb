/** What a re-mined journal is in bytes: how many, which words, and whether twice the same. */

import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { EVERYTHING, recordKey, roomOfKey, streamOfKey } from '../../src/journal/format/keys.ts';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import type { Store } from '../../src/ports/store.ts';
import { reMine } from './fixtures/re-mined.ts';

const EPOCHS = 12;

async function mined(): Promise<{ readonly store: Store; readonly head: string }> {
  const store = memoryStore();
  const journal = await openJournal(store);
  await reMine(journal, EPOCHS);
  return { store, head: toHex(journal.headHash()) };
}

describe('a re-mined journal', () => {
  it('has the same head when it is written again', async () => {
    expect((await mined()).head).toBe((await mined()).head);
  });

  it('says nothing of the library that steps its machines', async () => {
    let bytes = 0;
    for await (const [key, value] of (await mined()).store.range(...EVERYTHING)) {
      const text = `${Buffer.from(key).toString('latin1')} ${Buffer.from(value).toString('latin1')}`;
      expect(text).not.toMatch(/xstate|\bx:\d|machine\.transition|invoke/i);
      bytes += text.length;
    }
    expect(bytes).toBeGreaterThan(10_000);
  });

  it('spends at most 2.15 kB on a lost epoch of a miner that is alone, its share of what is kept once counted', async () => {
    const store = memoryStore();
    const journal = await openJournal(store);
    // One epoch after another, as time would have it.
    for (let epoch = 1; epoch <= 2 * EPOCHS; epoch++) await reMine(journal, epoch, epoch, ['f01002']);
    const sizes = new Map<string, number>();
    const ends = new Map<string, string>();
    for await (const { record, bytes } of journal.records()) {
      sizes.set(record.stream, (sizes.get(record.stream) ?? 0) + bytes.length + recordKey(record.seq).length);
      if (record.outcome !== null) ends.set(record.stream, (record.outcome as { readonly outcome: string }).outcome);
    }
    let shared = 0;
    for await (const [key, value] of store.range(...EVERYTHING)) {
      const room = roomOfKey(key);
      if (room === 'streams') sizes.set(streamOfKey(key).stream, (sizes.get(streamOfKey(key).stream) as number) + key.length + value.length);
      else if (room === 'shared') shared += key.length + value.length;
    }
    const of = (outcome: string): number[] => [...ends].flatMap(([stream, end]) => (end === outcome ? [sizes.get(stream) as number] : []));
    const figures = { lost: Math.max(...of('lost')), observed: Math.max(...of('observed')), sharedAnEpoch: Math.round(shared / (2 * EPOCHS)) };
    console.log('bytes', figures);
    expect(of('lost').length).toBeGreaterThan(3);
    expect(figures.lost + figures.sharedAnEpoch).toBeLessThanOrEqual(2150);
  });
});
