/**
 * Each thing that holds a journal together, alone: everything else is made to fit, so that nothing but that one check
 * can find it (docs/journal.md).
 */

import { Level } from 'level';
import { describe, expect, it, vi } from 'vitest';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { addTerm, decodeHead, encodeHead, type JournalHead, rowTerm } from '../../src/journal/chain/head.ts';
import { decodeLiveRow } from '../../src/journal/chain/live-rows.ts';
import { INDEX_HASH_LENGTH } from '../../src/journal/chain/record-chain.ts';
import { HEAD_KEY, liveKey, recordKey, roomRange, streamKey } from '../../src/journal/format/keys.ts';
import { decodeRecord, encodeRecord, type JournalRecord, recordHash } from '../../src/journal/format/record.ts';
import { decodeValue, encodeValue, type Value } from '../../src/journal/format/value.ts';
import { openJournal, type RecordDraft } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../src/journal/verify.ts';
import type { Store, StoreOp } from '../../src/ports/store.ts';
import { bindOne } from './fixtures/bound.ts';
import { temporaryFolder } from './fixtures/temporary-folder.ts';

const draft = (stream: string, outcome: Value = null): RecordDraft => ({
  at: 0,
  stream,
  input: { type: 'miner', command: 'add' },
  steps: [],
  binds: [],
  outcome,
});

/** Nothing beside the database says where it ended. */
const unanchored = (): Store => ({ ...memoryStore(), anchor: () => undefined });

async function written(drafts: readonly RecordDraft[], store = unanchored()): Promise<Store> {
  const journal = await openJournal(store);
  for (const one of drafts) journal.add(one);
  await journal.flush();
  return store;
}

const corrupt = (says: RegExp) => expect.objectContaining({ code: 'JOURNAL_CORRUPT', message: expect.stringMatching(says) });

/** Another record at its place, its index row with it. */
async function replace(store: Store, seq: number, change: (record: JournalRecord) => JournalRecord): Promise<void> {
  const record = change(decodeRecord(store.get(recordKey(seq)) as Uint8Array));
  const bytes = encodeRecord(record);
  await store.write([
    { type: 'put', key: recordKey(seq), value: bytes },
    { type: 'put', key: streamKey(record.stream, seq), value: recordHash(bytes).slice(0, INDEX_HASH_LENGTH) },
  ]);
}

async function sumOf(store: Store, ...rooms: readonly Parameters<typeof roomRange>[0][]): Promise<bigint> {
  let sum = 0n;
  for (const room of rooms) for await (const [key, value] of store.range(...roomRange(room))) sum = addTerm(sum, rowTerm(key, value));
  return sum;
}

/** Rows written, and a head that sums them up as they are now. */
async function rewrite(store: Store, ops: readonly StoreOp[]): Promise<void> {
  await store.write(ops);
  const [live, slash] = [await sumOf(store, 'live'), await sumOf(store, 'slashEpochs', 'slashParents')];
  const head = { ...(decodeHead(store.get(HEAD_KEY) as Uint8Array) as JournalHead), live, slash };
  await store.write([{ type: 'put', key: HEAD_KEY, value: encodeHead(head) }]);
}

describe('the chain', () => {
  const three = [draft('a', 'one'), draft('b', 'two'), draft('c', 'three')];
  const other = (record: JournalRecord): JournalRecord => ({ ...record, outcome: 'another' });

  it('a record in the middle that is another, of a stream that has ended: by what the next one names', async () => {
    const store = await written(three);
    await replace(store, 1, other);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/record 2: it does not name the record before it/));
    await expect(openJournal(store)).rejects.toEqual(corrupt(/record 2: it does not name the record before it/));
  });

  it('the first record that is another: by what the second names', async () => {
    const store = await written(three);
    await replace(store, 0, other);
    await expect(openJournal(store)).rejects.toEqual(corrupt(/record 1: it does not name the record before it/));
  });

  it('a record that says another was the first', async () => {
    const store = await written([draft('a', 'one')]);
    await replace(store, 0, (record) => ({ ...record, prev: new Uint8Array(32).fill(1) }));
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/record 0: it does not name the record before it/));
  });

  it('the last record that is another: by the head', async () => {
    const store = await written(three);
    await replace(store, 2, other);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/record 2: its hash is not the head's/));
    await expect(openJournal(store)).rejects.toEqual(corrupt(/record 2: its hash is not the head's/));
  });

  it('a record that is gone, with its index row: named as missing, with the next that is there', async () => {
    const store = await written(three);
    await store.write([
      { type: 'del', key: recordKey(1) },
      { type: 'del', key: streamKey('b', 1) },
    ]);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/record 1: it is missing; the next that is there is 2/));
    await expect(openJournal(store)).rejects.toEqual(corrupt(/record 1: it is missing; the next that is there is 2/));
  });
});

describe('the rows of the streams that go on', () => {
  const live = (stream: string, value: readonly Value[]): StoreOp => ({ type: 'put', key: liveKey(stream), value: encodeValue(value) });

  it('one that names another hash: at every opening', async () => {
    const store = await written([draft('a'), draft('b')]);
    await rewrite(store, [live('a', [0, new Uint8Array(32)])]);
    await expect(openJournal(store)).rejects.toEqual(corrupt(/record 0: the last of a is changed/));
  });

  it('one that names a record that never was', async () => {
    const store = await written([draft('a'), draft('b')]);
    await rewrite(store, [live('a', [7, new Uint8Array(32)])]);
    await expect(openJournal(store)).rejects.toEqual(corrupt(/record 7: the last of a is missing/));
  });

  it('one that names an older record of its stream: by verify', async () => {
    const store = await written([draft('a'), draft('a')]);
    const hash = recordHash(store.get(recordKey(0)) as Uint8Array);
    await rewrite(store, [live('a', [0, hash])]);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/record 1: a goes on after it, and its row does not say so/));
  });

  it('one of a stream that has ended: by verify', async () => {
    const store = await written([draft('a'), draft('b', 'over')]);
    await rewrite(store, [live('b', [1, recordHash(store.get(recordKey(1)) as Uint8Array)])]);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/2 streams are said to go on, and 1 do/));
  });

  it('one that is not there', async () => {
    const store = await written([draft('a'), draft('b')]);
    await rewrite(store, [{ type: 'del', key: liveKey('a') }]);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/record 0: a goes on after it, and its row does not say so/));
    expect(decodeLiveRow(store.get(liveKey('b')) as Uint8Array).seq).toBe(1);
  });
});

describe('the bytes that a record names', () => {
  it('are held against their hash by whoever reads them', async () => {
    const store = unanchored();
    const journal = await openJournal(store);
    await bindOne(journal, 5);
    for await (const [key, value] of store.range(...roomRange('blobs'))) {
      expect(journal.blob(key.subarray(1))).toEqual(value);
      await store.write([{ type: 'put', key, value: value.map((byte, i) => (i === 3 ? byte ^ 1 : byte)) }]);
      expect(() => journal.blob(key.subarray(1))).toThrow(corrupt(/are not what their hash says/));
    }
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/are not what their hash says/));
  });
});

describe('the rows of the slash filter', () => {
  async function bound(): Promise<Store> {
    const store = unanchored();
    const journal = await openJournal(store);
    await bindOne(journal, 5);
    return store;
  }

  const rooms = ['slashEpochs', 'slashParents'] as const;

  it.each(rooms)('one of %s that has another CID: by verify', async (room) => {
    const store = await bound();
    const [entry] = await entriesOf(store, room);
    const [key, value] = entry as readonly [Uint8Array, Uint8Array];
    const fields = decodeValue(value) as unknown as Value[];
    fields[1] = cidOf(fromUtf8('another')).bytes;
    await rewrite(store, [{ type: 'put', key, value: encodeValue(fields) }]);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/the slash filter has .* for a block that was bound as another/));
  });

  it.each(rooms)('one of %s that is not there: by verify', async (room) => {
    const store = await bound();
    const [entry] = await entriesOf(store, room);
    await rewrite(store, [{ type: 'del', key: (entry as readonly [Uint8Array, Uint8Array])[0] }]);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/the slash filter has 1 rows, and 2 were bound/));
  });

  it.each(rooms)('one of %s more than was bound: by verify', async (room) => {
    const store = await bound();
    const [entry] = await entriesOf(store, room);
    const [key, value] = entry as readonly [Uint8Array, Uint8Array];
    const beside = key.map((byte, i) => (i === key.length - 1 ? byte ^ 0x40 : byte));
    await rewrite(store, [{ type: 'put', key: beside, value }]);
    await expect(verifyJournal(store)).rejects.toEqual(corrupt(/a row of the slash filter for .* is not under its own key/));
  });
});

async function entriesOf(store: Store, room: Parameters<typeof roomRange>[0]): Promise<(readonly [Uint8Array, Uint8Array])[]> {
  const entries: (readonly [Uint8Array, Uint8Array])[] = [];
  for await (const entry of store.range(...roomRange(room))) entries.push(entry);
  return entries;
}

describe('a batch', () => {
  it('is asked of LevelDB with sync, each of them: what a power cut takes is no failure that a test can make', async () => {
    const asked: unknown[] = [];
    const batch = Level.prototype.batch as unknown as (...args: readonly unknown[]) => { write(options: object): Promise<void> };
    const spy = vi.spyOn(Level.prototype, 'batch').mockImplementation(function (this: unknown, ...args: readonly unknown[]) {
      const made = batch.apply(this, [...args]);
      const write = made.write.bind(made);
      made.write = (options) => {
        asked.push(options);
        return write(options);
      };
      return made as never;
    } as never);
    try {
      const store = await openLevelStore(temporaryFolder());
      const journal = await openJournal(store);
      for (const one of [draft('a'), draft('a', 'over')]) {
        journal.add(one);
        await journal.flush();
      }
      await journal.close();
    } finally {
      spy.mockRestore();
    }
    expect(asked).toEqual([{ sync: true }, { sync: true }]);
  });
});
