/**
 * Who keeps several instances from mining the same: all checks of the slash filter (src/mining/slash-filter.ts) in one
 * atomic step, that of later epochs too; idempotent by CID and never by owner.
 */

import type { CID } from '../chain/encoding/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { TipsetKey } from '../chain/tipset.ts';
import type { SlashFault } from '../consensus/slash-fault.ts';

export interface FenceClaim {
  /** `f01000` */
  readonly miner: string;
  readonly epoch: Epoch;
  readonly parents: TipsetKey;
  readonly baseHeight: Epoch;
  readonly cid: CID;
}

export type FenceVerdict =
  /** `cid` is that of the claim: the answer to another one grants nothing. */
  | { readonly verdict: 'granted'; readonly cid: CID }
  | { readonly verdict: 'conflict'; readonly kind: SlashFault; readonly by: string }
  | { readonly verdict: 'unknown' };

export interface Fence {
  /**
   * A claim whose signal is aborted before it begins claims nothing; of one that is aborted later nobody knows, and it
   * is made again.
   */
  claim(claim: FenceClaim, signal: AbortSignal): Promise<FenceVerdict>;
}
