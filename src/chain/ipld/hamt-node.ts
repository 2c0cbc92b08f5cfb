/** Nodes of HAMTs (maps as trees; docs/protocol.md 4.4), checked as go-hamt-ipld v3 does when it loads them. */

import { DecodeError } from '../../errors/mineone-error.ts';
import type { ByteWriter } from '../encoding/byte-writer.ts';
import { compareBytes, fromHex } from '../encoding/bytes.ts';
import {
  MAJOR_ARRAY,
  MAJOR_MAP,
  MAJOR_TAG,
  peekMajor,
  type Reader,
  readArrayHead,
  readBytes,
  readLink,
  readMapHead,
  readText,
  writeBytes,
  writeHead,
} from '../encoding/cbor.ts';
import { type CID, CODEC_DAG_CBOR } from '../encoding/cid.ts';
import type { GetBlock } from './block-store.ts';
import { readBlock, readRaw } from './cbor-value.ts';

/**
 * A node has 2^bitWidth slots. Version 2: actors v0 and v2, a pointer is a map of one key; version 3: actors v3 and
 * later, a pointer is the link or the bucket itself.
 */
export interface HamtLayout {
  readonly version: 2 | 3;
  readonly bitWidth: number;
}

/** 5 bits a level: all maps that are read here. */
export const HAMT_V2: HamtLayout = { version: 2, bitWidth: 5 };
export const HAMT_V3: HamtLayout = { version: 3, bitWidth: 5 };

/** A key and a value as raw CBOR. */
export type HamtEntry = readonly [key: Uint8Array, value: Uint8Array];

/** What a slot holds: 1 to 3 entries, or the link to a node one level down. */
export type HamtPointer = readonly HamtEntry[] | CID;

/** Ascending slots, and the pointer of each. */
export interface HamtNode {
  readonly slots: readonly number[];
  readonly pointers: readonly HamtPointer[];
}

export const BUCKET_MAX = 3;
/** The longest key of the chain is an address; this bounds hostile ones. */
const KEY_LENGTH_MAX = 8192;
/** `{"0": link}` and `{"1": bucket}` of version 2, without the value. */
const LINK_KEY = fromHex('a16130');
const BUCKET_KEY = fromHex('a16131');

export function isBucket(pointer: HamtPointer): pointer is readonly HamtEntry[] {
  return Array.isArray(pointer);
}

/**
 * Only the root may be empty, and only the root may hold no more entries than a bucket would. Throws `DecodeError`
 * (`HAMT_…`) and `MissingBlockError`.
 */
export function readHamtNode(get: GetBlock, cid: CID, layout: HamtLayout, isRoot: boolean): HamtNode {
  return readBlock(get, cid, isRoot ? 'HAMT' : 'HAMT node', (r) => {
    const node = readNode(r, layout);
    const direct = node.pointers.reduce((sum, pointer) => sum + (isBucket(pointer) ? pointer.length : BUCKET_MAX + 1), 0);
    if (!isRoot && direct <= BUCKET_MAX) throw new DecodeError('HAMT_NODE', `a node of ${direct} entries, which fit its parent's bucket`);
    return node;
  });
}

function readNode(r: Reader, layout: HamtLayout): HamtNode {
  const fields = readArrayHead(r, 2);
  if (fields !== 2) throw new DecodeError('HAMT_FIELDS', `expected 2 fields of a node, got ${fields}`);
  const slots = readBitfield(r, layout);
  const pointers: HamtPointer[] = [];
  const count = readArrayHead(r, slots.length);
  if (count !== slots.length) throw new DecodeError('HAMT_NODE', `a bitfield of ${slots.length} bits over ${count} pointers`);
  for (let i = 0; i < count; i++) pointers.push(readPointer(r, layout));
  return { slots, pointers };
}

/** Bits of a big-endian integer without leading zero bytes: bit i is slot i. */
function readBitfield(r: Reader, { bitWidth }: HamtLayout): readonly number[] {
  const bitfield = readBytes(r, Math.max(1, 2 ** bitWidth / 8));
  if (bitfield[0] === 0) throw new DecodeError('HAMT_BITFIELD', 'a bitfield with a leading zero byte');
  const slots: number[] = [];
  for (let slot = 0; slot < 8 * bitfield.length; slot++) {
    if (((bitfield.at(-1 - (slot >> 3)) as number) >> (slot & 7)) & 1) slots.push(slot);
  }
  if ((slots.at(-1) ?? 0) >= 2 ** bitWidth) throw new DecodeError('HAMT_BITFIELD', `slot ${slots.at(-1)} in a node of ${2 ** bitWidth}`);
  return slots;
}

function readPointer(r: Reader, layout: HamtLayout): HamtPointer {
  if (layout.version === 3) return peekMajor(r) === MAJOR_TAG ? readNodeLink(r) : readBucket(r, layout);
  if (peekMajor(r) !== MAJOR_MAP || readMapHead(r, 1) !== 1) throw new DecodeError('HAMT_POINTER', 'a pointer is a map of one key');
  const key = readText(r, 1);
  if (key !== '0' && key !== '1') throw new DecodeError('HAMT_POINTER', `the key of a pointer is 0 or 1, got "${key}"`);
  return key === '0' ? readNodeLink(r) : readBucket(r, layout);
}

function readNodeLink(r: Reader): CID {
  const cid = readLink(r);
  if (cid.code !== CODEC_DAG_CBOR) throw new DecodeError('HAMT_POINTER', `a link to ${cid}, which is not dag-cbor`);
  return cid;
}

function readBucket(r: Reader, layout: HamtLayout): readonly HamtEntry[] {
  const count = readArrayHead(r, BUCKET_MAX);
  if (count === 0) throw new DecodeError('HAMT_BUCKET', 'an empty bucket');
  const bucket: HamtEntry[] = [];
  for (let i = 0; i < count; i++) bucket.push(readPair(r));
  checkKeys(bucket, layout);
  return bucket;
}

function readPair(r: Reader): HamtEntry {
  const fields = readArrayHead(r, 2);
  if (fields !== 2) throw new DecodeError('HAMT_FIELDS', `expected a key and a value, got ${fields} fields`);
  return [readBytes(r, KEY_LENGTH_MAX), readRaw(r)];
}

function checkKeys(bucket: readonly HamtEntry[], layout: HamtLayout): void {
  for (let i = 1; i < bucket.length; i++) {
    const order = compareBytes((bucket[i - 1] as HamtEntry)[0], (bucket[i] as HamtEntry)[0]);
    // go-hamt-ipld v2 did not sort a bucket that a delete folded, so chains of its time may hold such.
    if (order > 0 && layout.version === 3) throw new DecodeError('HAMT_BUCKET', 'the keys of a bucket are not in order');
    if (order === 0 || (i === 2 && compareBytes((bucket[0] as HamtEntry)[0], (bucket[2] as HamtEntry)[0]) === 0)) {
      throw new DecodeError('HAMT_BUCKET', 'a key stands twice in a bucket');
    }
  }
}

export function writeHamtNode(w: ByteWriter, slots: readonly number[], pointers: readonly Uint8Array[]): void {
  writeHead(w, MAJOR_ARRAY, 2);
  const bitfield = new Uint8Array(((slots.at(-1) ?? -1) >> 3) + 1);
  for (const slot of slots) {
    const at = bitfield.length - 1 - (slot >> 3);
    bitfield[at] = (bitfield[at] as number) | (1 << (slot & 7));
  }
  writeBytes(w, bitfield);
  writeHead(w, MAJOR_ARRAY, pointers.length);
  for (const pointer of pointers) w.raw(pointer);
}

/** Written before a link or a bucket: its key in version 2, nothing since. */
export function writePointerKey(w: ByteWriter, layout: HamtLayout, kind: 'link' | 'bucket'): void {
  if (layout.version === 2) w.raw(kind === 'link' ? LINK_KEY : BUCKET_KEY);
}

/** Entries in the order of their keys. */
export function writeBucket(w: ByteWriter, bucket: readonly HamtEntry[]): void {
  writeHead(w, MAJOR_ARRAY, bucket.length);
  for (const [key, value] of bucket) {
    writeHead(w, MAJOR_ARRAY, 2);
    writeBytes(w, key);
    w.raw(value);
  }
}
