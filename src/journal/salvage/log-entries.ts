/**
 * Entries of one of LevelDB's logs, whatever is damaged in it: reading goes on with the next of its blocks (leveldb
 * db/write_batch.cc).
 */

import { logRecords } from '../store/level-log.ts';
import { varintAt } from '../store/level-tables.ts';
import type { Entry } from './table-entries.ts';

const BATCH_HEADER_LENGTH = 12;
const PUT = 1;

/** `lost` is told each damage, in words. What ends too early was being written, and is none. */
export function* logEntries(bytes: Uint8Array, lost: (what: string) => void): Generator<Entry> {
  for (const batch of logRecords(bytes, (at) => lost(`a record of it is damaged, at byte ${at}`))) {
    const entries: Entry[] = [];
    try {
      for (const entry of entriesIn(batch)) entries.push(entry);
    } catch {
      lost('a batch of it cannot be read to its end');
    }
    yield* entries;
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
