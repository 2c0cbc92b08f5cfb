/**
 * Entries put into a HAMT that is there (docs/protocol.md 4.4): only the nodes on their paths are written anew; the
 * root is that of a tree built of all entries at once.
 */

import { ByteWriter } from '../encoding/byte-writer.ts';
import { compareBytes, equalBytes } from '../encoding/bytes.ts';
import { writeLink } from '../encoding/cbor.ts';
import { type CID, cidOf } from '../encoding/cid.ts';
import { sha256 } from '../encoding/hash.ts';
import type { Block, GetBlock } from './block-store.ts';
import { type BuiltHamt, buildPointer, type HamtEntry, type HamtLayout, type Hashed, slotOf } from './hamt.ts';
import { type HamtPointer, isBucket, readHamtNode, writeBucket, writeHamtNode, writePointerKey } from './hamt-node.ts';

interface Putting {
  readonly get: GetBlock;
  readonly layout: HamtLayout;
  readonly blocks: Block[];
}

/**
 * The map with these entries, keys given in any order and each once; `blocks` are the new nodes. Throws what reading
 * the tree throws.
 */
export function hamtPut(get: GetBlock, root: CID, layout: HamtLayout, entries: Iterable<HamtEntry>): BuiltHamt {
  const hashed = Array.from(entries, (entry): Hashed => ({ entry, hash: sha256(entry[0]) }));
  const putting: Putting = { get, layout, blocks: [] };
  return { root: hashed.length === 0 ? root : putNode(putting, root, hashed, 0), blocks: putting.blocks };
}

function putNode(putting: Putting, cid: CID, entries: readonly Hashed[], depth: number): CID {
  const { get, layout, blocks } = putting;
  const node = readHamtNode(get, cid, layout, depth === 0);
  const pointers = new Map<number, Uint8Array>(node.slots.map((slot, i) => [slot, rawPointer(layout, node.pointers[i] as HamtPointer)]));
  for (const [slot, group] of bySlot(layout, entries, depth)) {
    const at = node.slots.indexOf(slot);
    pointers.set(slot, putPointer(putting, at < 0 ? [] : (node.pointers[at] as HamtPointer), group, depth));
  }
  const slots = [...pointers.keys()].sort((a, b) => a - b);
  const w = new ByteWriter();
  writeHamtNode(
    w,
    slots,
    slots.map((slot) => pointers.get(slot) as Uint8Array),
  );
  const bytes = w.written();
  const block = { cid: cidOf(bytes), bytes };
  blocks.push(block);
  return block.cid;
}

function bySlot(layout: HamtLayout, entries: readonly Hashed[], depth: number): ReadonlyMap<number, Hashed[]> {
  const groups = new Map<number, Hashed[]>();
  for (const hashed of entries) {
    const slot = slotOf(hashed.hash, depth, layout);
    const group = groups.get(slot);
    if (group === undefined) groups.set(slot, [hashed]);
    else group.push(hashed);
  }
  return groups;
}

function putPointer(putting: Putting, pointer: HamtPointer, entries: readonly Hashed[], depth: number): Uint8Array {
  const { layout, blocks } = putting;
  if (!isBucket(pointer)) return rawPointer(layout, putNode(putting, pointer, entries, depth + 1));
  const kept = pointer.filter(([key]) => !entries.some(({ entry }) => equalBytes(entry[0], key)));
  const all = [...kept.map((entry): Hashed => ({ entry, hash: sha256(entry[0]) })), ...entries];
  all.sort((a, b) => compareBytes(a.hash, b.hash));
  return buildPointer(layout, all, depth, blocks);
}

/** A pointer as it stands in its node. */
function rawPointer(layout: HamtLayout, pointer: HamtPointer): Uint8Array {
  const w = new ByteWriter();
  writePointerKey(w, layout, isBucket(pointer) ? 'bucket' : 'link');
  if (isBucket(pointer)) writeBucket(w, pointer);
  else writeLink(w, pointer);
  return w.written();
}
