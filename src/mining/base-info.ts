/**
 * What a node knows of a miner at the beginning of a round: `MinerGetBaseInfo` from the chain's states
 * (docs/protocol.md 2.13), with the reason where a miner may not mine.
 */

import { type Address, formatAddress, idAddress, idOf } from '../chain/address.ts';
import type { BeaconEntry } from '../chain/beacon-entry.ts';
import { type BitField, bitFieldCount, bitFieldNth } from '../chain/encoding/bit-field.ts';
import type { CID } from '../chain/encoding/cid.ts';
import { keyAddress } from '../chain/state/account.ts';
import { type MinerState, readMiner } from '../chain/state/miner.ts';
import { claimOf, readPower } from '../chain/state/power.ts';
import { provingSet } from '../chain/state/proving-set.ts';
import { sectorOf } from '../chain/state/sector.ts';
import { meetsConsensusMinimum, STANDING_FROM_VERSION, standingFault } from '../consensus/eligibility.ts';
import { randomnessBase } from '../consensus/randomness.ts';
import type { Round, RuleState } from '../consensus/validation/round.ts';
import { winningPostSeed } from '../consensus/vrf.ts';
import { challengedSectorIndex, postRandomness } from '../consensus/winning-post.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Ineligibility } from './outcome.ts';

export interface SectorInfo {
  readonly number: bigint;
  readonly sealProof: number;
  readonly sealedCid: CID;
}

/** Power in bytes, of the lookback state. */
export interface MiningBaseInfo {
  readonly minerPower: bigint;
  readonly networkPower: bigint;
  /** The one that is challenged. */
  readonly sectors: readonly SectorInfo[];
  readonly workerKey: Address;
  readonly sectorSize: bigint;
  readonly previousBeacon: BeaconEntry;
  readonly beaconEntries: readonly BeaconEntry[];
  readonly eligible: boolean;
  /** Why not, where it is known: a node's own answer does not say. */
  readonly reason: Ineligibility | null;
}

/** Sectors of a miner by the rule of a network version: {@link provingSet}, or what remembers it. */
export type ProvingSets = typeof provingSet;

/**
 * `entries`: those that a block of the round carries. `null` for a miner that is not in the lookback state, or has no
 * active sector there. Throws `NODE_NO_WORKER`.
 */
export function miningBaseInfo(round: Round, miner: Address, entries: readonly BeaconEntry[], setOf: ProvingSets = provingSet): MiningBaseInfo | null {
  const state = round.lookbackState();
  const found = state === null ? null : readMiner(state.tree, idOf(miner));
  if (state === null || found === null) return null;
  const previousBeacon = round.previousBeacon();
  const sector = challengedSector(round, found, setOf(found, round.baseVersion), randomnessBase(entries, previousBeacon));
  if (sector === null) return null;
  const power = readPower(state.tree);
  const workerKey = keyAddress(state.tree, idOf(found.info.worker));
  if (workerKey === null) throw new MineOneError('NODE_NO_WORKER', `the worker of ${formatAddress(miner)} has no key in the state of ${state.asked}`);
  const reason = ineligibility(round, miner);
  return {
    minerPower: claimOf(power, idOf(miner))?.qualityAdjPower ?? 0n,
    networkPower: power.totalQualityAdjPower,
    sectors: [sector],
    workerKey,
    sectorSize: found.info.sectorSize,
    previousBeacon,
    beaconEntries: entries,
    eligible: reason === null,
    reason,
  };
}

function challengedSector(round: Round, miner: MinerState, sectors: BitField, rbase: Uint8Array): SectorInfo | null {
  const count = bitFieldCount(sectors);
  if (count === 0n) return null;
  const randomness = postRandomness(winningPostSeed(rbase, round.epoch, idAddress(miner.id)));
  const number = bitFieldNth(sectors, challengedSectorIndex(randomness, miner.id, count));
  const sector = number === null ? null : sectorOf(miner, number);
  return sector === null ? null : { number: sector.number, sealProof: Number(sector.sealProof), sealedCid: sector.sealedCid };
}

function ineligibility(round: Round, miner: Address): Ineligibility | null {
  const minimum = round.minimumState();
  if (minimum === null) return 'no-power-at-lookback';
  const power = readPower(minimum.tree);
  const claim = claimOf(power, idOf(miner));
  const rule = { minimum: round.params.consensusMinerMinPower, minersAbove: power.minerAboveMinPowerCount, actorsVersion: power.actorsVersion };
  if (claim === null) return 'no-power-at-lookback';
  if (!meetsConsensusMinimum(claim, rule)) return 'below-minimum-power';
  return round.baseVersion < STANDING_FROM_VERSION ? null : standing(round, round.baseState(), miner);
}

function standing(round: Round, { tree }: RuleState, miner: Address): Ineligibility | null {
  const found = readMiner(tree, idOf(miner));
  if (found === null) return 'miner-not-found';
  const power = claimOf(readPower(tree), idOf(miner))?.qualityAdjPower ?? 0n;
  const fault = standingFault({ power, feeDebt: found.feeDebt, consensusFaultElapsed: found.info.consensusFaultElapsed }, round.base.height);
  return fault === 'zero-claim' ? 'no-power-at-lookback' : fault;
}
