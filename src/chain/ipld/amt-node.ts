/**
 * Nodes and roots of AMTs (arrays as trees; docs/protocol.md 2.7 and 4.4), checked as go-amt-ipld v2.1.0 and v4 do when
 * they load them, and where those are lax as they write them.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import type { ByteWriter } from '../encoding/byte-writer.ts';
import { MAJOR_ARRAY, MAJOR_UINT, type Reader, readArrayHead, readBytes, readHead, readLink, writeBytes, writeHead } from '../encoding/cbor.ts';
import { type CID, CODEC_DAG_CBOR } from '../encoding/cid.ts';
import type { GetBlock } from './block-store.ts';
import { readBlock, readRaw } from './cbor-value.ts';

/**
 * A node has 2^bitWidth slots. Version 2: messages and receipts always, actors v0 and v2. Version 3 (and 4, the same):
 * actors v3 and later; its root carries the bit width.
 */
export interface AmtLayout {
  readonly version: 2 | 3;
  readonly bitWidth: number;
}

export const AMT_V2: AmtLayout = { version: 2, bitWidth: 3 };

export function amtV3(bitWidth: number): AmtLayout {
  return { version: 3, bitWidth };
}

/**
 * Ascending slots that hold something, and what: values as raw CBOR in a leaf, links to nodes one level down elsewhere.
 */
export interface AmtNode {
  readonly slots: readonly number[];
  readonly values: readonly Uint8Array[];
  readonly links: readonly CID[];
}

/** Height 0 is a leaf. */
export interface AmtRoot {
  readonly height: number;
  readonly count: bigint;
  readonly node: AmtNode;
}

/** Index limits of go-amt-ipld: 2^63 - 1 in version 2, 2^64 - 2 since. */
export function indexMax(layout: AmtLayout): bigint {
  return layout.version === 2 ? (1n << 63n) - 1n : (1n << 64n) - 2n;
}

/** Throws `DecodeError` with a code `AMT_…` or `CBOR_…`, and `MissingBlockError`. */
export function readAmtRoot(get: GetBlock, cid: CID, layout: AmtLayout): AmtRoot {
  return readBlock(get, cid, 'AMT', (r) => {
    const expected = layout.version === 2 ? 3 : 4;
    const fields = readArrayHead(r, expected);
    if (fields !== expected) throw new DecodeError('AMT_FIELDS', `expected ${expected} fields, got ${fields}`);
    const bitWidth = layout.version === 2 ? layout.bitWidth : readHead(r, MAJOR_UINT);
    if (bitWidth !== layout.bitWidth) throw new DecodeError('AMT_BIT_WIDTH', `expected a bit width of ${layout.bitWidth}, got ${bitWidth}`);
    const height = readHead(r, MAJOR_UINT);
    const count = BigInt(readHead(r, MAJOR_UINT));
    checkHeight(height, layout);
    const node = readNodeAt(r, layout, Number(height), true);
    checkRoot(Number(height), count, node, layout);
    return { height: Number(height), count, node };
  });
}

/** A node below the root: never empty. */
export function readAmtNode(get: GetBlock, cid: CID, layout: AmtLayout, height: number): AmtNode {
  return readBlock(get, cid, 'AMT node', (r) => readNodeAt(r, layout, height, false));
}

function checkHeight(height: number | bigint, layout: AmtLayout): void {
  // The slots of the root's children must be countable in 64 bits (version 2: the root's own in 63).
  const max = Math.ceil((layout.version === 2 ? 63 : 64) / layout.bitWidth) - 1;
  if (height > max) throw new DecodeError('AMT_HEIGHT', `a height of ${height} where ${max} is the most`);
}

function checkRoot(height: number, count: bigint, node: AmtNode, layout: AmtLayout): void {
  if (count > 1n << BigInt(layout.bitWidth * (height + 1))) throw new DecodeError('AMT_COUNT', `a count of ${count} in a tree of height ${height}`);
  if ((count === 0n) !== (node.slots.length === 0)) throw new DecodeError('AMT_COUNT', `a count of ${count} over ${node.slots.length} slots in the root`);
  // Version 2 loaded trees taller than they need be, so chains of its time may hold them.
  if (layout.version === 3 && height > 0 && (node.slots.at(-1) ?? 0) === 0) throw new DecodeError('AMT_HEIGHT', `a height of ${height}, more than it needs`);
}

function readNodeAt(r: Reader, layout: AmtLayout, height: number, isRoot: boolean): AmtNode {
  const fields = readArrayHead(r, 3);
  if (fields !== 3) throw new DecodeError('AMT_FIELDS', `expected 3 fields of a node, got ${fields}`);
  const slots = readBitmap(r, layout);
  const links = readMany(r, slots.length, readNodeLink);
  const values = readMany(r, slots.length, readRaw);
  if (links.length > 0 && values.length > 0) throw new DecodeError('AMT_NODE', 'a node with both links and values');
  if (links.length + values.length !== slots.length) {
    throw new DecodeError('AMT_NODE', `a bitmap of ${slots.length} bits over ${links.length} links and ${values.length} values`);
  }
  if (slots.length === 0 && !isRoot) throw new DecodeError('AMT_NODE', 'an empty node below the root');
  if (height === 0 ? links.length > 0 : values.length > 0) throw new DecodeError('AMT_NODE', `${height === 0 ? 'links' : 'values'} at height ${height}`);
  return { slots, links, values };
}

function readBitmap(r: Reader, layout: AmtLayout): readonly number[] {
  const width = 2 ** layout.bitWidth;
  const length = bitmapLength(layout);
  const bitmap = readBytes(r, length);
  if (bitmap.length !== length) throw new DecodeError('AMT_BITMAP', `a bitmap of ${bitmap.length} bytes where ${length} are due`);
  const slots: number[] = [];
  for (let slot = 0; slot < 8 * length; slot++) if (((bitmap[slot >> 3] as number) >> (slot & 7)) & 1) slots.push(slot);
  if ((slots.at(-1) ?? 0) >= width) throw new DecodeError('AMT_BITMAP', `slot ${slots.at(-1)} in a node of ${width}`);
  return slots;
}

function readMany<T>(r: Reader, max: number, readOne: (r: Reader) => T): readonly T[] {
  const items: T[] = [];
  for (let left = readArrayHead(r, max); left > 0; left--) items.push(readOne(r));
  return items;
}

function readNodeLink(r: Reader): CID {
  const cid = readLink(r);
  if (cid.code !== CODEC_DAG_CBOR) throw new DecodeError('AMT_LINK', `a link to ${cid}, which is not dag-cbor`);
  return cid;
}

/** Writes the root's array around the node. */
export function writeAmtRoot(w: ByteWriter, layout: AmtLayout, root: { readonly height: number; readonly count: number }): void {
  writeHead(w, MAJOR_ARRAY, layout.version === 2 ? 3 : 4);
  if (layout.version === 3) writeHead(w, MAJOR_UINT, layout.bitWidth);
  writeHead(w, MAJOR_UINT, root.height);
  writeHead(w, MAJOR_UINT, root.count);
}

/** Items are raw CBOR: of values at height 0, of links above. */
export function writeAmtNode(w: ByteWriter, layout: AmtLayout, height: number, slots: readonly number[], items: readonly Uint8Array[]): void {
  const bitmap = new Uint8Array(bitmapLength(layout));
  for (const slot of slots) bitmap[slot >> 3] = (bitmap[slot >> 3] as number) | (1 << (slot & 7));
  writeHead(w, MAJOR_ARRAY, 3);
  writeBytes(w, bitmap);
  writeHead(w, MAJOR_ARRAY, height === 0 ? 0 : items.length);
  if (height > 0) for (const item of items) w.raw(item);
  writeHead(w, MAJOR_ARRAY, height === 0 ? items.length : 0);
  if (height === 0) for (const item of items) w.raw(item);
}

function bitmapLength(layout: AmtLayout): number {
  return Math.max(1, 2 ** layout.bitWidth / 8);
}
