/**
 * What a record can hold, as canonical CBOR: plain data alone, so that decoding gives back exactly what was encoded (architecture.md 3, «What is stepped is what a replay will read»).
 * Bigints are bignums (tags 2 and 3) whatever their size and never numbers; other numbers are integers that are safe or finite doubles that are none; keys are sorted.
 */

import { compareBytes, fromUintBE, fromUtf8, toUintBE } from '../chain/bytes.ts';
import {
  finish,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_MAP,
  MAJOR_NEGATIVE,
  MAJOR_TAG,
  MAJOR_TEXT,
  MAJOR_UINT,
  peekMajor,
  peekNull,
  type Reader,
  readArrayHead,
  readBool,
  readBytes,
  readDouble,
  readerOf,
  readHead,
  readInt,
  readMapHead,
  readNull,
  readText,
  type Writer,
  writeBool,
  writeBytes,
  writeDouble,
  writeHead,
  writeInt,
  writeNull,
  written,
} from '../chain/cbor.ts';
import { DecodeError, MineOneError } from '../chain/error.ts';

export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | { readonly [key: string]: Value };

const TAG_POSITIVE = 2;
const TAG_NEGATIVE = 3;
const TAG_SHARED = 42_001;
const HASH_LENGTH = 32;
const DEPTH_MAX = 32;
const LENGTH_MAX = 16 * 1024 * 1024;

/**
 * Values kept once and named by their hash: heads, beacon entries, configurations. A decoded one is known by its identity,
 * so that wherever a machine hands it on as it is, the hash is written and not the value.
 */
export interface SharedValues {
  /** Hash of a value that came from {@link resolve}; `undefined` for any other. */
  hashOf(value: object): Uint8Array | undefined;
  /** The one object for this hash; throws `JOURNAL_SHARED_MISSING`. */
  resolve(hash: Uint8Array): Value;
}

export function encodeValue(value: Value, shared?: SharedValues): Uint8Array {
  const w: Writer = [];
  writeValue(w, value, shared, 0);
  return written(w);
}

/** Throws `DecodeError`. */
export function decodeValue(bytes: Uint8Array, shared?: SharedValues): Value {
  const r = readerOf(bytes);
  const value = readValue(r, shared, 0);
  finish(r);
  return value;
}

export function writeValue(w: Writer, value: Value, shared: SharedValues | undefined, depth: number): void {
  if (depth > DEPTH_MAX) throw refused('nesting', `more than ${DEPTH_MAX} levels`);
  if (value === null) writeNull(w);
  else if (typeof value === 'boolean') writeBool(w, value);
  else if (typeof value === 'bigint') writeBigInt(w, value);
  else if (typeof value === 'number') writeNumber(w, value);
  else if (typeof value === 'string') writeText(w, fromUtf8(value));
  else if (typeof value === 'object') writeObject(w, value, shared, depth);
  else throw refused(typeof value, String(value));
}

function writeText(w: Writer, utf8: Uint8Array): void {
  writeHead(w, MAJOR_TEXT, utf8.length);
  w.push(utf8);
}

function writeBigInt(w: Writer, value: bigint): void {
  writeHead(w, MAJOR_TAG, value < 0n ? TAG_NEGATIVE : TAG_POSITIVE);
  writeBytes(w, fromUintBE(value < 0n ? -1n - value : value));
}

function writeNumber(w: Writer, value: number): void {
  if (!Number.isFinite(value) || Object.is(value, -0)) throw refused('number', Object.is(value, -0) ? '-0' : String(value));
  if (Number.isSafeInteger(value)) writeInt(w, value);
  else writeDouble(w, value);
}

function writeObject(
  w: Writer,
  value: Uint8Array | readonly Value[] | { readonly [key: string]: Value },
  shared: SharedValues | undefined,
  depth: number,
): void {
  const hash = value instanceof Uint8Array ? undefined : shared?.hashOf(value);
  if (value instanceof Uint8Array) writeBytes(w, value);
  else if (hash !== undefined) {
    writeHead(w, MAJOR_TAG, TAG_SHARED);
    writeBytes(w, hash);
  } else if (Array.isArray(value)) {
    writeHead(w, MAJOR_ARRAY, value.length);
    for (const item of value as readonly Value[]) writeValue(w, item, shared, depth + 1);
  } else writeMap(w, value as { readonly [key: string]: Value }, shared, depth);
}

function writeMap(w: Writer, value: { readonly [key: string]: Value }, shared: SharedValues | undefined, depth: number): void {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refused('instance of a class', prototype.constructor?.name ?? 'unnamed');
  const entries = Object.entries(value).map(([key, item]) => [fromUtf8(key), item] as const);
  entries.sort(([a], [b]) => a.length - b.length || compareBytes(a, b));
  writeHead(w, MAJOR_MAP, entries.length);
  for (const [key, item] of entries) {
    writeText(w, key);
    writeValue(w, item, shared, depth + 1);
  }
}

export function readValue(r: Reader, shared: SharedValues | undefined, depth: number): Value {
  if (depth > DEPTH_MAX) throw new DecodeError('VALUE_DEPTH', `nested more than ${DEPTH_MAX} levels`);
  if (peekNull(r)) return readNull(r);
  switch (peekMajor(r)) {
    case MAJOR_UINT:
    case MAJOR_NEGATIVE:
      return safe(readInt(r));
    case MAJOR_BYTES:
      return readBytes(r, LENGTH_MAX).slice();
    case MAJOR_TEXT:
      return readText(r, LENGTH_MAX);
    case MAJOR_ARRAY:
      return Array.from({ length: readArrayHead(r, LENGTH_MAX) }, () => readValue(r, shared, depth + 1));
    case MAJOR_MAP:
      return readMap(r, shared, depth);
    case MAJOR_TAG:
      return readTagged(r, shared);
    default:
      return r.bytes[r.offset] === 0xfb ? readNumber(r) : readBool(r);
  }
}

function readMap(r: Reader, shared: SharedValues | undefined, depth: number): Value {
  const count = readMapHead(r, LENGTH_MAX);
  const object: { [key: string]: Value } = {};
  let previous: Uint8Array | undefined;
  for (let i = 0; i < count; i++) {
    const start = r.offset;
    const key = readText(r, LENGTH_MAX);
    const raw = fromUtf8(key);
    if (previous !== undefined && (previous.length - raw.length || compareBytes(previous, raw)) >= 0) {
      throw new DecodeError('VALUE_KEYS', `key "${key}" at byte ${start} is not after the one before it`);
    }
    previous = raw;
    if (key === '__proto__') throw new DecodeError('VALUE_KEYS', 'a key __proto__ is refused');
    object[key] = readValue(r, shared, depth + 1);
  }
  return object;
}

function readTagged(r: Reader, shared: SharedValues | undefined): Value {
  const tag = readHead(r, MAJOR_TAG);
  const bytes = readBytes(r, LENGTH_MAX);
  if (tag === TAG_SHARED && bytes.length === HASH_LENGTH && shared !== undefined) return shared.resolve(bytes.slice());
  if (tag !== TAG_POSITIVE && tag !== TAG_NEGATIVE) throw new DecodeError('VALUE_TAG', `tag ${tag} has no meaning in a record`);
  if (bytes[0] === 0) throw new DecodeError('VALUE_BIGINT', 'a bignum with a leading zero');
  const magnitude = toUintBE(bytes);
  return tag === TAG_NEGATIVE ? -1n - magnitude : magnitude;
}

function readNumber(r: Reader): number {
  const value = readDouble(r);
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) throw new DecodeError('VALUE_NUMBER', `${value} has another form`);
  return value;
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new DecodeError('VALUE_NUMBER', `${value} is not a safe integer`);
  return number;
}

function refused(kind: string, what: string): MineOneError {
  return new MineOneError('VALUE_REFUSED', `a record holds plain data: ${kind} ${what} is refused`);
}
