/**
 * Sets of unsigned integers as runs, and their encoding RLE+ (docs/protocol.md 4.4; go-bitfield, whose reader also
 * takes forms that its writer never gives: refused here).
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { equalBytes } from './bytes.ts';
import { readBytes, writeBytes } from './cbor.ts';
import { type Codec, integerOf, type Json } from './codec.ts';
import { encodeVarint } from './leb128.ts';

/** `length` successive members from `start` on; at least one. */
export interface BitRun {
  readonly start: bigint;
  readonly length: bigint;
}

/**
 * Runs in ascending order that neither overlap nor touch: a run may hold 2^60 members, so they are never spelled out.
 */
export type BitField = readonly BitRun[];

export const EMPTY_BIT_FIELD: BitField = [];

/** go-bitfield's limit of the encoding. */
export const BIT_FIELD_LENGTH_MAX = 32 * 1024;
/** Members are below this: sector numbers end at 2^63 - 1. */
const END_MAX = 1n << 63n;
/** The head: version 00, value of the first run. Then blocks: `1` a run of one, `01` and 4 bits, `00` and a varint. */
const VERSION_BITS = 2;
const HEAD_BITS = 3;
const MARK_BITS = 2;
/** `01` in the order of bits. */
const SHORT_MARK = 2;
const SHORT_BITS = 4;
const SHORT_MAX = 15n;

/** The set of these members, in any order, repeated or not. */
export function bitFieldOf(members: Iterable<bigint | number>): BitField {
  return bitFieldUnion(Array.from(members, (member): BitField => [{ start: BigInt(member), length: 1n }]));
}

/**
 * All members, ascending; lazily, as there may be more than time allows.
 * @public
 */
export function* bitFieldMembers(field: BitField): Generator<bigint, void, undefined> {
  for (const { start, length } of field) for (let i = 0n; i < length; i++) yield start + i;
}

export function bitFieldCount(field: BitField): bigint {
  return field.reduce((sum, { length }) => sum + length, 0n);
}

/** Member number `n` in ascending order from 0, `null` when there are not so many. */
export function bitFieldNth(field: BitField, n: bigint | number): bigint | null {
  let left = BigInt(n);
  if (left < 0n) return null;
  for (const { start, length } of field) {
    if (left < length) return start + left;
    left -= length;
  }
  return null;
}

/** What is in any of the sets. */
export function bitFieldUnion(fields: Iterable<BitField>): BitField {
  const runs = [...fields].flat().sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const union: BitRun[] = [];
  for (const run of runs) {
    const last = union.at(-1);
    if (last === undefined || run.start > endOf(last)) union.push(run);
    else if (endOf(run) > endOf(last)) union[union.length - 1] = { start: last.start, length: endOf(run) - last.start };
  }
  return union;
}

/** What is in `field` and not in `other`. */
export function bitFieldSubtract(field: BitField, other: BitField): BitField {
  const rest: BitRun[] = [];
  let at = 0;
  for (const run of field) {
    let start = run.start;
    // Runs of the other that end before this one are behind all that follow too.
    while (at < other.length && endOf(other[at] as BitRun) <= start) at++;
    for (let i = at; i < other.length && (other[i] as BitRun).start < endOf(run); i++) {
      const gap = other[i] as BitRun;
      if (gap.start > start) rest.push({ start, length: gap.start - start });
      start = endOf(gap);
    }
    if (start < endOf(run)) rest.push({ start, length: endOf(run) - start });
  }
  return rest;
}

function endOf({ start, length }: BitRun): bigint {
  return start + length;
}

/** The shortest RLE+ of the set; throws `BIT_FIELD_RANGE` for members that are not 0 to 2^63 - 1. */
export function encodeBitField(field: BitField): Uint8Array {
  const w: BitWriter = { bytes: [], pending: 0, count: 0 };
  writeBits(w, field[0]?.start === 0n ? 1 << VERSION_BITS : 0, HEAD_BITS);
  let end = 0n;
  for (const { start, length } of field) {
    if (start < 0n || start + length > END_MAX) throw new DecodeError('BIT_FIELD_RANGE', `members from ${start} to ${start + length - 1n}`);
    if (start > end) writeRun(w, start - end);
    writeRun(w, length);
    end = start + length;
  }
  return written(w);
}

function writeRun(w: BitWriter, length: bigint): void {
  if (length === 1n) writeBits(w, 1, 1);
  else if (length <= SHORT_MAX) {
    writeBits(w, SHORT_MARK, MARK_BITS);
    writeBits(w, Number(length), SHORT_BITS);
  } else {
    writeBits(w, 0, MARK_BITS);
    for (const byte of encodeVarint(length)) writeBits(w, byte, 8);
  }
}

/** Bits, least significant first: whole bytes, and those (`count` < 8) that are none yet. */
interface BitWriter {
  readonly bytes: number[];
  pending: number;
  count: number;
}

/** The `count` <= 8 least bits of a value. */
function writeBits(w: BitWriter, value: number, count: number): void {
  w.pending |= value << w.count;
  w.count += count;
  if (w.count < 8) return;
  w.bytes.push(w.pending & 0xff);
  w.pending >>= 8;
  w.count -= 8;
}

/** Zero bytes at the end are left out: what is not written reads as zeros. */
function written(w: BitWriter): Uint8Array {
  const bytes = Uint8Array.from([...w.bytes, w.pending]);
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return bytes.subarray(0, length);
}

/**
 * Throws `BIT_FIELD_VERSION`, `BIT_FIELD_RANGE`, `BIT_FIELD_TOO_LONG`, and `BIT_FIELD_NOT_CANONICAL` for anything that
 * {@link encodeBitField} would spell otherwise.
 */
export function decodeBitField(bytes: Uint8Array): BitField {
  if (bytes.length > BIT_FIELD_LENGTH_MAX) throw new DecodeError('BIT_FIELD_TOO_LONG', `${bytes.length} bytes where ${BIT_FIELD_LENGTH_MAX} are allowed`);
  const version = bitsAt(bytes, 0, VERSION_BITS);
  if (version !== 0) throw new DecodeError('BIT_FIELD_VERSION', `expected version 0 of RLE+, got ${version}`);
  const field: BitRun[] = [];
  const used = 8 * bytes.length;
  let isSet = bitsAt(bytes, VERSION_BITS, 1) === 1;
  let start = 0n;
  for (let at = HEAD_BITS; at < used; isSet = !isSet) {
    const { length, next } = runAt(bytes, at);
    if (length === 0n) break;
    if (start + length > END_MAX) throw new DecodeError('BIT_FIELD_RANGE', 'members beyond 2^63 - 1');
    if (isSet) field.push({ start, length });
    start += length;
    at = next;
  }
  if (!equalBytes(encodeBitField(field), bytes)) throw new DecodeError('BIT_FIELD_NOT_CANONICAL', 'RLE+ that is not the shortest of its set');
  return field;
}

/** The run whose block begins at this bit; a length of 0 is where the runs end. */
function runAt(bytes: Uint8Array, at: number): { readonly length: bigint; readonly next: number } {
  if (bitsAt(bytes, at, 1) === 1) return { length: 1n, next: at + 1 };
  if (bitsAt(bytes, at, MARK_BITS) === SHORT_MARK) {
    return { length: BigInt(bitsAt(bytes, at + MARK_BITS, SHORT_BITS)), next: at + MARK_BITS + SHORT_BITS };
  }
  let length = 0n;
  let next = at + MARK_BITS;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bitsAt(bytes, next, 8);
    next += 8;
    length |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { length, next };
  }
  throw new DecodeError('BIT_FIELD_RANGE', 'the length of a run has more than 64 bits');
}

/** `count` <= 8 bits, least significant first; zeros beyond the end. */
function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const both = (bytes[at >> 3] ?? 0) | ((bytes[(at >> 3) + 1] ?? 0) << 8);
  return (both >> (at & 7)) & ((1 << count) - 1);
}

/**
 * CBOR: a byte string of RLE+. JSON, as go-bitfield has it: lengths of runs, the first of non-members (0 if it begins
 * with members), `[0]` for none.
 * @public
 */
export const bitField: Codec<BitField> = {
  write: (w, value) => writeBytes(w, encodeBitField(value)),
  read: (r) => decodeBitField(readBytes(r, BIT_FIELD_LENGTH_MAX)),
  toJson(value) {
    if (value.length === 0) return [0];
    let end = 0n;
    return value.flatMap(({ start, length }): Json[] => {
      const gap = start - end;
      end = start + length;
      return [jsonLength(gap), jsonLength(length)];
    });
  },
  fromJson(json) {
    if (!Array.isArray(json)) throw new DecodeError('JSON_TYPE', 'expected the lengths of runs');
    const lengths = json.map(integerOf);
    if (lengths.length === 1 && lengths[0] === 0n) return EMPTY_BIT_FIELD;
    let end = 0n;
    const field = lengths.flatMap((length, i): BitRun[] => {
      if (length < 0n || (length === 0n && i > 0)) throw new DecodeError('BIT_FIELD_RANGE', `a run of ${length}`);
      end += length;
      return i % 2 === 1 ? [{ start: end - length, length }] : [];
    });
    if (end > END_MAX) throw new DecodeError('BIT_FIELD_RANGE', 'members beyond 2^63 - 1');
    return field;
  },
};

function jsonLength(length: bigint): Json {
  return length <= Number.MAX_SAFE_INTEGER ? Number(length) : length;
}
