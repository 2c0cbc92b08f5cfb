/**
 * What a record can hold, as canonical CBOR: plain data alone, so that decoding gives back exactly what was encoded
 * (docs/architecture.md 3, «What is stepped is what a replay will read»). Bigints are bignums (tags 2 and 3) whatever
 * their size and never numbers; other numbers are integers that are safe or finite doubles that are none; keys are
 * sorted.
 */

import { ByteWriter } from '../../chain/encoding/byte-writer.ts';
import { fromUintBE, toUintBE } from '../../chain/encoding/bytes.ts';
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
  readMapHead,
  readNull,
  writeDouble,
} from '../../chain/encoding/cbor.ts';
import { DecodeError, MineOneError } from '../../errors/mineone-error.ts';
import { keyOfAddressText, readAddressText } from './address-text.ts';
import { byEncoding, shapeOf } from './key-order.ts';
import { readLetters } from './letters.ts';
import { HASH_LENGTH, sha256 } from './sha256.ts';
import { slabCopy } from './slab.ts';
import { numberOfWord, wordOfNumber } from './words.ts';

export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[] | { readonly [key: string]: Value };

/** Plain data of our own as a value, though an interface has no index signature to say so. */
export function asValue(data: unknown): Value {
  return data as Value;
}

const NULL = 0xf6;
const FALSE = 0xf4;
const TRUE = 0xf5;
const TAG_POSITIVE = 2;
const TAG_NEGATIVE = 3;
/** A word by its number, never in letters: words.ts. */
const TAG_WORD = 6;
const WORD_BYTE = (MAJOR_TAG << 5) | TAG_WORD;
/** A BLS key that stands for the text of its address, never in letters: address-text.ts. */
const TAG_ADDRESS = 7;
const ADDRESS_BYTE = (MAJOR_TAG << 5) | TAG_ADDRESS;
const TAG_SHARED = 42_001;
/** Head of that tag as it is written. */
export const TAG_SHARED_BYTES = Uint8Array.of((MAJOR_TAG << 5) | 25, TAG_SHARED >> 8, TAG_SHARED & 0xff);
const DEPTH_MAX = 32;
const LENGTH_MAX = 16 * 1024 * 1024;

/**
 * Values kept once and named by their hash: heads, beacon entries, configurations. A decoded one is known by its
 * identity, so that wherever a machine hands it on as it is, the hash is written and not the value.
 */
export interface SharedValues {
  /**
   * Bytes of values that were written once: a state is written after every step, and most of it is what it was. A value
   * is never changed once it is in a state or a record.
   */
  readonly written?: WeakMap<object, Uint8Array | null>;
  /** Hash of a value that came from {@link resolve}; `undefined` for any other. */
  hashOf(value: object): Uint8Array | undefined;
  /** The one object for this hash; throws `JOURNAL_SHARED_MISSING`. */
  resolve(hash: Uint8Array): Value;
}

/** `around`: levels that are yet to come around it. */
export function encodeValue(value: Value, shared?: SharedValues, around = 0): Uint8Array {
  const w = resting.pop() ?? new ByteWriter(CAPACITY);
  try {
    writeValue(w, value, shared, around);
    return slabCopy(w);
  } finally {
    rest(w);
  }
}

/** The first `length` bytes of the SHA-256 of what {@link encodeValue} gives. */
export function hashValue(value: Value, shared: SharedValues | undefined, length: number): Uint8Array {
  const w = resting.pop() ?? new ByteWriter(CAPACITY);
  try {
    writeValue(w, value, shared, 0);
    return sha256(w.view(), length);
  } finally {
    rest(w);
  }
}

/**
 * Writers at rest, for a replay encodes a machine's whole state after every step: to ask for memory each time costs
 * more. One that is at work is nobody else's.
 */
const resting: ByteWriter[] = [];
const CAPACITY = 16 * 1024;
/** One that grew beyond this is let go. */
const RESTING_CAPACITY_MAX = 1024 * 1024;

function rest(w: ByteWriter): void {
  w.cut(0);
  if (w.capacity <= RESTING_CAPACITY_MAX) resting.push(w);
}

/** Throws `DecodeError`. */
export function decodeValue(bytes: Uint8Array, shared?: SharedValues): Value {
  const r = readerOf(bytes);
  const value = readValue(r, shared, 0);
  finish(r);
  return value;
}

function writeValue(w: ByteWriter, value: Value, shared: SharedValues | undefined, depth: number): void {
  if (depth > DEPTH_MAX) throw refused('nesting', `more than ${DEPTH_MAX} levels`);
  if (value === null) w.byte(NULL);
  else if (typeof value === 'object') writeObject(w, value, shared, depth);
  else if (typeof value === 'string') writeText(w, value);
  else if (typeof value === 'number') writeNumber(w, value);
  else if (typeof value === 'boolean') w.byte(value ? TRUE : FALSE);
  else if (typeof value === 'bigint') {
    w.head(MAJOR_TAG, value < 0n ? TAG_NEGATIVE : TAG_POSITIVE);
    w.bytes(MAJOR_BYTES, fromUintBE(value < 0n ? -1n - value : value));
  } else throw refused(typeof value, String(value));
}

function writeText(w: ByteWriter, text: string): void {
  const word = numberOfWord(text);
  const key = word === undefined ? keyOfAddressText(text) : undefined;
  if (key !== undefined) {
    w.head(MAJOR_TAG, TAG_ADDRESS);
    w.bytes(MAJOR_BYTES, key);
    return;
  }
  if (word === undefined) return void w.text(MAJOR_TEXT, text);
  w.head(MAJOR_TAG, TAG_WORD);
  w.head(MAJOR_UINT, word);
}

function writeNumber(w: ByteWriter, value: number): void {
  if (!Number.isFinite(value) || Object.is(value, -0)) throw refused('number', Object.is(value, -0) ? '-0' : String(value));
  if (!Number.isSafeInteger(value)) writeDouble(w, value);
  else if (value >= 0) w.head(MAJOR_UINT, value);
  else w.head(MAJOR_NEGATIVE, -1 - value);
}

type ObjectValue = Exclude<Value, null | boolean | number | bigint | string>;

function writeObject(w: ByteWriter, value: ObjectValue, shared: SharedValues | undefined, depth: number): void {
  if (value instanceof Uint8Array) w.bytes(MAJOR_BYTES, value);
  else if (shared === undefined) writeItems(w, value, undefined, depth);
  else if (!writeKnown(w, value, shared)) {
    const start = w.length;
    writeItems(w, value, shared, depth);
    if (depth > 0 && w.length - start >= KEPT_MIN) shared.written?.set(value, shared.written.has(value) ? slabCopy(w, start) : null);
  }
}

/** By the hash of what is kept once, or with the bytes that it was written with before. */
function writeKnown(w: ByteWriter, value: object, shared: SharedValues): boolean {
  const name = shared.hashOf(value);
  if (name !== undefined) {
    w.head(MAJOR_TAG, TAG_SHARED);
    w.bytes(MAJOR_BYTES, name);
    return true;
  }
  const bytes = shared.written?.get(value) ?? null;
  if (bytes !== null) w.raw(bytes);
  return bytes !== null;
}

function writeItems(w: ByteWriter, value: Exclude<ObjectValue, Uint8Array>, shared: SharedValues | undefined, depth: number): void {
  if (Array.isArray(value)) {
    w.head(MAJOR_ARRAY, value.length);
    for (const item of value) writeValue(w, item, shared, depth + 1);
  } else writeMap(w, value as { readonly [key: string]: Value }, shared, depth);
}

/** From so many bytes on it is faster to keep a value than to write it again. */
export const KEPT_MIN = 64;

function writeMap(w: ByteWriter, value: { readonly [key: string]: Value }, shared: SharedValues | undefined, depth: number): void {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refused('instance of a class', prototype.constructor?.name ?? 'unnamed');
  const shape = shapeOf(Object.keys(value), keyBytes);
  w.head(MAJOR_MAP, shape.length);
  for (const { key, bytes } of shape) {
    w.raw(bytes);
    writeValue(w, value[key] as Value, shared, depth + 1);
  }
}

/** A longer key makes it grow. */
const KEY_CAPACITY = 32;

function keyBytes(key: string): Uint8Array {
  const w = new ByteWriter(KEY_CAPACITY);
  writeText(w, key);
  return w.written();
}

export function readValue(r: Reader, shared: SharedValues | undefined, depth: number): Value {
  if (depth > DEPTH_MAX) throw new DecodeError('VALUE_DEPTH', `nested more than ${DEPTH_MAX} levels`);
  if (peekNull(r)) return readNull(r);
  switch (peekMajor(r)) {
    case MAJOR_UINT:
      return safe(readHead(r, MAJOR_UINT));
    case MAJOR_NEGATIVE:
      return safe(-1 - safe(readHead(r, MAJOR_NEGATIVE)));
    case MAJOR_BYTES:
      return readBytes(r, LENGTH_MAX).slice();
    case MAJOR_TEXT:
      return readText(r);
    case MAJOR_ARRAY:
      return readItems(r, shared, depth);
    case MAJOR_MAP:
      return readMap(r, shared, depth);
    case MAJOR_TAG:
      return r.bytes[r.offset] === WORD_BYTE || r.bytes[r.offset] === ADDRESS_BYTE ? readText(r) : readTagged(r, shared);
    default:
      return r.bytes[r.offset] === 0xfb ? readNumber(r) : readBool(r);
  }
}

function readItems(r: Reader, shared: SharedValues | undefined, depth: number): Value {
  const items: Value[] = [];
  for (let left = readArrayHead(r, LENGTH_MAX); left > 0; left--) items.push(readValue(r, shared, depth + 1));
  return items;
}

/** A text, or the word of a number. Throws `VALUE_WORD` for a word in letters, and for a number without a word. */
function readText(r: Reader): string {
  if (r.bytes[r.offset] === ADDRESS_BYTE) return readAddressText(r);
  if (r.bytes[r.offset] !== WORD_BYTE) {
    const text = readLetters(r, LENGTH_MAX);
    if (numberOfWord(text) !== undefined || keyOfAddressText(text) !== undefined)
      throw new DecodeError('VALUE_WORD', `the word "${text}" is spelled in letters`);
    return text;
  }
  r.offset++;
  const number = safe(readHead(r, MAJOR_UINT));
  const word = wordOfNumber(number);
  if (word === undefined) throw new DecodeError('VALUE_WORD', `there is no word ${number}; a later MineOne wrote it`);
  return word;
}

function readMap(r: Reader, shared: SharedValues | undefined, depth: number): Value {
  const count = readMapHead(r, LENGTH_MAX);
  const object: { [key: string]: Value } = {};
  let previous: string | undefined;
  for (let i = 0; i < count; i++) {
    const start = r.offset;
    const key = readText(r);
    if (previous !== undefined && (key === previous || byEncoding(previous, key) > 0)) {
      throw new DecodeError('VALUE_KEYS', `key "${key}" at byte ${start} is not after the one before it`);
    }
    previous = key;
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

function safe(value: number | bigint): number {
  if (!Number.isSafeInteger(value)) throw new DecodeError('VALUE_NUMBER', `${value} is not a safe integer`);
  return value as number;
}

function refused(kind: string, what: string): MineOneError {
  return new MineOneError('VALUE_REFUSED', `a record holds plain data: ${kind} ${what} is refused`);
}
