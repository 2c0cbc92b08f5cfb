/**
 * A miner's round in plain data, as machines hold it and records keep it: what they are given, and the one-call rules
 * between their steps (docs/protocol.md 0).
 */

import { parseAddress } from '../chain/address.ts';
import { equalBytes } from '../chain/encoding/bytes.ts';
import type { Epoch } from '../chain/epoch.ts';
import { electionDigest, electionLambda, winCount, winThresholds } from '../consensus/election.ts';
import { ticketQuality } from '../consensus/ticket-quality.ts';
import { electionVrfInput, ticketVrfInput, winningPostSeed } from '../consensus/vrf.ts';
import { postRandomness } from '../consensus/winning-post.ts';
import type { EpochOutcome, Ineligibility } from './outcome.ts';

/** A tipset as a base: its blocks in order, each by its CID (38 bytes) and its ticket (96). */
export interface Head {
  readonly height: Epoch;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** The CIDs of its parents, one after another. */
  readonly parents: Uint8Array;
  readonly blocks: readonly { readonly cid: Uint8Array; readonly ticket: Uint8Array }[];
  /**
   * Since when it was the head, as far as anybody noticed, in milliseconds since 1970: for what-if, and read by no
   * rule.
   */
  readonly since?: number;
}

export interface BeaconValue {
  readonly round: bigint;
  readonly data: Uint8Array;
}

/** The entries that a block on this base carries, and the one before them. */
export interface BeaconValues {
  readonly previous: BeaconValue;
  readonly entries: readonly BeaconValue[];
}

export interface ProvingSector {
  readonly number: bigint;
  readonly sealProof: number;
  readonly sealedCid: Uint8Array;
}

/** What `MinerGetBaseInfo` tells; power in bytes, of the lookback state. */
export interface MiningInfo {
  readonly power: bigint;
  readonly networkPower: bigint;
  readonly sectors: readonly ProvingSector[];
  /** `f3…` */
  readonly workerKey: string;
  readonly sectorSize: bigint;
  readonly beacon: BeaconValues;
  readonly eligible: boolean;
  /** Why not, where the node or we could tell. */
  readonly reason: Ineligibility | null;
}

/** What an epoch is mined by; the same for all epochs until somebody changes it, so it is kept once. */
export interface RoundConfig {
  readonly network: string;
  readonly genesisTimestamp: bigint;
  readonly blockDelaySecs: number;
  readonly propagationDelaySecs: number;
  readonly equivocationDelaySecs: number;
  readonly smokeHeight: Epoch;
  /** Seconds into the epoch at which its block is given up; the propagation delay where absent. */
  readonly giveUpSecs?: number;
  /** Everything but create, bind and submit. */
  readonly observe: boolean;
}

/** Milliseconds since 1970, fixed when the epoch starts. */
export interface Deadlines {
  /** The head is taken: the epoch before began a propagation delay ago. */
  readonly base: number;
  /** The head is looked at once more (FRC-0051). */
  readonly cutoff: number;
  /** The epoch begins: a block goes out now and not before. */
  readonly submit: number;
  /** A block comes too late to count. */
  readonly giveUp: number;
  /** The next epoch's blocks are there: a block that is not out by now helps only a chain that stands still. */
  readonly lastCall: number;
}

/** What an epoch is started with; `config` is `null` in a damaged journal that has lost it. */
export interface EpochStart {
  readonly miner: string;
  readonly epoch: Epoch;
  readonly config: RoundConfig | null;
}

/** An epoch's start as a record holds it. */
export function recordedStart(recorded: unknown): EpochStart {
  return recorded as EpochStart;
}

/** A head as a record holds it, from a node's answer or written down when it came too late. */
export function recordedHead(recorded: unknown): Head {
  return recorded as Head;
}

export function deadlinesOf(config: RoundConfig, epoch: Epoch): Deadlines {
  const { blockDelaySecs, propagationDelaySecs, equivocationDelaySecs, giveUpSecs = propagationDelaySecs } = config;
  const begins = Number(config.genesisTimestamp) + blockDelaySecs * epoch;
  const base = begins - blockDelaySecs + propagationDelaySecs;
  const giveUp = begins + giveUpSecs;
  return {
    base: base * 1000,
    cutoff: (base + equivocationDelaySecs) * 1000,
    submit: begins * 1000,
    giveUp: giveUp * 1000,
    lastCall: (giveUp + blockDelaySecs) * 1000,
  };
}

/** Seconds since 1970 that a block of the epoch is stamped with. */
export function blockTimestamp(config: RoundConfig, epoch: Epoch): bigint {
  return config.genesisTimestamp + BigInt(config.blockDelaySecs) * BigInt(epoch);
}

/** The 32 bytes to sign for the election. */
export function electionMessage(info: MiningInfo, miner: string, epoch: Epoch): Uint8Array {
  return electionVrfInput(randomness(info.beacon), epoch, parseAddress(miner));
}

/** The 32 bytes to sign for the ticket on this base. */
export function ticketMessage(config: RoundConfig, info: MiningInfo, miner: string, epoch: Epoch, base: Head): Uint8Array {
  const params = { upgrades: { smoke: config.smokeHeight } };
  return ticketVrfInput(params, randomness(info.beacon), epoch, parseAddress(miner), { vrfProof: minTicketOf(base) });
}

/** The proof's randomness: the seed with its two highest bits cleared. */
export function proofRandomness(info: MiningInfo, miner: string, epoch: Epoch): Uint8Array {
  return postRandomness(winningPostSeed(randomness(info.beacon), epoch, parseAddress(miner)));
}

/** Why the miner may not mine; `null` when it may. */
export function ineligibility(info: MiningInfo | null): Ineligibility | null {
  if (info === null) return 'no-active-sectors';
  if (!info.eligible) return info.reason ?? 'unknown';
  return null;
}

export type Election =
  | { readonly outcome: 'won'; readonly winCount: number; readonly vrfProof: Uint8Array }
  | Extract<EpochOutcome, { readonly outcome: 'lost' }>;

/** What the election's VRF proof drew. */
export function elect(info: MiningInfo, vrfProof: Uint8Array): Election {
  const lambda = electionLambda(info.power, info.networkPower);
  const digest = electionDigest(vrfProof);
  const wins = winCount(digest, lambda);
  if (wins > 0) return { outcome: 'won', winCount: wins, vrfProof };
  return { outcome: 'lost', lambda, digest, missedBy: digest - (winThresholds(lambda)[0] as bigint) };
}

/** Ticket quality of a VRF proof, 0 to 1. */
export function qualityOf(vrfProof: Uint8Array): number {
  return ticketQuality({ vrfProof });
}

export function minTicketOf(head: Head): Uint8Array {
  return (head.blocks[0] as Head['blocks'][number]).ticket;
}

/**
 * Whether an election won and a proof made by one base info hold by another: both are drawn from drand, the epoch and
 * the miner, and of the chain only power, sectors and the worker count.
 */
export function sameDraw(a: MiningInfo, b: MiningInfo): boolean {
  const isSamePower = a.power === b.power && a.networkPower === b.networkPower;
  const isSameMiner = a.workerKey === b.workerKey && a.sectorSize === b.sectorSize && a.sectors.length === b.sectors.length;
  return (
    isSamePower && isSameMiner && equalBytes(randomness(a.beacon), randomness(b.beacon)) && a.sectors.every((sector, i) => sameSector(sector, b.sectors[i]))
  );
}

function sameSector(a: ProvingSector, b: ProvingSector | undefined): boolean {
  return b !== undefined && a.number === b.number && a.sealProof === b.sealProof && equalBytes(a.sealedCid, b.sealedCid);
}

function randomness({ entries, previous }: BeaconValues): Uint8Array {
  return (entries.at(-1) ?? previous).data;
}
