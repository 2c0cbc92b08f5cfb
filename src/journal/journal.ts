/** The journal: records in a hash chain without gaps, what they name beside them, the slash rows; each batch on disk whole before anybody hears of it (architecture.md 6). */

import { equalBytes, toHex } from '../chain/bytes.ts';
import { MineOneError } from '../chain/error.ts';
import type { Store, StoreOp } from '../ports/store.ts';
import { blobKey, HEAD_KEY, recordKey, seqOfKey, sharedKey, streamKey } from './keys.ts';
import { decodeRecord, encodeRecord, HASH_LENGTH, type JournalRecord, RECORD_VERSION, recordHash, sha256 } from './record.ts';
import { type SharedStore, sharedStore } from './shared-values.ts';
import { type SlashRows, slashRows } from './slash-rows.ts';
import { decodeValue, encodeValue, type Value } from './value.ts';

/** A record before it has its place in the chain. */
export type RecordDraft = Omit<JournalRecord, 'v' | 'seq' | 'prev' | 'back'>;

export interface Journal {
  /** Seq of the next record. */
  next(): number;
  /** SHA-256 of the last record; zeros when there is none. */
  headHash(): Uint8Array;
  readonly shared: SharedStore;
  readonly slash: SlashRows;
  /** Gives a record its place; it is written with the next {@link flush}. */
  add(draft: RecordDraft): JournalRecord;
  /** One synced batch of all that was added, with blobs, shared values, index, head and slash rows. When it rejects nobody knows what is on disk: close, and open again. */
  flush(): Promise<void>;
  /** Records from a seq on, those on disk when it is called; checked against the chain as they come. */
  records(from?: number): AsyncIterable<StoredRecord>;
  /** Records of one stream. */
  stream(name: string): AsyncIterable<StoredRecord>;
  blob(hash: Uint8Array): Uint8Array;
  close(): Promise<void>;
}

export interface StoredRecord {
  readonly record: JournalRecord;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

interface Head {
  readonly seq: number;
  readonly hash: Uint8Array;
}

const SEQ_END = Number.MAX_SAFE_INTEGER;
const NO_HASH = new Uint8Array(HASH_LENGTH);

/** Verifies the whole chain; throws `JOURNAL_CORRUPT` naming the record, never mends. */
export async function openJournal(store: Store): Promise<Journal> {
  const shared = sharedStore((hash) => store.get(sharedKey(hash)));
  const slash = slashRows((key) => store.get(key));
  const read = (key: Uint8Array, bytes: Uint8Array): StoredRecord => readRecord(key, bytes, shared);
  /** Hash of the last record of every stream that has not ended. */
  const backs = new Map<string, Uint8Array>();
  let head = await verifiedHead(store, read, ({ record, hash: last }) => (record.outcome === null ? backs.set(record.stream, last) : backs.delete(record.stream)));
  let pending: StoreOp[] = [];
  let hash = head?.hash ?? NO_HASH;
  let seq = (head?.seq ?? -1) + 1;
  return {
    next: () => seq,
    headHash: () => hash,
    shared,
    slash,
    add(draft) {
      const back = backs.get(draft.stream) ?? null;
      const record: JournalRecord = { v: RECORD_VERSION, seq, prev: hash, back, ...draft };
      const bytes = encodeRecord(record, shared);
      hash = recordHash(bytes);
      backs.set(draft.stream, hash);
      if (draft.outcome !== null) backs.delete(draft.stream);
      pending.push({ type: 'put', key: recordKey(seq), value: bytes }, { type: 'put', key: streamKey(draft.stream, seq), value: hash });
      seq++;
      return record;
    },
    async flush() {
      if (pending.length === 0) return;
      const { values, blobs } = shared.takeUnsaved();
      const ops: StoreOp[] = [
        ...values.map((kept): StoreOp => ({ type: 'put', key: sharedKey(kept.hash), value: kept.bytes })),
        ...blobs.map((kept): StoreOp => ({ type: 'put', key: blobKey(kept.hash), value: kept.bytes })),
        ...slash.takeUnsaved().map((row): StoreOp => ({ type: 'put', ...row })),
        ...pending,
        { type: 'put', key: HEAD_KEY, value: encodeValue([seq - 1, hash]) },
      ];
      pending = [];
      await store.write(ops);
      head = { seq: seq - 1, hash };
    },
    async *records(from = 0) {
      yield* chained(store, read, from, head);
    },
    async *stream(name) {
      for await (const [key] of store.range(streamKey(name, 0), streamKey(name, SEQ_END))) {
        const at = recordKey(seqOfKey(key));
        const bytes = store.get(at);
        if (bytes === undefined) throw corrupt(seqOfKey(key), 'it is named by its stream and is not there');
        yield read(at, bytes);
      }
    },
    blob(hashOfBlob) {
      const bytes = store.get(blobKey(hashOfBlob));
      if (bytes === undefined) throw new MineOneError('JOURNAL_BLOB_MISSING', `the bytes ${toHex(hashOfBlob)} that a record names are not in the journal`);
      if (!equalBytes(sha256(bytes), hashOfBlob)) throw new MineOneError('JOURNAL_CORRUPT', `the bytes ${toHex(hashOfBlob)} are not what their hash says`);
      return bytes;
    },
    close: () => store.close(),
  };
}

async function verifiedHead(store: Store, read: (key: Uint8Array, bytes: Uint8Array) => StoredRecord, each: (stored: StoredRecord) => void): Promise<Head | undefined> {
  const stored = store.get(HEAD_KEY);
  const last = await store.last(recordKey(0), recordKey(SEQ_END));
  if (stored === undefined && last === undefined) return undefined;
  if (stored === undefined || last === undefined) throw corrupt(last === undefined ? 0 : seqOfKey(last[0]), 'records and their head are not both there');
  const [seq, hash] = decodeValue(stored) as readonly [number, Uint8Array];
  if (seqOfKey(last[0]) !== seq) throw corrupt(seq, `the last record is ${seqOfKey(last[0])}, the head says ${seq}`);
  const head = { seq, hash };
  for await (const stored of chained(store, read, 0, head)) each(stored);
  return head;
}

/** Records from `from` to the head, each at its seq, each naming the one before it, the last with the head's hash. */
async function* chained(store: Store, read: (key: Uint8Array, bytes: Uint8Array) => StoredRecord, from: number, head: Head | undefined): AsyncGenerator<StoredRecord> {
  if (head === undefined) return;
  let expected = from;
  let before: Uint8Array | undefined = from === 0 ? NO_HASH : undefined;
  for await (const [key, bytes] of store.range(recordKey(from), recordKey(head.seq + 1))) {
    if (seqOfKey(key) !== expected) throw corrupt(expected, `it is missing; the next that is there is ${seqOfKey(key)}`);
    const stored = read(key, bytes);
    if (before !== undefined && !equalBytes(stored.record.prev, before)) throw corrupt(expected, 'it does not name the record before it');
    yield stored;
    before = stored.hash;
    expected++;
  }
  if (expected !== head.seq + 1) throw corrupt(expected, `it is missing; the head is at ${head.seq}`);
  if (before === undefined || !equalBytes(before, head.hash)) throw corrupt(head.seq, "its hash is not the head's");
}

function readRecord(key: Uint8Array, bytes: Uint8Array, shared: SharedStore): StoredRecord {
  const seq = seqOfKey(key);
  try {
    const record = decodeRecord(bytes, shared);
    if (record.seq !== seq) throw corrupt(seq, `it says it is ${record.seq}`);
    return { record, bytes, hash: recordHash(bytes) };
  } catch (error) {
    if (error instanceof MineOneError && error.code.startsWith('JOURNAL_')) throw error;
    throw corrupt(seq, `it cannot be read: ${(error as Error).message}`);
  }
}

function corrupt(seq: number, what: string): MineOneError {
  return new MineOneError('JOURNAL_CORRUPT', `record ${seq}: ${what}; nothing is mined on a broken journal: keep the folder, restore a copy, or begin a new one beside it`);
}

/** Values of a record's input with their long byte strings beside it, and decoded again: what is stepped is what a replay will read. */
export function settled(shared: SharedStore, value: Value): Value {
  return decodeValue(encodeValue(shared.withoutBlobs(value), shared), shared);
}
