/** Verifies a whole journal: every record, every row that agrees or should agree with one, and everything that a record names (docs/architecture.md 6). */

import { equalBytes, toHex } from '../chain/bytes.ts';
import type { MineOneError } from '../chain/error.ts';
import type { Store } from '../ports/store.ts';
import { bindsOf } from './bind-made.ts';
import { corrupt, corruptRow } from './corrupt.ts';
import { addTerm, rowTerm } from './head.ts';
import { blobKey, EVERYTHING, HEAD_KEY, type Room, roomOfKey, roomRange, seqOfKey, sharedKey, slashEpochKey, slashParentsKey, streamKey } from './keys.ts';
import type { LiveRow } from './live-rows.ts';
import { namedBy } from './named.ts';
import { type Ground, openGround } from './open-checks.ts';
import type { Checkpoint } from './record.ts';
import { chained, endsStream, INDEX_HASH_LENGTH, isBack, NO_HASH, type StoredRecord } from './record-chain.ts';
import { sha256 } from './sha256.ts';
import { type SharedStore, sharedStore } from './shared-values.ts';
import { decodeSlashRow, parentsHash } from './slash-rows.ts';

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

/** Reads everything; mends nothing. Throws `JOURNAL_CORRUPT` for the first thing that is not as it was written, naming it. */
export async function verifyJournal(store: Store): Promise<VerifyReport> {
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

interface Bound {
  /** The slash rows that there must be, by their keys, with the CID of each. */
  readonly rows: ReadonlyMap<string, Uint8Array>;
  /** Records of turns that threw: what such a turn had bound before stays bound. */
  readonly poisoned: ReadonlySet<number>;
}

async function verifyRecords(store: Store, shared: SharedStore, { head, live, checkpoint }: Ground): Promise<Bound> {
  const poisoned = new Set<number>();
  const lasts = new Map<string, LiveRow>(checkpoint.streams.map(({ stream, seq, hash }) => [stream, { seq, hash }]));
  const bound = new Map<string, Uint8Array>();
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
    if (record.input.type === 'poison') poisoned.add(record.seq);
    for (const { minerId, epoch, cid, parents } of bindsOf(record)) {
      bound.set(toHex(slashEpochKey(minerId, epoch)), cid.bytes);
      bound.set(toHex(slashParentsKey(minerId, parentsHash(parents))), cid.bytes);
    }
  }
  for (const [stream, { seq, hash }] of lasts) {
    const row = live.rows.get(stream);
    if (row === undefined || row.seq !== seq || !equalBytes(row.hash, hash)) throw corrupt(seq, `${stream} goes on after it, and its row does not say so`);
  }
  if (live.rows.size !== lasts.size) throw corruptRow(`${live.rows.size} streams are said to go on, and ${lasts.size} do`);
  return { rows: bound, poisoned };
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

/** Rows of before the checkpoint are those that it summed up. */
async function verifySlashRows(store: Store, { rows: bound, poisoned }: Bound, { first, slash }: Checkpoint): Promise<void> {
  let rows = 0;
  let before = 0n;
  for (const room of ['slashEpochs', 'slashParents'] as const) {
    for await (const [key, value] of store.range(...roomRange(room))) {
      const { cid, seq, isVoid } = decodeSlashRow(value);
      if (seq < first) {
        if (!isVoid) before = addTerm(before, rowTerm(key, value));
        continue;
      }
      const wanted = bound.get(toHex(key));
      if (wanted === undefined && poisoned.has(seq)) continue;
      if (wanted === undefined) throw corrupt(seq, `a row of the slash filter says that it bound ${cid}, and it did not`);
      if (!equalBytes(wanted, cid.bytes)) throw corrupt(seq, `the slash filter has ${cid} for a block that was bound as another`);
      rows++;
    }
  }
  if (before !== slash) throw corruptRow(`the rows of the slash filter from before record ${first} are not those that the checkpoint summed up`);
  if (rows !== bound.size) throw corruptRow(`the slash filter has ${rows} rows, and ${bound.size} were bound`);
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
