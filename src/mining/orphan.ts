/**
 * Why a block of ours is not on the chain (docs/commands.md, «orphaned»): decided by what stands at its height instead.
 */

import { equalBytes, joinBytes } from '../chain/encoding/bytes.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { Head } from './round.ts';

/** A tipset looked up by a height: the last of at most that height, so a lower one in a null round. */
export interface Standing {
  readonly height: Epoch;
  /** The CIDs of its parents, one after another. */
  readonly parents: Uint8Array;
  /** Each by its CID (38 bytes) and its miner, `f01000`. */
  readonly blocks: readonly { readonly cid: Uint8Array; readonly miner: string }[];
}

export type OrphanReason =
  /** Another block of the same miner stands there. */
  | 'equivocation'
  /** It was on the chain, which then went another way. */
  | 'lighter-tipset'
  /** It went out when the others had their base already. */
  | 'late-broadcast'
  /** The chain went on from another base than ours. */
  | 'base-differs'
  /** On the same base and in time, and yet nobody built on it. */
  | 'not-seen';

/** A block of ours that does not stand there. */
export interface Orphan {
  readonly miner: string;
  readonly epoch: Epoch;
  readonly base: Head;
  /** It went out after the give-up. */
  readonly wasLate: boolean;
  /** It was seen on the chain before. */
  readonly wasThere: boolean;
}

export function holdsBlock({ blocks }: Standing, cid: Uint8Array): boolean {
  return blocks.some((block) => equalBytes(block.cid, cid));
}

/** `standing` was looked up at the block's own epoch. */
export function orphanReason({ miner, epoch, base, wasLate, wasThere }: Orphan, standing: Standing): OrphanReason {
  if (standing.height === epoch && standing.blocks.some((block) => block.miner === miner)) return 'equivocation';
  if (wasThere) return 'lighter-tipset';
  if (wasLate) return 'late-broadcast';
  // In a null round it is the base that stands there, if the chain is still on it.
  const stoodOn = standing.height === epoch ? standing.parents : cidsOf(standing);
  return equalBytes(stoodOn, cidsOf(base)) ? 'not-seen' : 'base-differs';
}

function cidsOf({ blocks }: Pick<Standing | Head, 'blocks'>): Uint8Array {
  return joinBytes(blocks.map(({ cid }) => cid));
}
