/**
 * Which beacon entries a block carries and whether they are drand's (docs/protocol.md 2.15; lotus
 * chain/beacon/beacon.go:51-170, drand/drand.go:225-251).
 */

import type { BeaconEntry } from '../chain/beacon-entry.ts';
import { equalBytes } from '../chain/encoding/bytes.ts';
import { LIST_LENGTH_MAX } from '../chain/encoding/codec.ts';
import { type Epoch, type EpochClock, epochTimestamp } from '../chain/epoch.ts';
import { type DrandNetwork, isChained, verifyBeaconEntry } from './network/drand.ts';
import { beaconNetwork, type NetworkParams, networkVersion } from './network/network.ts';
import type { Bls } from './signatures/bls.ts';

/** Skyr: from this version on drand's own rounding counts. */
const VERSION_ROUND_CEILING = 16;

/** The round an epoch draws from: the latest published when the epoch before it starts. */
export function beaconRound(params: NetworkParams, epoch: Epoch): bigint {
  return roundOf(params, beaconNetwork(params, epoch), networkVersion(params, epoch), epoch);
}

function roundOf(clock: EpochClock, network: DrandNetwork, version: number, epoch: Epoch): bigint {
  const latest = epochTimestamp(clock, epoch) - BigInt(clock.blockDelaySecs);
  const rounds = (latest - network.genesisTime) / BigInt(network.periodSecs);
  if (version < VERSION_ROUND_CEILING) return rounds;
  return latest < network.genesisTime ? 1n : rounds + 1n;
}

/**
 * What is asked of a block's entries: exactly these rounds, or for a block right after genesis that there be any.
 * `too-many`: more than a header can hold, as after that many null rounds, or on a base whose own rounds are made up;
 * no block can be mined there.
 */
export type BeaconDemand =
  | {
      readonly kind: 'rounds';
      readonly rounds: readonly bigint[];
      /**
       * Of a chained network whose rounds are longer than an epoch the latest round on the base's chain: it, and each
       * of `rounds`, may stand there again right after itself ({@link areAsked}).
       */
      readonly chainedOn?: bigint;
    }
  | { readonly kind: 'any' }
  | { readonly kind: 'too-many'; readonly count: bigint };

/**
 * What a block at `epoch` on a base at `parentEpoch` must carry; `previous` is the latest entry on the base's chain.
 * The block's own drand network and version count for its null rounds too, also for those before a switch.
 */
export function beaconDemand(params: NetworkParams, parentEpoch: Epoch, epoch: Epoch, previous: BeaconEntry): BeaconDemand {
  const network = beaconNetwork(params, epoch);
  const last = beaconRound(params, epoch);
  if (switchesToChained(params, parentEpoch, epoch)) return { kind: 'rounds', rounds: [last - 1n, last] };
  if (last === previous.round) return { kind: 'rounds', rounds: [] };
  if (isChained(network)) {
    if (previous.round === 0n) return { kind: 'any' };
    const demand = roundsOf(last - previous.round, (i) => previous.round + BigInt(i) + 1n);
    return demand.kind === 'rounds' && network.periodSecs > params.blockDelaySecs ? { ...demand, chainedOn: previous.round } : demand;
  }
  const version = networkVersion(params, epoch);
  return roundsOf(BigInt(epoch) - BigInt(parentEpoch), (i) => roundOf(params, network, version, parentEpoch + i + 1));
}

/**
 * Whether entries of these rounds are what is asked for. An epoch that draws from the same round as the one before it
 * gets the same entry, which Lotus (from 1.26 on, an entry an epoch) then writes once more, and earlier ones do not: a
 * node takes either, as it knows a round that it has verified. Where no new round is asked for it takes none.
 */
export function areAsked({ rounds, chainedOn }: Extract<BeaconDemand, { readonly kind: 'rounds' }>, found: readonly bigint[]): boolean {
  const mayRepeat = chainedOn !== undefined && rounds.length > 0;
  const fresh = mayRepeat ? found.filter((round, i) => round !== (found[i - 1] ?? chainedOn)) : found;
  return fresh.length === rounds.length && fresh.every((round, i) => round === rounds[i]);
}

function roundsOf(count: bigint, round: (i: number) => bigint): BeaconDemand {
  if (count > BigInt(LIST_LENGTH_MAX)) return { kind: 'too-many', count };
  return { kind: 'rounds', rounds: Array.from({ length: Math.max(0, Number(count)) }, (_, i) => round(i)) };
}

/** One signature to verify: the entry, and the one whose signature it builds on. */
export interface BeaconLink {
  readonly network: DrandNetwork;
  readonly entry: BeaconEntry;
  readonly previous: BeaconEntry;
}

/**
 * The signatures of a block's entries that can be verified. `null`: none, because the chain begins here and a chained
 * network's first predecessor is not on it. Where a chained network takes over, only the second of the two entries is.
 * An entry that stands there again is none of its own.
 */
export function beaconLinks(
  params: NetworkParams,
  parentEpoch: Epoch,
  epoch: Epoch,
  entries: readonly BeaconEntry[],
  previous: BeaconEntry,
): readonly BeaconLink[] | null {
  const network = beaconNetwork(params, epoch);
  const links = entries.map((entry, i) => ({ network, entry, previous: entries[i - 1] ?? previous }));
  if (switchesToChained(params, parentEpoch, epoch)) return links.slice(1);
  if (!isChained(network)) return links;
  // The same bytes again, which only some demands allow (areAsked), are verified with the first of them; other bytes of
  // that round verify on nothing.
  return previous.round === 0n ? null : links.filter((link) => !isAgain(link.entry, link.previous));
}

/** Whether an entry says what the one before it said. */
export function isAgain(entry: BeaconEntry, before: BeaconEntry): boolean {
  return entry.round === before.round && equalBytes(entry.data, before.data);
}

export function verifyBeaconLink(bls: Bls, { network, entry, previous }: BeaconLink): boolean {
  return verifyBeaconEntry(bls, network, entry, previous.data);
}

function switchesToChained(params: NetworkParams, parentEpoch: Epoch, epoch: Epoch): boolean {
  const network = beaconNetwork(params, epoch);
  return isChained(network) && beaconNetwork(params, parentEpoch) !== network;
}
