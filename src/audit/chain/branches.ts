/**
 * Branches beside the chain: each root that is of no tipset with the chain's head, and what it stands on down to where
 * it meets the chain.
 */

import type { CID } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import type { TipsetKey } from '../../chain/tipset.ts';
import { blockAt, type HeaderAt } from './block-at.ts';
import { unique } from './heads.ts';

/**
 * Blocks beside the chain that are followed. A fork of Filecoin ends within 900 epochs; a file made to harm must not
 * fill the memory of every thread.
 */
export const BESIDE_MAX = 10_000;

export interface Branches {
  /** Their blocks by tipset, each block once, in the order of heights. */
  readonly tipsets: readonly BranchTipset[];
  /** Headers among them. */
  readonly headers: number;
  /** Whether there is more below than was followed. */
  readonly isCut: boolean;
}

export interface BranchTipset {
  readonly height: Epoch;
  readonly key: TipsetKey;
  /** Of roots: nothing stands on it. */
  readonly isHead: boolean;
}

export interface BranchStarts {
  readonly heads: readonly TipsetKey[];
  /** Parents that a block of the chain names and its siblings do not. */
  readonly parents: readonly TipsetKey[];
  /** Blocks that are looked at already, beside those that are on the chain. */
  readonly known: TipsetKey;
  readonly isOnChain: (cid: CID, height: Epoch) => boolean;
}

/** Roots are always there, whatever their number; what lies below them up to `most` blocks in all. */
export function branchesOf(get: GetBlock, { heads, parents, known, isOnChain }: BranchStarts, most = BESIDE_MAX): Branches {
  const seen = new Set(known.map(String));
  const room = seen.size + most;
  const tipsets: BranchTipset[] = [];
  const queue = [...heads, ...parents];
  let [headers, isCut] = [0, false];
  for (let next = 0; next < queue.length; next++) {
    const isHead = next < heads.length;
    const blocks = unique(queue[next] as TipsetKey).map((cid) => blockAt(get, cid));
    const fresh = blocks.filter(({ cid, header }) => !seen.has(cid.toString()) && (header === null || !isOnChain(cid, header.height)));
    const held = fresh.filter((block): block is HeaderAt => block.header !== null);
    const [first] = held;
    if (first === undefined) continue;
    if (!isHead && seen.size >= room) {
      isCut = true;
      continue;
    }
    for (const { cid } of fresh) seen.add(cid.toString());
    headers += held.length;
    tipsets.push({ height: first.header.height, key: fresh.map(({ cid }) => cid), isHead });
    queue.push(...parentsOf(held));
  }
  return { tipsets: tipsets.toSorted((a, b) => a.height - b.height), headers, isCut };
}

/** What blocks stand on, each base once: those of one tipset agree, and a file need not hold tipsets. */
export function parentsOf(blocks: readonly HeaderAt[]): readonly TipsetKey[] {
  if (blocks.length === 1) return blocks.map(({ header }) => header.parents);
  return [...new Map(blocks.map(({ header }) => [header.parents.join(), header.parents])).values()];
}
