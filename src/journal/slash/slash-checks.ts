/**
 * The rows of the slash filter held against the records, field by field: a row that says less than its bind did lets a
 * second block of ours through.
 */

import { equalBytes, fromHex, toHex } from '../../chain/encoding/bytes.ts';
import type { Store } from '../../ports/store.ts';
import { corrupt, corruptRow } from '../chain/corrupt.ts';
import { addTerm, rowTerm } from '../chain/head.ts';
import { readRecord } from '../chain/record-chain.ts';
import type { SharedStore } from '../chain/shared-values.ts';
import { wasBegun } from '../format/begun.ts';
import { recordKey, roomRange, SEQ_END, seqOfKey, streamKey } from '../format/keys.ts';
import type { Checkpoint } from '../format/record.ts';
import { bindsOf } from './bind-made.ts';
import { keysOf, type RowDue, type SlashFold, slashFold } from './slash-fold.ts';
import { decodeSlashRow, encodeSlashRow, type SlashRow } from './slash-rows.ts';

/** Rows older than the records that opening reads whose own record it looks at: the newest of them. */
export const ROWS_HELD = 1000;

/** A row under its key. */
export interface StoredRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly row: SlashRow;
}

/** Every row, each under a key of its own. Throws `JOURNAL_CORRUPT`. */
export async function* storedRows(store: Store): AsyncGenerator<StoredRow> {
  for (const [at, room] of (['slashEpochs', 'slashParents'] as const).entries()) {
    for await (const [key, value] of store.range(...roomRange(room))) {
      const row = readRow(value);
      if (!equalBytes(keysOf(row)[at] as Uint8Array, key)) throw corrupt(row.seq, `a row of the slash filter for ${row.cid} is not under its own key`);
      yield { key, value, row };
    }
  }
}

function readRow(value: Uint8Array): SlashRow {
  try {
    const row = decodeSlashRow(value);
    if (equalBytes(encodeSlashRow(row), value)) return row;
  } catch (error) {
    throw corruptRow(`a row of the slash filter cannot be read: ${(error as Error).message}`);
  }
  throw corruptRow('a row of the slash filter is not written as one is');
}

/**
 * Where a stored row is not the one due; `null` where it is. `begin`: the first record that was folded; a row of before
 * it may name an earlier bind of the same block.
 */
export function rowFault(stored: Uint8Array | undefined, due: RowDue, begin: number): string | null {
  if (stored === undefined) return `the slash filter has no row of ${due.row.cid}, which it bound`;
  if (equalBytes(stored, due.value)) return null;
  const row = readRow(stored);
  if (row.seq < begin && equalBytes(encodeSlashRow({ ...due.row, seq: row.seq }), stored)) return null;
  if (!row.cid.equals(due.row.cid)) return `the slash filter has ${row.cid} for a block that was bound as another, ${due.row.cid}`;
  if (row.isVoid !== due.row.isVoid)
    return row.isVoid ? `the slash filter has ${row.cid} as void, and no record frees its base` : `the slash filter has ${row.cid}, and the fence refused it`;
  return `the slash filter has ${row.cid} with another miner, epoch, parents or record than it was bound with`;
}

/**
 * All rows, by all records since the checkpoint; those of before are the ones that it summed up. Throws
 * `JOURNAL_CORRUPT`.
 */
export async function verifySlashRows(store: Store, { due }: SlashFold, { first, slash }: Checkpoint): Promise<void> {
  let rows = 0;
  let before = 0n;
  for await (const { key, value, row } of storedRows(store)) {
    const wanted = due.get(toHex(key));
    if (wanted !== undefined) {
      const fault = rowFault(value, wanted, first);
      if (fault !== null) throw corrupt(wanted.row.seq, fault);
      rows++;
    } else if (row.seq >= first) throw corrupt(row.seq, `a row of the slash filter says that it bound ${row.cid}, and it did not`);
    if (row.seq < first && !row.isVoid) before = addTerm(before, rowTerm(key, value));
  }
  if (before !== slash) throw corruptRow(`the rows of the slash filter from before record ${first} are not those that the checkpoint summed up`);
  if (rows !== due.size) throw corruptRow(`the slash filter has ${rows} rows, and ${due.size} were bound`);
}

/** What opening has read of the records. */
export interface Tail {
  /** Seq of the first of them. */
  readonly begin: number;
  readonly fold: SlashFold;
}

/**
 * As a start does before anything is bound: rows that the last records lead to, whole; the newest {@link ROWS_HELD}
 * before them by their own records; those that were given up by the checkpoint's sum. Its cost grows with the rows, and
 * not with the records behind them. Throws `JOURNAL_CORRUPT`.
 */
export async function openSlashRows(store: Store, shared: SharedStore, { begin, fold }: Tail, checkpoint: Checkpoint): Promise<void> {
  const { first, slash, begun } = checkpoint;
  for (const [key, due] of fold.due) {
    const fault = rowFault(store.get(fromHex(key)), due, begin);
    if (fault !== null) throw corrupt(due.row.seq, fault);
  }
  let before = 0n;
  const older: StoredRow[] = [];
  for await (const stored of storedRows(store)) {
    const { key, value, row } = stored;
    if (row.seq < first) {
      if (!wasBegun(begun, `f0${row.minerId}`, row.epoch)) throw corrupt(row.seq, `a row of the slash filter is of epoch ${row.epoch}, which it did not begin`);
      if (!row.isVoid) before = addTerm(before, rowTerm(key, value));
    } else if (row.seq < begin) older.push(stored);
    else if (!fold.due.has(toHex(key))) throw corrupt(row.seq, `a row of the slash filter says that it bound ${row.cid}, and it did not`);
  }
  if (before !== slash) throw corruptRow(`the rows of the slash filter from before record ${first} are not those that the checkpoint summed up`);
  older.sort((a, b) => b.row.seq - a.row.seq);
  for (const { row } of older.slice(0, ROWS_HELD)) await checkByRecord(store, shared, row, checkpoint);
}

/** One row against the record that it names; a void one against all records of its stream too. */
async function checkByRecord(store: Store, shared: SharedStore, row: SlashRow, { first }: Checkpoint): Promise<void> {
  const { record } = recordAt(store, shared, row.seq);
  const isBound = bindsOf(record).some((asked) => equalBytes(encodeSlashRow({ ...asked, seq: row.seq, isVoid: row.isVoid }), encodeSlashRow(row)));
  if (!isBound) throw corrupt(row.seq, `a row of the slash filter says that it bound ${row.cid}, and it bound no such block`);
  if (!row.isVoid) return;
  const fold = slashFold();
  for await (const [key] of store.range(streamKey(record.stream, first), streamKey(record.stream, SEQ_END)))
    fold.take(recordAt(store, shared, seqOfKey(key)).record);
  const [byEpoch] = keysOf(row);
  if (fold.due.get(toHex(byEpoch))?.row.isVoid !== true) throw corrupt(row.seq, `the slash filter has ${row.cid} as void, and no record frees its base`);
}

function recordAt(store: Store, shared: SharedStore, seq: number): ReturnType<typeof readRecord> {
  const bytes = store.get(recordKey(seq));
  if (bytes === undefined) throw corrupt(seq, 'it is missing, and a row of the slash filter names it');
  return readRecord(seq, bytes, shared);
}
