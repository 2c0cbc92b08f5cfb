/**
 * Entries of one of LevelDB's tables, whatever is damaged in it: a block that is not what its checksum says is left
 * out, the others are read (leveldb doc/table_format.md).
 */

import { crc32c, masked, varintAt } from '../store/level-tables.ts';

/** A row as it was written; `value` is `null` where it was taken away. Of two of one key the later `order` counts. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
  readonly order: number;
}

const FOOTER_LENGTH = 48;
const TRAILER_LENGTH = 5;
/** Behind each key: its order and whether it is a value or a deletion. */
const TAG_LENGTH = 8;
const VALUE = 1n;

/** `lost` is told each damage, in words. */
export function* tableEntries(bytes: Uint8Array, lost: (what: string) => void): Generator<Entry> {
  const index = attempt(() => indexOf(bytes));
  if (index === null) return lost('its index is damaged, so that nothing of it can be found');
  for (const [, handle] of index) {
    const entries = attempt(() => rowsIn(blockAt(bytes, handle, 0)).map(([key, value]) => entryOf(key, value)));
    if (entries === null) lost(`a block of it is damaged, at byte ${attempt(() => varintAt(handle, 0)[0]) ?? 'unknown'}`);
    else yield* entries;
  }
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

type Row = readonly [key: Uint8Array, value: Uint8Array];

function indexOf(bytes: Uint8Array): readonly Row[] {
  const footer = bytes.subarray(bytes.length - FOOTER_LENGTH);
  const [, afterOffset] = varintAt(footer, 0);
  const [, afterMetaIndex] = varintAt(footer, afterOffset);
  return rowsIn(blockAt(bytes, footer, afterMetaIndex));
}

/** The block that the handle at `at` names. Throws for one that is damaged. */
function blockAt(bytes: Uint8Array, holder: Uint8Array, at: number): Uint8Array {
  const [offset, afterOffset] = varintAt(holder, at);
  const [size] = varintAt(holder, afterOffset);
  const whole = bytes.subarray(offset, offset + size + TRAILER_LENGTH);
  if (whole.length < size + TRAILER_LENGTH || whole[size] !== 0) throw new RangeError('a block that is not there');
  const stored = new DataView(whole.buffer, whole.byteOffset, whole.length).getUint32(size + 1, true);
  if (masked(crc32c(whole.subarray(0, size + 1))) !== stored) throw new RangeError('a block that is damaged');
  return whole.subarray(0, size);
}

/** Each key is written as what it has more than the one before it. */
function rowsIn(block: Uint8Array): readonly Row[] {
  const restarts = new DataView(block.buffer, block.byteOffset, block.length).getUint32(block.length - 4, true);
  const end = block.length - 4 * (restarts + 1);
  const rows: Row[] = [];
  let before = new Uint8Array(0);
  for (let at = 0; at < end; ) {
    const [shared, afterShared] = varintAt(block, at);
    const [unshared, afterUnshared] = varintAt(block, afterShared);
    const [valueLength, keyAt] = varintAt(block, afterUnshared);
    const valueAt = keyAt + unshared;
    if (shared > before.length || valueAt + valueLength > end) throw new RangeError('a row that is longer than its block');
    const key = new Uint8Array(shared + unshared);
    key.set(before.subarray(0, shared));
    key.set(block.subarray(keyAt, valueAt), shared);
    rows.push([key, block.subarray(valueAt, valueAt + valueLength)]);
    before = key;
    at = valueAt + valueLength;
  }
  return rows;
}

function entryOf(tagged: Uint8Array, value: Uint8Array): Entry {
  const key = tagged.subarray(0, -TAG_LENGTH);
  const tag = new DataView(tagged.buffer, tagged.byteOffset, tagged.length).getBigUint64(key.length, true);
  return { key, value: (tag & 0xffn) === VALUE ? value : null, order: Number(tag >> 8n) };
}
