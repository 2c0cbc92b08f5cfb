/** Entries of one of LevelDB's logs, whatever is damaged in it: reading goes on with the next of its blocks (leveldb doc/log_format.md, db/write_batch.cc). */

import { concatBytes } from '../../chain/encoding/bytes.ts';
import { crc32c, masked, varintAt } from '../store/level-tables.ts';
import type { Entry } from './table-entries.ts';

const BLOCK_LENGTH = 32 * 1024;
const HEADER_LENGTH = 7;
const BATCH_HEADER_LENGTH = 12;
const PIECE = { full: 1, first: 2, middle: 3, last: 4 } as const;
const PUT = 1;

/** `lost` is told each damage, in words. What ends too early was being written, and is none. */
export function* logEntries(bytes: Uint8Array, lost: (what: string) => void): Generator<Entry> {
  for (const batch of batchesIn(bytes, lost)) {
    const entries: Entry[] = [];
    try {
      for (const entry of entriesIn(batch)) entries.push(entry);
    } catch {
      lost('a batch of it cannot be read to its end');
    }
    yield* entries;
  }
}

function* batchesIn(bytes: Uint8Array, lost: (what: string) => void): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let parts: Uint8Array[] | null = null;
  for (let at = 0; at + HEADER_LENGTH <= bytes.length; ) {
    const left = BLOCK_LENGTH - (at % BLOCK_LENGTH);
    if (left < HEADER_LENGTH) {
      at += left;
      continue;
    }
    const [length, type] = [view.getUint16(at + 4, true), bytes[at + 6] as number];
    const end = at + HEADER_LENGTH + length;
    if (end > bytes.length && left >= HEADER_LENGTH + length) return;
    if (HEADER_LENGTH + length > left || masked(crc32c(bytes.subarray(at + 6, end))) !== view.getUint32(at, true)) {
      lost(`a record of it is damaged, at byte ${at}`);
      parts = null;
      at += left;
      continue;
    }
    const piece = bytes.subarray(at + HEADER_LENGTH, end);
    at = end;
    if (type === PIECE.full) yield piece;
    else if (type === PIECE.first) parts = [piece];
    // Of a batch whose beginning was damaged the rest is nothing.
    else if (parts !== null) parts.push(piece);
    if (type !== PIECE.last || parts === null) continue;
    yield concatBytes(...parts);
    parts = null;
  }
}

/** Rows of a batch: its order, how many, then each; the order of a row is that of its batch and its place in it. */
function* entriesIn(batch: Uint8Array): Generator<Entry> {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
  let order = Number(view.getBigUint64(0, true));
  const text = (at: number): readonly [bytes: Uint8Array, after: number] => {
    const [length, from] = varintAt(batch, at);
    if (from + length > batch.length) throw new RangeError('a row that is longer than its batch');
    return [batch.subarray(from, from + length), from + length];
  };
  for (let at = BATCH_HEADER_LENGTH; at < batch.length; order++) {
    const isPut = batch[at] === PUT;
    const [key, afterKey] = text(at + 1);
    const [value, afterValue] = isPut ? text(afterKey) : [null, afterKey];
    at = afterValue;
    yield { key, value, order };
  }
}
