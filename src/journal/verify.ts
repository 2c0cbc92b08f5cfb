/**
 * Verifies a whole journal: every record, every row that agrees or should agree with one, and everything that a record
 * names (docs/architecture.md 6).
 */

import { CALL_ARGUMENT } from '../chain/argument.ts';
import { equalBytes, toHex } from '../chain/encoding/bytes.ts';
import type { MineOneError } from '../errors/mineone-error.ts';
import type { Store } from '../ports/store.ts';
import { corrupt, corruptRow } from './chain/corrupt.ts';
import type { LiveRow } from './chain/live-rows.ts';
import { namedBy } from './chain/named.ts';
import { chained, endsStream, INDEX_HASH_LENGTH, isBack, NO_HASH, type StoredRecord } from './chain/record-chain.ts';
import { type SharedStore, sharedStore } from './chain/shared-values.ts';
import { blobKey, EVERYTHING, HEAD_KEY, type Room, roomOfKey, roomRange, seqOfKey, sharedKey, streamKey } from './format/keys.ts';
import { sha256 } from './format/sha256.ts';
import { type Ground, openGround } from './open-checks.ts';
import { verifySlashRows } from './slash/slash-checks.ts';
import { type SlashFold, slashFold } from './slash/slash-fold.ts';
import { checkStore } from './store/given-store.ts';

export interface VerifyReport {
  readonly records: number;
  /** Seq of the first of them: 0 where nothing was given up. */
  readonly first: number;
  /** Rows that were given up and are there still, because something ended their removal; the next goes on with it. */
  readonly given: number;
  /** Streams that go on. */
  readonly live: number;
  readonly blobs: number;
  readonly shared: number;
  /** Blocks that were bound. */
  readonly bound: number;
  /** SHA-256 of the last record. */
  readonly headHash: Uint8Array;
  /** What nobody could look at. */
  readonly warnings: readonly MineOneError[];
}

/**
 * Reads everything; mends nothing. Throws `JOURNAL_CORRUPT` for the first thing that is not as it was written, naming
 * it.
 */
export async function verifyJournal(store: Store): Promise<VerifyReport> {
  checkStore('verifyJournal', CALL_ARGUMENT, 'store', store);
  const shared = sharedStore((hash) => store.get(sharedKey(hash)));
  const ground = await openGround(store, shared);
  const { head, live, checkpoint } = ground;
  const bound = await verifyRecords(store, shared, ground);
  const counts = await countRooms(store, checkpoint.first);
  const records = (head?.seq ?? -1) + 1 - checkpoint.first;
  if (counts.streams !== records) throw corruptRow(`${counts.streams} rows name the records of the streams, and there are ${records} records`);
  await verifyHashed(store, 'blobs');
  await verifyHashed(store, 'shared');
  await verifySlashRows(store, bound, checkpoint);
  return {
    records,
    first: checkpoint.first,
    given: counts.given,
    live: live.rows.size,
    blobs: counts.blobs,
    shared: counts.shared,
    bound: counts.slashEpochs,
    headHash: head?.hash ?? NO_HASH,
    warnings: ground.warnings,
  };
}

/** Gives what the records make of the slash filter. */
async function verifyRecords(store: Store, shared: SharedStore, { head, live, checkpoint }: Ground): Promise<SlashFold> {
  const lasts = new Map<string, LiveRow>(checkpoint.streams.map(({ stream, seq, hash }) => [stream, { seq, hash }]));
  const fold = slashFold();
  const known = new Set<string>();
  for await (const stored of chained(store, shared, checkpoint, 0, head)) {
    const { record, hash } = stored;
    const indexed = store.get(streamKey(record.stream, record.seq));
    if (indexed === undefined || !equalBytes(indexed, hash.subarray(0, INDEX_HASH_LENGTH)))
      throw corrupt(record.seq, `the index of ${record.stream} does not name it`);
    if (!isBack(record.back, lasts.get(record.stream)?.hash ?? null)) throw corrupt(record.seq, `it does not name the record of ${record.stream} before it`);
    if (endsStream(record)) lasts.delete(record.stream);
    else lasts.set(record.stream, { seq: record.seq, hash });
    verifyNamed(store, stored, known);
    fold.take(record);
  }
  for (const [stream, { seq, hash }] of lasts) {
    const row = live.rows.get(stream);
    if (row === undefined || row.seq !== seq || !equalBytes(row.hash, hash)) throw corrupt(seq, `${stream} goes on after it, and its row does not say so`);
  }
  if (live.rows.size !== lasts.size) throw corruptRow(`${live.rows.size} streams are said to go on, and ${lasts.size} do`);
  return fold;
}

function verifyNamed(store: Store, { record, bytes }: StoredRecord, known: Set<string>): void {
  const visit = (holder: Uint8Array): void => {
    const { shared, blobs } = namedBy(holder);
    for (const hash of blobs) if (store.get(blobKey(hash)) === undefined) throw corrupt(record.seq, `the bytes ${toHex(hash)} that it names are missing`);
    for (const hash of shared) {
      if (known.has(toHex(hash))) continue;
      known.add(toHex(hash));
      const value = store.get(sharedKey(hash));
      if (value === undefined) throw corrupt(record.seq, `the value ${toHex(hash)} that it names is missing`);
      visit(value);
    }
  };
  visit(bytes);
}

/** Every row under the hash of its bytes, whether a record names it or none does. */
async function verifyHashed(store: Store, room: 'blobs' | 'shared'): Promise<void> {
  for await (const [key, bytes] of store.range(...roomRange(room))) {
    if (!equalBytes(sha256(bytes), key.subarray(1)))
      throw corruptRow(`the ${room === 'blobs' ? 'bytes' : 'value'} ${toHex(key.subarray(1))} are not what their hash says`);
  }
}

async function countRooms(store: Store, first: number): Promise<Readonly<Record<Room | 'given', number>>> {
  const counts: Record<Room | 'given', number> = { records: 0, streams: 0, blobs: 0, shared: 0, slashEpochs: 0, slashParents: 0, live: 0, meta: 0, given: 0 };
  for await (const [key] of store.range(...EVERYTHING)) {
    const room = roomOfKey(key);
    if (room === undefined || (room === 'meta' && !equalBytes(key, HEAD_KEY))) throw corruptRow(`a row under the key ${toHex(key)}, which no journal has`);
    counts[(room === 'records' || room === 'streams') && seqOfKey(key) < first ? 'given' : room]++;
  }
  return counts;
}
