/** The chain of a source as a table of tipsets, found by walking from its head to its genesis: small, and shared by all threads. */

import type { BlockHeader } from '../chain/block-header.ts';
import type { GetBlock } from '../chain/block-store.ts';
import { type CID, cidOfDigest } from '../chain/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MineOneError } from '../chain/error.ts';
import type { TipsetKey } from '../chain/tipset.ts';
import { blockAt, type HeaderAt } from './chain/block-at.ts';
import { headsOf, unique } from './chain/heads.ts';

const DIGEST_LENGTH = 32;
const ROWS_AT_FIRST = 1024;

/** Tipset i of `length`, in the order of heights. The arrays lie in shared memory; a structured clone of the table shares them. */
export interface ChainTable {
  readonly length: number;
  readonly heights: Float64Array;
  /** Digest of the CID of the first block found, 32 bytes each. */
  readonly digests: Uint8Array;
  /** Index of the tipset at or before this one whose parent state is in the source; -1 for none. */
  readonly states: Int32Array;
  /** CIDs of a row's blocks as texts, each once, where no row above names them: the head, and rows above which the chain goes astray. */
  readonly keys: ReadonlyMap<number, readonly string[]>;
  /** Tipsets beside the chain, of which heights say nothing: their keys stand at `length` and on. */
  readonly beside: number;
}

export interface ChainWalk {
  readonly table: ChainTable;
  /** The genesis header; `null` when the source's chain begins later. */
  readonly genesis: BlockHeader | null;
}

/**
 * Walks from the head down. What is not in the order of heights is beside the chain: a tipset no higher than its own base, or one that claims a height its
 * neighbours deny. Throws `CHAIN_HEAD_MISSING` without a head and `CHAIN_HEADER` when no root is a header.
 */
export function walkChain(get: GetBlock, roots: TipsetKey, onTipset: (height: Epoch) => void = () => {}): ChainWalk {
  const { main, beside } = headsOf(get, roots);
  const rows = growingRows();
  const loose = [...beside];
  let genesis: BlockHeader | null = null;
  let isBelowLast = false;
  for (let key = main; ; ) {
    const found = firstReadable(get, key);
    if (found === null) break;
    const { cid, header } = found;
    onTipset(header.height);
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
    if (header.height === 0) {
      genesis = header;
      break;
    }
    key = header.parents;
  }
  return { table: rows.table(loose), genesis };
}

/** CIDs of a row's blocks, each once: what its child calls parents. Rows from `length` on are those beside the chain. */
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

function firstReadable(get: GetBlock, key: TipsetKey): HeaderAt | null {
  for (const cid of key) {
    const block = blockAt(get, cid);
    if (block.header !== null) return block;
  }
  return null;
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
    table(loose: readonly TipsetKey[]): ChainTable {
      const table = emptyTable(count);
      for (let i = 0, last = -1; i < count; i++) {
        const row = count - 1 - i;
        if (held[row] === 1) last = i;
        table.heights[i] = heights[row] as number;
        table.digests.set(digests.subarray(row * DIGEST_LENGTH, (row + 1) * DIGEST_LENGTH), i * DIGEST_LENGTH);
        table.states[i] = last;
      }
      const keys = new Map([...named].map(([row, key]) => [count - 1 - row, textsOf(key)]));
      for (const [i, key] of loose.entries()) keys.set(count + i, textsOf(key));
      return { ...table, keys, beside: loose.length };
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
