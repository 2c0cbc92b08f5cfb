/**
 * Takes away what the journal's checkpoint gave up: the values and bytes that no kept record names, then the records.
 * Ended anywhere, it goes on with the next call: as long as one of those records is there, something may be left to do,
 * and where none is nothing is read (docs/architecture.md 6).
 */

import type { StoreOp } from '../ports/store.ts';
import { nameFilter } from './chain/name-filter.ts';
import { NAMING, namesIn } from './chain/named.ts';
import type { Forgotten } from './chain/shared-values.ts';
import { recordKey, roomRange, SEQ_END, seqOfKey, streamKey } from './format/keys.ts';
import { decodeRecord } from './format/record.ts';
import type { Journal } from './journal.ts';

export interface Removed {
  readonly records: number;
  /** Shared values and blobs. */
  readonly values: number;
}

/** Rows to a batch: small, for other batches wait behind it. */
const BATCH = 500;

/** Removes at any time, beside whoever writes. Throws what the store throws; what is removed by then stays so. */
export async function removeGiven(journal: Journal): Promise<Removed> {
  const { first } = journal.checkpoint();
  if (!(await hasGiven(journal, first))) return { records: 0, values: 0 };
  const unwatch = journal.shared.watch();
  let values: number;
  try {
    values = await removeUnnamed(journal, first);
  } finally {
    unwatch();
  }
  return { records: await removeRecords(journal, first), values };
}

async function hasGiven({ store }: Journal, first: number): Promise<boolean> {
  for await (const _ of store.range(recordKey(0), recordKey(first))) return true;
  return false;
}

async function removeRecords({ store }: Journal, first: number): Promise<number> {
  let removed = 0;
  let ops: StoreOp[] = [];
  for await (const [key, bytes] of store.range(recordKey(0), recordKey(first))) {
    ops.push({ type: 'del', key }, { type: 'del', key: streamKey(decodeRecord(bytes, NAMING).stream, seqOfKey(key)) });
    removed++;
    if (ops.length < BATCH) continue;
    await store.write(ops);
    ops = [];
  }
  if (ops.length > 0) await store.write(ops);
  if (removed > 0) await store.compact(recordKey(0), recordKey(first));
  return removed;
}

/** Whatever is written meanwhile names only what is watched, and that stays. */
async function removeUnnamed(journal: Journal, first: number): Promise<number> {
  const { store, shared } = journal;
  const named = nameFilter();
  for await (const [, bytes] of store.range(recordKey(first), recordKey(SEQ_END))) for (const hash of namesIn(bytes)) named.add(hash);
  // Values name values: what a kept one names is kept.
  for (let grown = true; grown; ) {
    grown = false;
    for await (const [key, bytes] of store.range(...roomRange('shared')))
      if (named.has(key.subarray(1))) for (const hash of namesIn(bytes)) grown = named.add(hash) || grown;
  }
  let removed = 0;
  let gone: Forgotten[] = [];
  const flush = async (): Promise<void> => {
    shared.forget(gone);
    removed += gone.length;
    gone = [];
    await journal.flush();
  };
  for (const room of ['shared', 'blobs'] as const) {
    for await (const [key] of store.range(...roomRange(room))) {
      if (named.has(key.subarray(1))) continue;
      if (gone.push({ room, hash: key.slice(1) }) === BATCH) await flush();
    }
    if (gone.length > 0) await flush();
  }
  return removed;
}
