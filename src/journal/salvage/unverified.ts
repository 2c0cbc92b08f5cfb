/**
 * A damaged journal as far as it can be read: each record by itself, and what is missing between them. Nothing is
 * verified: for looking at, never for mining or replay.
 */

import { equalBytes, toHex } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { Store } from '../../ports/store.ts';
import { checkpointOf, WHOLE } from '../chain/checkpoint.ts';
import { corruptRow } from '../chain/corrupt.ts';
import { decodeHead } from '../chain/head.ts';
import { endsStream, isBack, NO_HASH, readRecord, type StoredRecord } from '../chain/record-chain.ts';
import { blobKey, HEAD_KEY, recordKey, roomRange, SEQ_END, seqOfKey, sharedKey, streamOfKey } from '../format/keys.ts';
import type { Checkpoint } from '../format/record.ts';
import { sha256 } from '../format/sha256.ts';
import type { Value } from '../format/value.ts';
import type { Journal } from '../journal.ts';
import { type Lossy, lossyValues } from './lossy-values.ts';
import { salvage } from './salvage.ts';

/** What reading found to be missing or other than it was written; all empty where nothing was. */
export interface Damage {
  /** Of the database's files, in words. */
  readonly files: readonly string[];
  /** Seqs, first and last, of records that are not there. */
  readonly missing: readonly (readonly [from: number, to: number])[];
  /** Seqs of records that are there and cannot be read. */
  readonly unreadable: readonly number[];
  /**
   * Seqs of records that name a value that is lost, or one that was changed: they are told with `null` in its place.
   */
  readonly partial: readonly number[];
  /** Seqs of records that do not name the one before them. */
  readonly changed: readonly number[];
  /** Streams that lack a record or a value, or have a changed one: `f01000/5`. */
  readonly streams: readonly string[];
}

export interface Unverified extends Pick<Journal, 'records' | 'stream' | 'blob' | 'next' | 'headHash'> {
  readonly damage: Damage;
  /** Where retention left it, by the last checkpoint that can be read. */
  readonly checkpoint: () => Checkpoint;
  /** Streams that go on, as far as the records tell. */
  readonly live: () => { readonly size: number };
}

/**
 * Reads the database of this journal's folder into memory. `known`: values that records may name and that others hold
 * too, each recognised by its hash. Throws `JOURNAL_CORRUPT` where no record of it can be read.
 */
export async function openUnverified(folder: string, known: readonly Value[] = []): Promise<Unverified> {
  const { store, lost } = await salvage(`${folder}/db`);
  const values = lossyValues((hash) => store.get(sharedKey(hash)), known);
  async function* read(from = 0): AsyncGenerator<Lossy<StoredRecord>> {
    for await (const [key, bytes] of store.range(recordKey(from), recordKey(SEQ_END))) {
      const stored = readable(() => values.noticing((shared) => readRecord(seqOfKey(key), bytes, shared)));
      if (stored !== null) yield stored;
    }
  }
  async function* records(from = 0): AsyncGenerator<StoredRecord> {
    for await (const { value } of read(from)) yield value;
  }
  const { damage, last, live, checkpoint } = await look(store, lost, read);
  if (last === null) throw corruptRow(`no record of the journal in ${folder} can be read${lost.length === 0 ? '' : `: ${lost.join('; ')}`}`);
  return {
    damage,
    records,
    async *stream(name) {
      for await (const stored of records()) if (stored.record.stream === name) yield stored;
    },
    blob(hash) {
      const bytes = store.get(blobKey(hash));
      if (bytes === undefined || !equalBytes(sha256(bytes), hash))
        throw new MineOneError('JOURNAL_BLOB_MISSING', `the bytes ${toHex(hash)} that a record names cannot be read`);
      return bytes;
    },
    next: () => last.record.seq + 1,
    headHash: () => last.hash,
    checkpoint: () => checkpoint,
    live: () => ({ size: live }),
  };
}

function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

interface Looked {
  readonly damage: Damage;
  readonly last: StoredRecord | null;
  readonly live: number;
  readonly checkpoint: Checkpoint;
}

async function look(store: Store, files: readonly string[], read: (from?: number) => AsyncIterable<Lossy<StoredRecord>>): Promise<Looked> {
  const checkpoint = await checkpointIn(read);
  const { first, streams: cut } = checkpoint;
  const seqs = new Set<number>();
  const [partial, changed, streams] = [[] as number[], [] as number[], new Set<string>()];
  const lasts = new Map(cut.map(({ stream, hash }) => [stream, hash]));
  let last: StoredRecord | null = null;
  for await (const { value: stored, isWhole } of read(first)) {
    const { record, hash } = stored;
    seqs.add(record.seq);
    if (!isWhole) {
      partial.push(record.seq);
      streams.add(record.stream);
    }
    if (last !== null && last.record.seq + 1 === record.seq && !equalBytes(record.prev, last.hash)) {
      changed.push(record.seq);
      for (const { stream } of [last.record, record]) streams.add(stream);
    }
    if (!isBack(record.back, lasts.get(record.stream) ?? null)) streams.add(record.stream);
    if (endsStream(record)) lasts.delete(record.stream);
    else lasts.set(record.stream, hash);
    last = stored;
  }
  const head = readable(() => decodeHead(store.get(HEAD_KEY) ?? NO_HASH));
  const gaps = await gapsIn(store, seqs, { first, last: Math.max(head?.seq ?? -1, last?.record.seq ?? -1) });
  for await (const [key] of store.range(...roomRange('streams'))) {
    const { stream, seq } = streamOfKey(key);
    if (seq >= first && !seqs.has(seq)) streams.add(stream);
  }
  return { damage: { files, ...gaps, partial, changed, streams: [...streams].sort() }, last, live: lasts.size, checkpoint };
}

/** The last that can be read as a whole: what retention gave up is missing to nobody. */
async function checkpointIn(read: () => AsyncIterable<Lossy<StoredRecord>>): Promise<Checkpoint> {
  let found = WHOLE;
  for await (const { value, isWhole } of read()) found = (isWhole ? checkpointOf(value.record) : null) ?? found;
  return found;
}

async function gapsIn(
  store: Store,
  seqs: ReadonlySet<number>,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<Pick<Damage, 'missing' | 'unreadable'>> {
  const missing: [number, number][] = [];
  const unreadable: number[] = [];
  for (let seq = first; seq <= last; seq++) {
    if (seqs.has(seq)) continue;
    const gap = missing.at(-1);
    if (store.get(recordKey(seq)) !== undefined) unreadable.push(seq);
    else if (gap !== undefined && gap[1] === seq - 1) gap[1] = seq;
    else missing.push([seq, seq]);
  }
  return { missing, unreadable };
}
