/**
 * Whether a miner may mine at all, by its power and its record (docs/protocol.md 2.13 step 7 and 4.3; lotus
 * chain/stmgr/actors.go:422-484).
 */

import type { Epoch } from '../chain/epoch.ts';

export interface LookbackClaim {
  readonly rawBytePower: bigint;
  readonly qualityAdjPower: bigint;
}

export interface ConsensusMinimum {
  /** Power in bytes. */
  readonly minimum: bigint;
  /** Miners above it. */
  readonly minersAbove: bigint;
  /** Of the power state: 0 for actors v0, which counted and compared otherwise. */
  readonly actorsVersion: number;
}

const MIN_MINERS = 4n;
const MIN_MINERS_V0 = 3n;

/** Miners above the minimum from which on it is asked of everybody. */
export function minersAskedFrom(actorsVersion: number): bigint {
  return actorsVersion === 0 ? MIN_MINERS_V0 : MIN_MINERS;
}

/**
 * Whether the claim meets the consensus minimum (specs-actors power_state.go MinerNominalPowerMeetsConsensusMinimum).
 */
export function meetsConsensusMinimum(claim: LookbackClaim, { minimum, minersAbove, actorsVersion }: ConsensusMinimum): boolean {
  if (actorsVersion === 0) return claim.qualityAdjPower >= minimum || (minersAbove < minersAskedFrom(actorsVersion) && claim.qualityAdjPower >= 0n);
  return claim.rawBytePower >= minimum || (minersAbove < minersAskedFrom(actorsVersion) && claim.rawBytePower > 0n);
}

/** Asked of the state before the base from network version 4 on. */
export interface MinerStanding {
  /** Quality-adjusted power. */
  readonly power: bigint;
  readonly feeDebt: bigint;
  /** Last epoch of the exclusion after a consensus fault; -1 for none. */
  readonly consensusFaultElapsed: Epoch;
}

export const STANDING_FROM_VERSION = 4;

export type StandingFault = 'zero-claim' | 'fee-debt' | 'consensus-fault';

/** What keeps the miner from mining on a base of this height; `null` for nothing. */
export function standingFault({ power, feeDebt, consensusFaultElapsed }: MinerStanding, baseHeight: Epoch): StandingFault | null {
  if (power <= 0n) return 'zero-claim';
  if (feeDebt > 0n) return 'fee-debt';
  return baseHeight <= consensusFaultElapsed ? 'consensus-fault' : null;
}
