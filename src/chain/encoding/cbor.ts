/**
 * Canonical CBOR as Filecoin writes it (RFC 8949, DAG-CBOR, cbor-gen): definite lengths, shortest heads, tag 42 for
 * links, no floats. The reader takes nothing else, so bytes that decode are the bytes that encoding gives back; every
 * length is checked against what is left before anything is allocated. Why no library: `@ipld/dag-cbor`, which the
 * tests hold this against, takes keys in any order, floats, and text that is no UTF-8; it knows no limit of a field,
 * and gives values without types, to be looked at once more.
 */

import type { CID } from 'multiformats/cid';
import { DecodeError } from '../../errors/mineone-error.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CID_LENGTH_MAX, decodeCid } from './cid.ts';

export const MAJOR_UINT = 0;
export const MAJOR_NEGATIVE = 1;
export const MAJOR_BYTES = 2;
export const MAJOR_TEXT = 3;
export const MAJOR_ARRAY = 4;
export const MAJOR_MAP = 5;
export const MAJOR_TAG = 6;

const MAJOR_NAMES = ['an unsigned integer', 'a negative integer', 'a byte string', 'a text', 'an array', 'a map', 'a tag', 'a simple value'];
const TAG_LINK = 42;
const NULL = 0xf6;
const FALSE = 0xf4;
const TRUE = 0xf5;
const DOUBLE = 0xfb;

/** A place in bytes; reading moves it on. */
export interface Reader {
  readonly bytes: Uint8Array;
  offset: number;
}

export function readerOf(bytes: Uint8Array): Reader {
  return { bytes, offset: 0 };
}

/** Throws `CBOR_TRAILING` unless everything was read. */
export function finish(r: Reader): void {
  if (r.offset !== r.bytes.length) throw new DecodeError('CBOR_TRAILING', `${r.bytes.length - r.offset} bytes follow the value`);
}

/** Major type of what comes next, without reading it. */
export function peekMajor(r: Reader): number {
  return peek(r) >> 5;
}

export function peekNull(r: Reader): boolean {
  return peek(r) === NULL;
}

export function readNull(r: Reader): null {
  if (peek(r) !== NULL) throw wrongType(r, 'null');
  r.offset++;
  return null;
}

export function readBool(r: Reader): boolean {
  const byte = peek(r);
  if (byte !== FALSE && byte !== TRUE) throw wrongType(r, 'a boolean');
  r.offset++;
  return byte === TRUE;
}

/** A double of 8 bytes, whatever its value: only our own records have them. */
export function readDouble(r: Reader): number {
  if (peek(r) !== DOUBLE) throw wrongType(r, 'a double');
  if (r.offset + 9 > r.bytes.length) throw truncated(r, 9);
  r.offset += 9;
  return new DataView(r.bytes.buffer, r.bytes.byteOffset + r.offset - 8, 8).getFloat64(0);
}

/** Argument of a head of this major type (0 ... 2^64 - 1); a number while it is safe as one. */
export function readHead(r: Reader, major: number): number | bigint {
  const first = peek(r);
  if (first >> 5 !== major) throw wrongType(r, MAJOR_NAMES[major] as string);
  r.offset++;
  const info = first & 31;
  if (info < 24) return info;
  if (info > 27) throw notCanonical('an indefinite or reserved length');
  const size = 1 << (info - 24);
  const value = readArgument(r, size);
  const least = size === 1 ? 24 : 2 ** (4 * size);
  if (value < least) throw notCanonical(`${value} in ${size} bytes, more than it needs`);
  return value;
}

function readArgument(r: Reader, size: number): number | bigint {
  if (r.offset + size > r.bytes.length) throw truncated(r, size);
  if (size < 8) {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (r.bytes[r.offset + i] as number);
    r.offset += size;
    return value;
  }
  const value = new DataView(r.bytes.buffer, r.bytes.byteOffset + r.offset, 8).getBigUint64(0);
  r.offset += 8;
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** A signed integer of 64 bits. */
export function readInt(r: Reader): bigint {
  if (peekMajor(r) !== MAJOR_NEGATIVE) {
    const value = BigInt(readHead(r, MAJOR_UINT));
    if (value >= 1n << 63n) throw new DecodeError('CBOR_RANGE', `${value} does not fit 64 bits with a sign`);
    return value;
  }
  const value = -1n - BigInt(readHead(r, MAJOR_NEGATIVE));
  if (value < -(1n << 63n)) throw new DecodeError('CBOR_RANGE', `${value} does not fit 64 bits with a sign`);
  return value;
}

/** A byte string of at most `max` bytes, as a view of the input. */
export function readBytes(r: Reader, max: number): Uint8Array {
  return readString(r, MAJOR_BYTES, max);
}

/** A text of at most `max` bytes of valid UTF-8. */
export function readText(r: Reader, max: number): string {
  const bytes = readString(r, MAJOR_TEXT, max);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DecodeError('CBOR_TEXT', 'a text is not UTF-8');
  }
}

/** Number of items of an array of at most `max`; an item takes at least one byte, so the input bounds it too. */
export function readArrayHead(r: Reader, max: number): number {
  return readCount(r, MAJOR_ARRAY, max, 1);
}

/** Number of pairs of a map of at most `max`. */
export function readMapHead(r: Reader, max: number): number {
  return readCount(r, MAJOR_MAP, max, 2);
}

/** A link: tag 42 around a byte string of `00` and the CID. */
export function readLink(r: Reader): CID {
  const tag = readHead(r, MAJOR_TAG);
  if (tag !== TAG_LINK) throw new DecodeError('CBOR_TYPE', `expected a link (tag 42), got tag ${tag}`);
  const bytes = readBytes(r, CID_LENGTH_MAX + 1);
  if (bytes[0] !== 0) throw new DecodeError('CBOR_LINK', 'the bytes of a link do not begin with 00');
  return decodeCid(bytes.subarray(1));
}

function readString(r: Reader, major: number, max: number): Uint8Array {
  const length = readHead(r, major);
  if (length > max) throw new DecodeError('CBOR_TOO_LONG', `${MAJOR_NAMES[major]} of ${length} bytes where ${max} are allowed`);
  const size = Number(length);
  if (r.offset + size > r.bytes.length) throw truncated(r, size);
  r.offset += size;
  return r.bytes.subarray(r.offset - size, r.offset);
}

function readCount(r: Reader, major: number, max: number, bytesEach: number): number {
  const count = readHead(r, major);
  if (count > max) throw new DecodeError('CBOR_TOO_LONG', `${MAJOR_NAMES[major]} of ${count} where ${max} are allowed`);
  if (r.offset + Number(count) * bytesEach > r.bytes.length) throw truncated(r, Number(count) * bytesEach);
  return Number(count);
}

export function writeHead(w: ByteWriter, major: number, argument: number | bigint): void {
  if (argument <= Number.MAX_SAFE_INTEGER) w.head(major, Number(argument));
  else {
    w.byte((major << 5) | 27);
    w.uint64(BigInt(argument));
  }
}

export function writeInt(w: ByteWriter, value: bigint | number): void {
  if (value >= 0) writeHead(w, MAJOR_UINT, value);
  else writeHead(w, MAJOR_NEGATIVE, -1n - BigInt(value));
}

export function writeBytes(w: ByteWriter, bytes: Uint8Array): void {
  w.bytes(MAJOR_BYTES, bytes);
}

export function writeLink(w: ByteWriter, cid: CID): void {
  w.head(MAJOR_TAG, TAG_LINK);
  w.head(MAJOR_BYTES, cid.bytes.length + 1);
  w.byte(0);
  w.raw(cid.bytes);
}

export function writeDouble(w: ByteWriter, value: number): void {
  w.byte(DOUBLE);
  w.float64(value);
}

export function writeNull(w: ByteWriter): void {
  w.byte(NULL);
}

function peek(r: Reader): number {
  const byte = r.bytes[r.offset];
  if (byte === undefined) throw truncated(r, 1);
  return byte;
}

function wrongType(r: Reader, expected: string): DecodeError {
  const byte = peek(r);
  const got = byte === NULL ? 'null' : MAJOR_NAMES[byte >> 5];
  return new DecodeError('CBOR_TYPE', `expected ${expected}, got ${got}`);
}

function truncated(r: Reader, wanted: number): DecodeError {
  return new DecodeError('CBOR_TRUNCATED', `${wanted} more bytes were announced and ${r.bytes.length - r.offset} are left`);
}

function notCanonical(what: string): DecodeError {
  return new DecodeError('CBOR_NOT_CANONICAL', what);
}
