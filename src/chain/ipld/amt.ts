/**
 * AMTs, Filecoin's arrays (docs/protocol.md 2.7 and 4.4): built from values, read by index, walked in order. Which
 * bytes a node has: amt-node.ts.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import { writeLink } from '../encoding/cbor.ts';
import { type CID, cidOf } from '../encoding/cid.ts';
import { AMT_V2, type AmtLayout, type AmtNode, amtV3, indexMax, readAmtNode, readAmtRoot, writeAmtNode, writeAmtRoot } from './amt-node.ts';
import type { Block, GetBlock } from './block-store.ts';

export { AMT_V2, type AmtLayout, amtV3 };

/** An index and a value as raw CBOR. */
export type AmtEntry = readonly [index: bigint, value: Uint8Array];

/**
 * Nodes may stand in a tree many times, so small files can spell huge arrays: more values than this are refused unless
 * the caller says otherwise.
 */
export const AMT_COUNT_MAX = 1 << 24;

export interface BuiltAmt {
  readonly root: CID;
  /** Children before their parents, the root last. */
  readonly blocks: readonly Block[];
}

/** The AMT of these values (raw CBOR) at 0, 1, 2 … */
export function buildAmt(layout: AmtLayout, values: Iterable<Uint8Array>): BuiltAmt {
  let index = 0n;
  return buildFrom(
    layout,
    Array.from(values, (value): AmtEntry => [index++, value]),
  );
}

/** The AMT of entries in any order; throws `AMT_INDEX` for one that is out of range or given twice. */
export function buildSparseAmt(layout: AmtLayout, entries: Iterable<AmtEntry>): BuiltAmt {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  sorted.forEach(([index], i) => {
    if (index < 0n || index > indexMax(layout)) throw new DecodeError('AMT_INDEX', `index ${index} is not from 0 to ${indexMax(layout)}`);
    if (i > 0 && sorted[i - 1]?.[0] === index) throw new DecodeError('AMT_INDEX', `index ${index} is given twice`);
  });
  return buildFrom(layout, sorted);
}

/** What goes into one node: the node's own index on its level, its slots, and their contents as raw CBOR. */
interface Group {
  readonly index: bigint;
  readonly slots: number[];
  readonly items: Uint8Array[];
}

function buildFrom(layout: AmtLayout, entries: readonly AmtEntry[]): BuiltAmt {
  const blocks: Block[] = [];
  let height = 0;
  let groups = groupBySlot(layout, entries);
  // The least height at which one node, the first, holds everything.
  while (groups.length > 1 || (groups[0] as Group).index > 0n) {
    const links = groups.map(({ index, slots, items }): AmtEntry => {
      const w = new ByteWriter();
      writeAmtNode(w, layout, height, slots, items);
      const block = blockOf(w);
      blocks.push(block);
      return [index, rawLink(block.cid)];
    });
    groups = groupBySlot(layout, links);
    height++;
  }
  const { slots, items } = groups[0] as Group;
  const w = new ByteWriter();
  writeAmtRoot(w, layout, { height, count: entries.length });
  writeAmtNode(w, layout, height, slots, items);
  const root = blockOf(w);
  return { root: root.cid, blocks: [...blocks, root] };
}

/** At least one group, an empty one when there is nothing. */
function groupBySlot({ bitWidth }: AmtLayout, entries: readonly AmtEntry[]): readonly Group[] {
  const shift = BigInt(bitWidth);
  const groups: Group[] = [];
  for (const [index, item] of entries) {
    const parent = index >> shift;
    if (groups.at(-1)?.index !== parent) groups.push({ index: parent, slots: [], items: [] });
    const group = groups.at(-1) as Group;
    group.slots.push(Number(index - (parent << shift)));
    group.items.push(item);
  }
  return groups.length > 0 ? groups : [{ index: 0n, slots: [], items: [] }];
}

function blockOf(w: ByteWriter): Block {
  const bytes = w.written();
  return { cid: cidOf(bytes), bytes };
}

function rawLink(cid: CID): Uint8Array {
  const w = new ByteWriter();
  writeLink(w, cid);
  return w.written();
}

/** The raw CBOR at an index, `null` for none. Throws `DecodeError` (`AMT_…`) and `MissingBlockError`. */
export function amtGet(get: GetBlock, root: CID, layout: AmtLayout, index: bigint): Uint8Array | null {
  let { height, node } = readAmtRoot(get, root, layout);
  const shift = BigInt(layout.bitWidth);
  if (index < 0n || index >> (shift * BigInt(height + 1)) > 0n) return null;
  for (; ; height--) {
    const slot = Number((index >> (shift * BigInt(height))) & ((1n << shift) - 1n));
    const at = node.slots.indexOf(slot);
    if (at < 0) return null;
    if (height === 0) return node.values[at] as Uint8Array;
    node = readAmtNode(get, node.links[at] as CID, layout, height - 1);
  }
}

/** A subtree still to be walked: its node, or the link to it, and its least index. */
interface Subtree {
  readonly node: AmtNode | CID;
  readonly height: number;
  readonly first: bigint;
}

/**
 * All entries in the order of their indices, a node at a time as they are asked for. The root's count is compared with
 * what was found at the end only: take no entry for granted before the walk is over. Throws `DecodeError` (`AMT_…`;
 * `AMT_COUNT` at once for more than `countMax`) and `MissingBlockError`.
 */
export function* amtEntries(get: GetBlock, root: CID, layout: AmtLayout, countMax: number = AMT_COUNT_MAX): Generator<AmtEntry, void, undefined> {
  const { height, count, node } = readAmtRoot(get, root, layout);
  if (count > countMax) throw new DecodeError('AMT_COUNT', `${count} values where ${countMax} are allowed`);
  const stack: Subtree[] = [{ node, height, first: 0n }];
  let found = 0;
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { height, first } = top;
    const node = 'slots' in top.node ? top.node : readAmtNode(get, top.node, layout, height);
    const shift = BigInt(layout.bitWidth * height);
    for (let i = node.links.length - 1; i >= 0; i--) {
      stack.push({ node: node.links[i] as CID, height: height - 1, first: first + (BigInt(node.slots[i] as number) << shift) });
    }
    found += node.values.length;
    if (found > count) throw new DecodeError('AMT_COUNT', `more values than the count of ${count}`);
    for (const [i, value] of node.values.entries()) yield [checkedIndex(first + BigInt(node.slots[i] as number), layout), value];
  }
  if (BigInt(found) !== count) throw new DecodeError('AMT_COUNT', `${found} values and a count of ${count}`);
}

function checkedIndex(index: bigint, layout: AmtLayout): bigint {
  if (index > indexMax(layout)) throw new DecodeError('AMT_INDEX', `index ${index} is beyond ${indexMax(layout)}`);
  return index;
}
