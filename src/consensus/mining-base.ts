/** What a block is mined on: a tipset and the null rounds since, and how a late look at the head may change it (docs/protocol.md 0, FRC-0051). */

import type { BlockHeader } from '../chain/block-header.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MineOneError } from '../chain/error.ts';
import { equalKeys, type Tipset, tipsetOf } from '../chain/tipset.ts';

export interface MiningBase {
  readonly tipset: Tipset;
  /** Epochs between the tipset and the one that is mined: computed, never counted up. */
  readonly nullRounds: number;
}

/** Base for mining `epoch` on a tipset; throws `EPOCH_NOT_AFTER_BASE`. */
export function miningBase(tipset: Tipset, epoch: Epoch): MiningBase {
  if (epoch <= tipset.height) throw new MineOneError('EPOCH_NOT_AFTER_BASE', `epoch ${epoch} cannot be mined on a tipset of height ${tipset.height}`);
  return { tipset, nullRounds: epoch - tipset.height - 1 };
}

export function miningEpoch(base: MiningBase): Epoch {
  return base.tipset.height + base.nullRounds + 1;
}

/**
 * The base refreshed at the equivocation cut-off: the blocks of the old base that the new head of the same height and parents still has.
 * A miner that equivocated is gone from the head; a block that came after our choice is not taken in, as others may not have seen it in time.
 * `null` when nothing is left or the head is of another height or other parents: then the old base is kept.
 */
export function intersectBases(old: Tipset, head: Tipset): Tipset | null {
  if (old.height !== head.height || !equalKeys(old.parents, head.parents)) return null;
  const blocks: BlockHeader[] = old.blocks.filter((_, i) => head.key.some((cid) => cid.equals(old.key[i])));
  return blocks.length === 0 ? null : tipsetOf(blocks);
}
