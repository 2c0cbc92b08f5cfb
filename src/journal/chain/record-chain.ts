/**
 * Reads records out of a store and holds each against its place: its key, the record before it in the journal, and the
 * one before it in its stream.
 */

import { equalBytes, toHex } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { Store } from '../../ports/store.ts';
import { recordKey, SEQ_END, seqOfKey, streamKey } from '../format/keys.ts';
import { type Checkpoint, decodeRecord, type JournalRecord, recordHash } from '../format/record.ts';
import { HASH_LENGTH } from '../format/sha256.ts';
import type { SharedValues } from '../format/value.ts';
import { corrupt, corruptRow } from './corrupt.ts';
import type { JournalHead } from './head.ts';
import type { SharedStore } from './shared-values.ts';

export interface StoredRecord {
  readonly record: JournalRecord;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** A stream's index names each record by the beginning of its hash; the chain has it whole. */
export const INDEX_HASH_LENGTH = 8;
export const NO_HASH = new Uint8Array(HASH_LENGTH);

/** Whether a stream's actor is gone with this record: what comes after it under the same name begins anew. */
export function endsStream({ outcome, input }: Pick<JournalRecord, 'outcome' | 'input'>): boolean {
  return outcome !== null || input.type === 'abandoned';
}

/** Throws `JOURNAL_CORRUPT` naming the record; `JOURNAL_VERSION` for one that a later MineOne wrote. */
export function readRecord(seq: number, bytes: Uint8Array, shared: SharedValues): StoredRecord {
  let record: JournalRecord;
  try {
    record = decodeRecord(bytes, shared);
  } catch (error) {
    if (error instanceof MineOneError && error.code === 'JOURNAL_VERSION') {
      const otherwise = 'run that MineOne; if none ever ran here the record is damaged: keep the folder as it is, and restore a whole copy of it';
      throw new MineOneError('JOURNAL_VERSION', `record ${seq}: ${error.message}; ${otherwise}`, { cause: error });
    }
    throw corrupt(seq, `it cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (record.seq !== seq) throw corrupt(seq, `it says it is ${record.seq}`);
  return { record, bytes, hash: recordHash(bytes) };
}

/** Where a chain begins: `prev` is what its first record names. */
export type Beginning = Pick<Checkpoint, 'first' | 'prev'>;

/**
 * Records from `from`, or where the chain begins, to the head, each at its seq, each naming the one before it, the last
 * with the head's hash. Throws `JOURNAL_CORRUPT`.
 */
export async function* chained(store: Store, shared: SharedStore, begin: Beginning, from: number, head: JournalHead | undefined): AsyncGenerator<StoredRecord> {
  let expected = Math.max(from, begin.first);
  if (head === undefined || expected > head.seq) return;
  let before: Uint8Array | undefined = expected === begin.first ? begin.prev : undefined;
  const entries = store.range(recordKey(expected), recordKey(head.seq + 1))[Symbol.asyncIterator]();
  try {
    for (let next = await nextEntry(entries, expected); next !== undefined; next = await nextEntry(entries, expected)) {
      const [key, bytes] = next;
      if (seqOfKey(key) !== expected) throw corrupt(expected, `it is missing; the next that is there is ${seqOfKey(key)}`);
      const stored = readRecord(expected, bytes, shared);
      if (before !== undefined && !equalBytes(stored.record.prev, before))
        throw corrupt(expected, 'it does not name the record before it: one of the two was changed');
      if (expected === head.seq && !equalBytes(stored.hash, head.hash)) throw corrupt(head.seq, "its hash is not the head's");
      yield stored;
      before = stored.hash;
      expected++;
    }
  } finally {
    await entries.return?.();
  }
  if (expected !== head.seq + 1) throw corrupt(expected, `it is missing; the head is at ${head.seq}`);
}

type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** The next entry; where the store cannot read on, the error names the record that should come. */
async function nextEntry(entries: AsyncIterator<Entry>, expected: number): Promise<Entry | undefined> {
  try {
    const { value, done } = await entries.next();
    return done === true ? undefined : value;
  } catch (error) {
    throw corrupt(expected, `the store cannot read it: ${(error as Error).message}`, { cause: error });
  }
}

export interface StreamAsked {
  readonly name: string;
  /**
   * Seq from which the journal's records are kept, and the hash of the stream's record before it: `null` where it has
   * none.
   */
  readonly first: number;
  readonly before: Uint8Array | null;
  /** Hash of its last record, where that is known. */
  readonly last: Uint8Array | undefined;
  /** What a record is that is named and not there: one that was just given up, or lost. */
  readonly missing: (seq: number) => MineOneError;
}

/** Records of one stream in order, each with the hash that its index says and naming the one before it. */
export async function* streamed(store: Store, shared: SharedStore, asked: StreamAsked): AsyncGenerator<StoredRecord> {
  const { name, first, last, missing } = asked;
  let { before } = asked;
  for await (const [key, indexed] of store.range(streamKey(name, first), streamKey(name, SEQ_END))) {
    const seq = seqOfKey(key);
    const bytes = store.get(recordKey(seq));
    if (bytes === undefined) throw missing(seq);
    const stored = readRecord(seq, bytes, shared);
    if (stored.record.stream !== name) throw corrupt(seq, `it is of ${stored.record.stream}; ${name} names it`);
    if (!equalBytes(stored.hash.subarray(0, INDEX_HASH_LENGTH), indexed)) throw corrupt(seq, `its hash is not the one that ${name} names`);
    if (!isBack(stored.record.back, before)) throw corrupt(seq, `it does not name the record of ${name} before it`);
    yield stored;
    before = endsStream(stored.record) ? null : stored.hash;
  }
  if (last !== undefined && !isBack(last, before)) throw corruptRow(`the last record of ${name}, ${toHex(last)}, is not where its index ends`);
}

export function isBack(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}
