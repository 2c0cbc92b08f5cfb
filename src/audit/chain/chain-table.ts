/**
 * The chain of a source as a table of tipsets, found by walking from its head to its genesis: small, and shared by all
 * threads.
 */

import type { BlockHeader } from '../../chain/block-header.ts';
import { type CID, cidOfDigest } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import type { TipsetKey } from '../../chain/tipset.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { blockAt, type HeaderAt } from './block-at.ts';
import { type Branches, branchesOf, parentsOf } from './branches.ts';
import { sourceHeads, unique } from './heads.ts';

const DIGEST_LENGTH = 32;
const ROWS_AT_FIRST = 1024;

/**
 * Tipset i of `length`, in the order of heights. The arrays lie in shared memory; a structured clone of the table
 * shares them.
 */
export interface ChainTable {
  readonly length: number;
  readonly heights: Float64Array;
  /** Digest of the CID of the first block found, 32 bytes each. */
  readonly digests: Uint8Array;
  /** Index of the tipset at or before this one whose parent state is in the source; -1 for none. */
  readonly states: Int32Array;
  /**
   * CIDs of a row's blocks as texts, each once, where no row above names them: the head, and rows above which the chain
   * goes astray.
   */
  readonly keys: ReadonlyMap<number, readonly string[]>;
  /** Tipsets beside the chain, of which heights say nothing: their keys stand at `length` and on. */
  readonly beside: number;
  /** Rows of tipsets that roots make: no child carries a verdict on what they are as a tipset. */
  readonly heads: ReadonlySet<number>;
}

export interface ChainWalk {
  readonly table: ChainTable;
  /** Headers that the roots lead to, as far as they were followed. */
  readonly headers: number;
  /** Whether branches beside the chain go deeper than they were followed. */
  readonly isCut: boolean;
  /** How many of the last rows beside the chain are out of its order, and of no branch. */
  readonly loose: number;
  /** The genesis header; `null` when the source's chain begins later. */
  readonly genesis: BlockHeader | null;
}

/**
 * Walks from the head down, then from each other root down to where it meets the chain. What is not in the order of
 * heights is beside the chain too: a tipset no higher than its own base, or one that claims a height its neighbours
 * deny. Throws `CHAIN_HEAD_MISSING` without a head and `CHAIN_HEADER` when no root is a header.
 */
export function walkChain(get: GetBlock, roots: TipsetKey, onTipset: (height: Epoch) => void = () => {}): ChainWalk {
  const { main, beside } = sourceHeads(get, roots);
  const rows = growingRows();
  const loose: TipsetKey[] = [];
  const parents: TipsetKey[] = [];
  let genesis: BlockHeader | null = null;
  let [isBelowLast, headers] = [false, 0];
  for (let key = main; ; ) {
    const held = headersOf(get, key);
    const [found] = held;
    if (found === undefined) break;
    const { cid, header } = found;
    onTipset(header.height);
    headers += held.length;
    const [last, beforeLast] = rows.lastHeights();
    const isOdd = header.height < 0 || header.height >= beforeLast;
    if (isOdd) loose.push(key);
    else {
      const isLastOdd = header.height >= last;
      if (isLastOdd) loose.push(rows.pop());
      const row = { height: header.height, digest: cid.multihash.digest, hasState: get(header.parentStateRoot) !== undefined, key };
      rows.push(row, isBelowLast && !isLastOdd);
    }
    isBelowLast = !isOdd;
    parents.push(...parentsOf(held).slice(1));
    if (header.height === 0) {
      genesis = header;
      break;
    }
    key = header.parents;
  }
  const table = rows.table();
  const branches = branchesOf(get, { heads: beside, parents, known: loose.flat(), isOnChain: (cid, height) => isInRow(get, table, cid, height) });
  return { table: withBeside(table, branches, loose), headers: headers + branches.headers, isCut: branches.isCut, loose: loose.length, genesis };
}

function headersOf(get: GetBlock, key: TipsetKey): readonly HeaderAt[] {
  return unique(key)
    .map((cid) => blockAt(get, cid))
    .filter((block): block is HeaderAt => block.header !== null);
}

/** Whether a block is in the chain's tipset of its height. */
function isInRow(get: GetBlock, table: ChainTable, cid: CID, height: Epoch): boolean {
  const row = indexFrom(table, height);
  if (row === table.length || heightAt(table, row) !== height) return false;
  return table.keys.get(row)?.includes(cid.toString()) ?? readHeaderAt(get, cidAt(table, row + 1)).parents.some((parent) => parent.equals(cid));
}

/** The branches' tipsets after the chain's, then those that are out of order. */
function withBeside(table: ChainTable, { tipsets }: Branches, loose: readonly TipsetKey[]): ChainTable {
  const keys = new Map(table.keys);
  const beside = [...tipsets.map(({ key }) => key), ...loose];
  for (const [i, key] of beside.entries()) keys.set(table.length + i, textsOf(key));
  const heads = new Set([table.length - 1, ...tipsets.flatMap(({ isHead }, i) => (isHead ? [table.length + i] : []))]);
  return { ...table, keys, beside: beside.length, heads };
}

/**
 * CIDs of a row's blocks, each once: what its child calls parents. Rows from `length` on are those beside the chain.
 */
export function keyOf(get: GetBlock, table: ChainTable, index: number, parse: (text: string) => CID): TipsetKey {
  const named = table.keys.get(index);
  if (named !== undefined) return named.map(parse);
  return unique(readHeaderAt(get, cidAt(table, index + 1)).parents);
}

export function heightAt(table: ChainTable, index: number): Epoch {
  return table.heights[index] as number;
}

/** Index of the first row of at least this height; `length` when all are lower. */
export function indexFrom(table: ChainTable, height: Epoch): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (heightAt(table, middle) < height) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function cidAt(table: ChainTable, index: number): CID {
  return cidOfDigest(table.digests.slice(index * DIGEST_LENGTH, (index + 1) * DIGEST_LENGTH));
}

/** The header of a row; throws `CHAIN_HEADER` when the source is no longer what was walked. */
export function readHeaderAt(get: GetBlock, cid: CID): BlockHeader {
  const { header } = blockAt(get, cid);
  if (header === null) throw new MineOneError('CHAIN_HEADER', `block ${cid} is no longer in the source`);
  return header;
}

interface Row {
  readonly height: Epoch;
  readonly digest: Uint8Array;
  readonly hasState: boolean;
  readonly key: TipsetKey;
}

/** Rows from the head downwards, turned round at the end. */
function growingRows() {
  let heights = new Float64Array(ROWS_AT_FIRST);
  let digests = new Uint8Array(ROWS_AT_FIRST * DIGEST_LENGTH);
  let held = new Uint8Array(ROWS_AT_FIRST);
  let count = 0;
  let lastKey: TipsetKey = [];
  const named = new Map<number, TipsetKey>();
  return {
    /** Of the last row and of the one before it; infinite where there is none. */
    lastHeights: () => [heights[count - 1] ?? Number.POSITIVE_INFINITY, heights[count - 2] ?? Number.POSITIVE_INFINITY] as const,
    /** `isBelowLast`: the last row names this one as its parents. */
    push({ height, digest, hasState, key }: Row, isBelowLast: boolean) {
      if (count === heights.length) {
        heights = enlarged(heights, new Float64Array(2 * count));
        digests = enlarged(digests, new Uint8Array(2 * count * DIGEST_LENGTH));
        held = enlarged(held, new Uint8Array(2 * count));
      }
      heights[count] = height;
      digests.set(digest, count * DIGEST_LENGTH);
      held[count] = hasState ? 1 : 0;
      if (!isBelowLast) named.set(count, key);
      lastKey = key;
      count++;
    },
    /** Takes the last row away; that is done once between two pushes. */
    pop(): TipsetKey {
      count--;
      named.delete(count);
      return lastKey;
    },
    table(): ChainTable {
      const table = emptyTable(count);
      for (let i = 0, last = -1; i < count; i++) {
        const row = count - 1 - i;
        if (held[row] === 1) last = i;
        table.heights[i] = heights[row] as number;
        table.digests.set(digests.subarray(row * DIGEST_LENGTH, (row + 1) * DIGEST_LENGTH), i * DIGEST_LENGTH);
        table.states[i] = last;
      }
      const keys = new Map([...named].map(([row, key]) => [count - 1 - row, textsOf(key)]));
      return { ...table, keys, beside: 0, heads: new Set() };
    },
  };
}

function textsOf(key: TipsetKey): readonly string[] {
  return [...new Set(key.map(String))];
}

function enlarged<T extends Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(from: T, to: T): T {
  to.set(from);
  return to;
}

function emptyTable(length: number) {
  return {
    length,
    heights: new Float64Array(new SharedArrayBuffer(length * 8)),
    digests: new Uint8Array(new SharedArrayBuffer(length * DIGEST_LENGTH)),
    states: new Int32Array(new SharedArrayBuffer(length * 4)),
  };
}
