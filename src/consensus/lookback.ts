/**
 * Which past tipset's state decides who may mine an epoch (docs/protocol.md 2.13 and 4.3; lotus
 * chain/stmgr/utils.go:165-205).
 */

import type { Epoch } from '../chain/epoch.ts';
import type { NetworkParams } from './network/network.ts';
import { networkVersion } from './network/network.ts';

/** Epochs looked back: WinningPoStSectorSetLookback (ChainFinality) and, up to version 3, 10. */
const LOOKBACK = 900;
const LOOKBACK_FIRST = 10;
const FIRST_LOOKBACK_UNTIL_VERSION = 3;

/** Tipsets that are searched for the latest beacon entry, the base itself among them. */
export const BEACON_LOOKBACK_TIPSETS = 20;

/**
 * - `after-base`: the base itself is the lookback tipset, its state is the one after it.
 * - `before`: the state before the first tipset of height >= `epoch` on the base's chain; the lookback tipset is that
 * one's parents.
 * - `none`: more null rounds than the lookback; such a block is invalid.
 */
export type Lookback = { readonly kind: 'after-base' } | { readonly kind: 'before'; readonly epoch: Epoch } | { readonly kind: 'none' };

export function lookbackOf(params: NetworkParams, epoch: Epoch, baseHeight: Epoch): Lookback {
  const early = networkVersion(params, epoch) <= FIRST_LOOKBACK_UNTIL_VERSION;
  const target = lookbackEpoch(params, epoch);
  if (target < baseHeight) return { kind: 'before', epoch: target + 1 };
  return early || baseHeight === 0 ? { kind: 'after-base' } : { kind: 'none' };
}

/** The epoch at or before which the lookback tipset lies. */
export function lookbackEpoch(params: NetworkParams, epoch: Epoch): Epoch {
  const lookback = networkVersion(params, epoch) <= FIRST_LOOKBACK_UNTIL_VERSION ? LOOKBACK_FIRST : LOOKBACK;
  return Math.max(0, epoch - lookback);
}
