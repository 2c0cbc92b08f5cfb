/** The chain of a source as a table of tipsets, found by walking from its head to its genesis: small, and shared by all threads. */

import { type BlockHeader, blockHeader } from '../chain/block-header.ts';
import type { GetBlock } from '../chain/block-store.ts';
import { type CID, CODEC_DAG_CBOR, cidOfDigest, HASH_BLAKE2B_256 } from '../chain/cid.ts';
import { decode } from '../chain/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { DecodeError, MineOneError } from '../chain/error.ts';
import type { TipsetKey } from '../chain/tipset.ts';

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
  /** CIDs of the head's blocks as texts, each once. */
  readonly head: readonly string[];
}

export interface ChainWalk {
  readonly table: ChainTable;
  /** The genesis header; `null` when the source's chain begins later. */
  readonly genesis: BlockHeader | null;
}

/** Walks from the head; throws `CHAIN_HEAD_MISSING` without a head and `CHAIN_HEADER` for what is no header, or stands at no lesser height than its child. */
export function walkChain(get: GetBlock, head: TipsetKey, onTipset: (height: Epoch) => void = () => {}): ChainWalk {
  const rows = growingRows();
  let key = head;
  let above = Number.POSITIVE_INFINITY;
  let genesis: BlockHeader | null = null;
  for (;;) {
    const found = firstHeld(get, key);
    if (found === null) break;
    const { cid, header } = found;
    if (header.height >= above) throw new MineOneError('CHAIN_HEADER', `block ${cid} has height ${header.height}, its child ${above}; parents lie below`);
    rows.push(header.height, cid.multihash.digest, get(header.parentStateRoot) !== undefined);
    onTipset(header.height);
    if (header.height === 0) {
      genesis = header;
      break;
    }
    above = header.height;
    key = header.parents;
  }
  if (rows.count() === 0) throw new MineOneError('CHAIN_HEAD_MISSING', `no block of the head {${head.join(', ')}} is in the source; is it a chain snapshot?`);
  return { table: rows.table(head), genesis };
}

/** CIDs of a row's blocks, each once: what its child calls parents. */
export function keyOf(get: GetBlock, table: ChainTable, index: number, parse: (text: string) => CID): TipsetKey {
  if (index === table.length - 1) return table.head.map(parse);
  const key = readHeader(get, cidAt(table, index + 1)).parents;
  return new Set(key.map(String)).size === key.length ? key : key.filter((cid, i) => key.findIndex((other) => other.equals(cid)) === i);
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

/** Throws `CHAIN_HEADER` for bytes that are no header. */
export function readHeader(get: GetBlock, cid: CID): BlockHeader {
  const bytes = get(cid);
  if (bytes === undefined) throw new MineOneError('CHAIN_HEADER', `block ${cid} is not in the source`);
  try {
    return decode(blockHeader, bytes);
  } catch (error) {
    if (error instanceof DecodeError) throw new MineOneError('CHAIN_HEADER', `${cid} is on the chain but is no block header: ${error.message}`);
    throw error;
  }
}

function firstHeld(get: GetBlock, key: TipsetKey): { readonly cid: CID; readonly header: BlockHeader } | null {
  for (const cid of key) {
    if (cid.code !== CODEC_DAG_CBOR || cid.multihash.code !== HASH_BLAKE2B_256) {
      // Genesis' parent is of another kind, but genesis is where the walk ends.
      throw new MineOneError('CHAIN_HEADER', `${cid} stands among the parents of a block, but is not dag-cbor with blake2b-256`);
    }
    if (get(cid) !== undefined) return { cid, header: readHeader(get, cid) };
  }
  return null;
}

/** Rows from the head downwards, turned round at the end. */
function growingRows() {
  let heights = new Float64Array(ROWS_AT_FIRST);
  let digests = new Uint8Array(ROWS_AT_FIRST * DIGEST_LENGTH);
  let held = new Uint8Array(ROWS_AT_FIRST);
  let count = 0;
  return {
    count: () => count,
    push(height: Epoch, digest: Uint8Array, state: boolean) {
      if (count === heights.length) {
        heights = enlarged(heights, new Float64Array(2 * count));
        digests = enlarged(digests, new Uint8Array(2 * count * DIGEST_LENGTH));
        held = enlarged(held, new Uint8Array(2 * count));
      }
      heights[count] = height;
      digests.set(digest, count * DIGEST_LENGTH);
      held[count] = state ? 1 : 0;
      count++;
    },
    table(head: TipsetKey): ChainTable {
      const table = emptyTable(count, head);
      for (let i = 0, last = -1; i < count; i++) {
        const row = count - 1 - i;
        if (held[row] === 1) last = i;
        table.heights[i] = heights[row] as number;
        table.digests.set(digests.subarray(row * DIGEST_LENGTH, (row + 1) * DIGEST_LENGTH), i * DIGEST_LENGTH);
        table.states[i] = last;
      }
      return table;
    },
  };
}

function enlarged<T extends Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(from: T, to: T): T {
  to.set(from);
  return to;
}

function emptyTable(length: number, head: TipsetKey): ChainTable {
  return {
    length,
    heights: new Float64Array(new SharedArrayBuffer(length * 8)),
    digests: new Uint8Array(new SharedArrayBuffer(length * DIGEST_LENGTH)),
    states: new Int32Array(new SharedArrayBuffer(length * 4)),
    head: [...new Set(head.map(String))],
  };
}
