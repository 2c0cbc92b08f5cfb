/**
 * CBOR without a schema (DAG-CBOR, canonical as in cbor.ts): state objects whose fields depend on the version of their
 * actor (docs/protocol.md 4.6), and items that are passed over or carried along as they are: the values of AMTs and
 * HAMTs.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { compareBytes } from '../encoding/bytes.ts';
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
  readerOf,
  readHead,
  readLink,
  readMapHead,
  readNull,
  readText,
} from '../encoding/cbor.ts';
import type { CID } from '../encoding/cid.ts';
import { type GetBlock, requireBlock } from './block-store.ts';

/** Integers as bigints; maps have texts as keys, the shorter first, then in the order of their bytes. */
export type CborValue = null | boolean | bigint | string | Uint8Array | CID | readonly CborValue[] | ReadonlyMap<string, CborValue>;

/** Arrays and maps inside one another; the deepest object of the chain has 6. */
const DEPTH_MAX = 64;

/** The input bounds every length. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER;
const LINK_TAG = 42;

/** The value, all of the bytes read; throws `DecodeError` for anything that is not canonical. */
export function decodeCborValue(bytes: Uint8Array): CborValue {
  const r = readerOf(bytes);
  const value = readValue(r);
  finish(r);
  return value;
}

export function readValue(r: Reader, depth = 0): CborValue {
  if (depth > DEPTH_MAX) throw new DecodeError('CBOR_TOO_DEEP', `arrays and maps more than ${DEPTH_MAX} deep`);
  switch (peekMajor(r)) {
    case MAJOR_UINT:
      return BigInt(readHead(r, MAJOR_UINT));
    case MAJOR_NEGATIVE:
      return -1n - BigInt(readHead(r, MAJOR_NEGATIVE));
    case MAJOR_BYTES:
      return readBytes(r, UNBOUNDED);
    case MAJOR_TEXT:
      return readText(r, UNBOUNDED);
    case MAJOR_ARRAY:
      return readItems(r, depth);
    case MAJOR_MAP:
      return readMap(r, depth);
    case MAJOR_TAG:
      return readLink(r);
    default:
      return peekNull(r) ? readNull(r) : readBool(r);
  }
}

function readItems(r: Reader, depth: number): readonly CborValue[] {
  const items: CborValue[] = [];
  for (let left = readArrayHead(r, UNBOUNDED); left > 0; left--) items.push(readValue(r, depth + 1));
  return items;
}

function readMap(r: Reader, depth: number): ReadonlyMap<string, CborValue> {
  const map = new Map<string, CborValue>();
  let last: Uint8Array | undefined;
  for (let left = readMapHead(r, UNBOUNDED); left > 0; left--) {
    const start = r.offset;
    const key = readText(r, UNBOUNDED);
    // A longer text has a greater head, so the encodings are in this order when the keys are.
    const encoded = r.bytes.subarray(start, r.offset);
    if (last !== undefined && compareBytes(last, encoded) >= 0) throw new DecodeError('CBOR_NOT_CANONICAL', 'the keys of a map are not in order');
    last = encoded;
    map.set(key, readValue(r, depth + 1));
  }
  return map;
}

/**
 * The bytes of one item of whatever kind, as a view of the input: its heads are checked, its texts and links are not
 * read.
 */
export function readRaw(r: Reader): Uint8Array {
  const start = r.offset;
  for (let left = 1; left > 0; left--) left += passHead(r);
  return r.bytes.subarray(start, r.offset);
}

/** Passes over a head and the bytes that belong to it; the number of items that follow inside. */
function passHead(r: Reader): number {
  const major = peekMajor(r);
  switch (major) {
    case MAJOR_UINT:
    case MAJOR_NEGATIVE:
      readHead(r, major);
      return 0;
    case MAJOR_BYTES:
    case MAJOR_TEXT:
      passString(r, major);
      return 0;
    case MAJOR_ARRAY:
      return readArrayHead(r, UNBOUNDED);
    case MAJOR_MAP:
      return 2 * readMapHead(r, UNBOUNDED);
    case MAJOR_TAG: {
      const tag = readHead(r, MAJOR_TAG);
      if (tag !== LINK_TAG) throw new DecodeError('CBOR_TYPE', `expected a link (tag ${LINK_TAG}), got tag ${tag}`);
      passString(r, MAJOR_BYTES);
      return 0;
    }
    default:
      if (peekNull(r)) readNull(r);
      else readBool(r);
      return 0;
  }
}

function passString(r: Reader, major: number): void {
  const length = readHead(r, major);
  if (length > r.bytes.length - r.offset) {
    throw new DecodeError('CBOR_TRUNCATED', `${length} more bytes were announced and ${r.bytes.length - r.offset} are left`);
  }
  r.offset += Number(length);
}

/** Reads a whole block; an error names it. Throws `MissingBlockError`, and what `read` throws. */
export function readBlock<T>(get: GetBlock, cid: CID, what: string, read: (r: Reader) => T): T {
  const r = readerOf(requireBlock(get, cid, what));
  try {
    const value = read(r);
    finish(r);
    return value;
  } catch (error) {
    throw error instanceof DecodeError ? error.within(`${what} ${cid}`) : error;
  }
}
