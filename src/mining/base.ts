/** What a block is mined on, and what a later look at the head makes of it (docs/protocol.md 0, FRC-0051). */

import { compareBytes, equalBytes } from '../chain/encoding/bytes.ts';
import { type Head, minTicketOf } from './round.ts';

/** Where a head stands to a base. */
export type Place =
  | 'same'
  /** Lower: a node that lags, or catches up. Behind is not past: the chain has not gone on. */
  | 'behind'
  /** Other blocks of the same height. */
  | 'beside'
  /** Higher. */
  | 'ahead';

export function placeOf(base: Head, head: Head): Place {
  if (head.height !== base.height) return head.height < base.height ? 'behind' : 'ahead';
  return sameBlocks(base, head) ? 'same' : 'beside';
}

/**
 * Whether the chain went on without what stands on this base, or another way: a node whose head is below it, as one
 * that was away, does not say so.
 */
export function hasGoneOn(base: Head, head: Head): boolean {
  const place = placeOf(base, head);
  return place === 'ahead' || place === 'beside';
}

/**
 * The base after another look: a higher head takes its place; until the cut-off any other of its height does too, from
 * then on it only loses blocks.
 */
export function refreshBase(base: Head, head: Head, isCut: boolean): Head {
  const place = placeOf(base, head);
  if (place === 'same' || place === 'behind') return base;
  return place === 'beside' && isCut ? intersectBases(base, head) : head;
}

/** Whether another look leaves it as it is. */
export function standsFast(base: Head, head: Head, isCut: boolean): boolean {
  return placeOf(base, refreshBase(base, head, isCut)) === 'same';
}

/**
 * FRC-0051: the blocks of the base that a head of the same height and parents still has. A miner that equivocated is
 * gone from the head; a block that came after our choice is not taken in, as others may not have seen it in time. The
 * base itself where nothing is left, or the head is of another height or other parents.
 */
export function intersectBases(base: Head, head: Head): Head {
  if (head.height !== base.height || !equalBytes(head.parents, base.parents)) return base;
  const blocks = base.blocks.filter((block) => head.blocks.some(({ cid }) => equalBytes(cid, block.cid)));
  return blocks.length === 0 || blocks.length === base.blocks.length ? base : { ...base, blocks };
}

/** Whether two bases ask for the same ticket. */
export function sameMinTicket(a: Head, b: Head): boolean {
  return compareBytes(minTicketOf(a), minTicketOf(b)) === 0;
}

function sameBlocks(a: Head, b: Head): boolean {
  return a.blocks.length === b.blocks.length && a.blocks.every(({ cid }, i) => equalBytes(cid, b.blocks[i]?.cid ?? new Uint8Array(0)));
}
