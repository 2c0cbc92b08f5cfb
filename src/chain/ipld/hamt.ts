/**
 * HAMTs, Filecoin's maps (docs/protocol.md 4.4): built from entries, read by key, walked. A key's place is its SHA-256,
 * 5 bits a level. Which bytes a node has: hamt-node.ts.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import { compareBytes, equalBytes, toHex } from '../encoding/bytes.ts';
import { writeLink } from '../encoding/cbor.ts';
import { type CID, cidOf } from '../encoding/cid.ts';
import { sha256 } from '../encoding/hash.ts';
import type { Block, GetBlock } from './block-store.ts';
import {
  BUCKET_MAX,
  HAMT_V2,
  HAMT_V3,
  type HamtEntry,
  type HamtLayout,
  type HamtNode,
  type HamtPointer,
  isBucket,
  readHamtNode,
  writeBucket,
  writeHamtNode,
  writePointerKey,
} from './hamt-node.ts';
import { cidKey, recently } from './recent.ts';

export { HAMT_V2, HAMT_V3, type HamtEntry, type HamtLayout };

const HASH_BITS = 256;

/** Nodes of one source that lookups keep decoded, of at most 32 pointers each. */
const NODES_KEPT = 512;
const nodes = recently<HamtNode>(NODES_KEPT);

export interface BuiltHamt {
  readonly root: CID;
  /** Children before their parents, the root last. */
  readonly blocks: readonly Block[];
}

/** An entry with the hash of its key. */
export interface Hashed {
  readonly entry: HamtEntry;
  readonly hash: Uint8Array;
}

/** The HAMT of entries in any order; throws `HAMT_KEY` for a key given twice. */
export function buildHamt(layout: HamtLayout, entries: Iterable<HamtEntry>): BuiltHamt {
  const hashed = Array.from(entries, (entry): Hashed => ({ entry, hash: sha256(entry[0]) }));
  hashed.sort((a, b) => compareBytes(a.hash, b.hash));
  hashed.forEach(({ entry: [key] }, i) => {
    if (i > 0 && equalBytes((hashed[i - 1] as Hashed).entry[0], key)) throw new DecodeError('HAMT_KEY', `the key ${toHex(key)} is given twice`);
  });
  const blocks: Block[] = [];
  const root = buildNode(layout, hashed, 0, blocks);
  return { root, blocks };
}

/** Entries in the order of their hashes: those of one slot lie together. */
function buildNode(layout: HamtLayout, entries: readonly Hashed[], depth: number, blocks: Block[]): CID {
  const slots: number[] = [];
  const pointers: Uint8Array[] = [];
  for (let start = 0; start < entries.length; ) {
    const slot = slotOf((entries[start] as Hashed).hash, depth, layout);
    let end = start + 1;
    while (end < entries.length && slotOf((entries[end] as Hashed).hash, depth, layout) === slot) end++;
    slots.push(slot);
    pointers.push(buildPointer(layout, entries.slice(start, end), depth, blocks));
    start = end;
  }
  const w = new ByteWriter();
  writeHamtNode(w, slots, pointers);
  const bytes = w.written();
  const cid = cidOf(bytes);
  blocks.push({ cid, bytes });
  return cid;
}

/** A pointer as raw CBOR to entries of one slot, in the order of their hashes; nodes below it go to `blocks`. */
export function buildPointer(layout: HamtLayout, entries: readonly Hashed[], depth: number, blocks: Block[]): Uint8Array {
  const w = new ByteWriter();
  if (entries.length > BUCKET_MAX) {
    writePointerKey(w, layout, 'link');
    writeLink(w, buildNode(layout, entries, depth + 1, blocks));
  } else {
    writePointerKey(w, layout, 'bucket');
    writeBucket(
      w,
      entries.map(({ entry }) => entry).sort(([a], [b]) => compareBytes(a, b)),
    );
  }
  return w.written();
}

/**
 * The value of a key as raw CBOR, `null` for none: reads one path. Throws `DecodeError` (`HAMT_…`) and
 * `MissingBlockError`.
 */
export function hamtGet(get: GetBlock, root: CID, layout: HamtLayout, key: Uint8Array): Uint8Array | null {
  const hash = sha256(key);
  let node = nodeOf(get, root, layout, true);
  for (let depth = 0; ; depth++) {
    const at = node.slots.indexOf(slotOf(hash, depth, layout));
    const pointer = node.pointers[at];
    if (pointer === undefined) return null;
    if (isBucket(pointer)) return pointer.find((entry) => equalBytes(entry[0], key))?.[1] ?? null;
    node = nodeOf(get, pointer, layout, false);
  }
}

function nodeOf(get: GetBlock, cid: CID, layout: HamtLayout, isRoot: boolean): HamtNode {
  return nodes(get, `${layout.version} ${layout.bitWidth} ${isRoot} ${cidKey(cid)}`, () => readHamtNode(get, cid, layout, isRoot));
}

/** A pointer and the slots that lead to it. */
interface Place {
  readonly pointer: HamtPointer;
  readonly path: readonly number[];
}

/**
 * All entries in the order of the tree (that of the keys' hashes), a node at a time as they are asked for. Every key is
 * checked to be where it belongs, so no node can stand in the tree twice. Throws `DecodeError` (`HAMT_…`) and
 * `MissingBlockError`.
 */
export function* hamtEntries(get: GetBlock, root: CID, layout: HamtLayout): Generator<HamtEntry, void, undefined> {
  const stack = placesOf(readHamtNode(get, root, layout, true), []);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { pointer, path } = top;
    if (isBucket(pointer)) {
      for (const entry of pointer) {
        checkPlace(entry[0], path, layout);
        yield entry;
      }
    } else {
      if ((path.length + 1) * layout.bitWidth > HASH_BITS) throw tooDeep(path.length);
      stack.push(...placesOf(readHamtNode(get, pointer, layout, false), path));
    }
  }
}

/** Pointers of a node, the last slot first: what is pushed last is walked first. */
function placesOf({ slots, pointers }: HamtNode, path: readonly number[]): Place[] {
  return pointers.map((pointer, i) => ({ pointer, path: [...path, slots[i] as number] })).reverse();
}

function checkPlace(key: Uint8Array, path: readonly number[], layout: HamtLayout): void {
  const hash = sha256(key);
  path.forEach((slot, depth) => {
    if (slotOf(hash, depth, layout) !== slot) throw new DecodeError('HAMT_KEY', `the key ${toHex(key)} does not belong to slot ${path.join('/')}`);
  });
}

/** The slot of a hash at a depth: its bits from the most significant on. */
export function slotOf(hash: Uint8Array, depth: number, { bitWidth }: HamtLayout): number {
  const from = depth * bitWidth;
  if (from + bitWidth > HASH_BITS) throw tooDeep(depth);
  let slot = 0;
  for (let bit = from; bit < from + bitWidth; bit++) slot = (slot << 1) | (((hash[bit >> 3] as number) >> (7 - (bit & 7))) & 1);
  return slot;
}

function tooDeep(depth: number): DecodeError {
  return new DecodeError('HAMT_TOO_DEEP', `a tree of more than ${depth} levels, which is all that a hash can tell apart`);
}
