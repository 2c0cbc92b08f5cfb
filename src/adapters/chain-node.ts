/** A node over a chain that is already there: it tells what a node would have told at a time, computed from the chain's own states, and makes nothing (architecture.md, «a node over a CAR file»). */

import { type Address, formatAddress, idOf } from '../chain/address.ts';
import type { BeaconEntry } from '../chain/beacon-entry.ts';
import { bitFieldCount, bitFieldNth } from '../chain/bit-field.ts';
import type { CID } from '../chain/cid.ts';
import { type Epoch, epochAt } from '../chain/epoch.ts';
import { MineOneError } from '../chain/error.ts';
import { keyAddress } from '../chain/state/account.ts';
import { type MinerState, readMiner } from '../chain/state/miner.ts';
import { claimOf, readPower } from '../chain/state/power.ts';
import { provingSet } from '../chain/state/proving-set.ts';
import { sectorOf } from '../chain/state/sector.ts';
import { firstBlock, type Tipset } from '../chain/tipset.ts';
import { meetsConsensusMinimum, STANDING_FROM_VERSION, standingFault } from '../consensus/eligibility.ts';
import type { Ineligibility } from '../consensus/outcome.ts';
import { randomnessBase } from '../consensus/randomness.ts';
import type { ChainView } from '../consensus/validation/chain-view.ts';
import { type Judge, type Round, type RuleState, roundOf } from '../consensus/validation/round.ts';
import { winningPostSeed } from '../consensus/vrf.ts';
import { challengedSectorIndex, postRandomness } from '../consensus/winning-post.ts';
import type { Clock } from '../ports/clock.ts';
import type { MiningBaseInfo, Node, SectorInfo } from '../ports/node.ts';

/** A chain from its first tipset to its head. */
export interface RecordedChain extends ChainView {
  readonly head: Tipset;
  /** Last tipset of at most this height; throws `BLOCK_MISSING` below the first. */
  lastUpTo(epoch: Epoch): Tipset;
}

export function chainNode(chain: RecordedChain, judge: Omit<Judge, 'view'>, clock: Clock): Node {
  const { params } = judge;
  const now = (): Epoch => epochAt(params, BigInt(Math.floor(clock.now() / 1000)));
  return {
    head: async () => chain.lastUpTo(now()),
    beaconEntry: async (epoch) => beaconEntryOf(chain, epoch),
    miningBaseInfo: async (miner, epoch, base) => miningBaseInfo({ ...judge, view: chain }, chain, miner, epoch, chain.tipset(base)),
    selectMessages: async () => [],
    createBlock: () => refuse('createBlock'),
    submitBlock: () => refuse('submitBlock'),
    tipsetAt: async (height) => chain.lastUpTo(height),
  };
}

function refuse(call: string): Promise<never> {
  return Promise.reject(new MineOneError('NODE_READ_ONLY', `${call}: a recorded chain takes no blocks; run with --observe`));
}

/** The entry that the block at or after the epoch carries for it. */
function beaconEntryOf(chain: RecordedChain, epoch: Epoch): BeaconEntry {
  if (epoch > chain.head.height)
    throw new MineOneError('NODE_NO_BEACON', `the chain ends at ${chain.head.height}: nothing carries the beacon entry of ${epoch}`);
  const tipset = chain.firstFrom(chain.head, epoch);
  const parent = chain.tipset(tipset.parents);
  const { beaconEntries } = firstBlock(tipset);
  const entry = beaconEntries[beaconEntries.length - 1 - (tipset.height - epoch)];
  if (entry === undefined || epoch <= parent.height) throw new MineOneError('NODE_NO_BEACON', `no block carries the beacon entry of ${epoch}`);
  return entry;
}

/** What `MinerGetBaseInfo` answers (protocol.md 2.13), with the reason where there is one. */
function miningBaseInfo(judge: Judge, chain: RecordedChain, miner: Address, epoch: Epoch, base: Tipset): MiningBaseInfo | null {
  const round = roundOf(judge, base, epoch, stateRootAfter(chain, base));
  const state = round.lookbackState();
  const found = state === null ? null : readMiner(state.tree, idOf(miner));
  if (state === null || found === null) return null;
  const previousBeacon = round.previousBeacon();
  const beaconEntries = Array.from({ length: epoch - base.height }, (_, i) => beaconEntryOf(chain, base.height + i + 1));
  const sector = challengedSector(round, found, miner, randomnessBase(beaconEntries, previousBeacon));
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
    beaconEntries,
    eligible: reason === null,
    reason,
  };
}

/** Root of the state after a tipset: what its child calls the state before itself. */
function stateRootAfter(chain: RecordedChain, base: Tipset): CID {
  if (base.height === chain.head.height) return firstBlock(base).parentStateRoot;
  return firstBlock(chain.firstFrom(chain.head, base.height + 1)).parentStateRoot;
}

function challengedSector(round: Round, miner: MinerState, address: Address, rbase: Uint8Array): SectorInfo | null {
  const sectors = provingSet(miner, round.baseVersion);
  const count = bitFieldCount(sectors);
  if (count === 0n) return null;
  const randomness = postRandomness(winningPostSeed(rbase, round.epoch, address));
  const number = bitFieldNth(sectors, challengedSectorIndex(randomness, idOf(address), count));
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
