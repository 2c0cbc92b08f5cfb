/**
 * The beacon entries that a node tells for a block, held against the rule: what stands where it should, and what has to
 * be asked for (docs/protocol.md 2.15).
 */

import type { BeaconEntry } from '../chain/beacon-entry.ts';
import type { Epoch } from '../chain/epoch.ts';
import { type BeaconDemand, beaconDemand, beaconRound } from '../consensus/beacon.ts';
import type { NetworkParams } from '../consensus/network/network.ts';

/** A round that the block carries: as it was told, or the epoch whose entry it is. */
export type BeaconSlot =
  | { readonly round: bigint; readonly told: BeaconEntry }
  /** `null`: no epoch since the base draws from this round, so nobody can be asked for it. */
  | { readonly round: bigint; readonly told: null; readonly epoch: Epoch | null };

export type BeaconSlots = { readonly kind: 'slots'; readonly slots: readonly BeaconSlot[] } | { readonly kind: 'wrong'; readonly why: string };

export interface ToldEntries {
  /** The latest entry on the base's chain. */
  readonly previous: BeaconEntry;
  readonly entries: readonly BeaconEntry[];
}

/**
 * Slots of a block at `epoch` on a base at `base`. An entry too many, or of a round that is not asked for, is wrong:
 * what is missing is not. Signatures are for others. The block right after a chained network's genesis carries whatever
 * there is, and at least its own.
 */
export function beaconSlots(params: NetworkParams, base: Epoch, epoch: Epoch, { previous, entries }: ToldEntries): BeaconSlots {
  const demand = beaconDemand(params, base, epoch, previous);
  const last = beaconRound(params, epoch);
  if (demand.kind === 'too-many') return wrong(`${demand.count} rounds lie between the base of ${base} and epoch ${epoch}: more than a block can hold`);
  const found = entries.map(({ round }) => round);
  const rounds = demand.kind === 'rounds' ? withTold(demand, found) : found.length === 0 ? [last] : found;
  // No entries at all, because the base's chain had this round before: only where two epochs share one.
  if (rounds.length === 0 && beaconRound(params, base) !== last) return wrong(`round ${last} is said to be on the chain of a base of ${base} already`);
  const told = new Set(found);
  const known = rounds.filter((round) => told.has(round));
  if (found.join() !== known.join())
    return wrong(`rounds ${found.join(', ')} where epoch ${epoch} on a base of ${base} asks for ${rounds.join(', ') || 'none'}`);
  const epochs = known.length === rounds.length ? new Map<bigint, Epoch>() : epochsOfRounds(params, base, epoch);
  const next = entries[Symbol.iterator]();
  const slots = rounds.map((round): BeaconSlot => {
    return told.has(round) ? { round, told: next.next().value as BeaconEntry } : { round, told: null, epoch: epochs.get(round) ?? null };
  });
  return { kind: 'slots', slots };
}

/** The rounds that are asked for, each as often as it was told where it may stand again ({@link areAsked}). */
function withTold(demand: Extract<BeaconDemand, { readonly kind: 'rounds' }>, found: readonly bigint[]): readonly bigint[] {
  const { rounds, chainedOn } = demand;
  if (chainedOn === undefined || rounds.length === 0) return rounds;
  const times = new Map<bigint, number>();
  for (const round of found) times.set(round, (times.get(round) ?? 0) + 1);
  const repeated = (round: bigint, least: number): readonly bigint[] => new Array<bigint>(Math.max(least, times.get(round) ?? 0)).fill(round);
  return [...repeated(chainedOn, 0), ...rounds.flatMap((round) => repeated(round, 1))];
}

function wrong(why: string): BeaconSlots {
  return { kind: 'wrong', why };
}

/** The round that each epoch after the base draws from. */
function epochsOfRounds(params: NetworkParams, base: Epoch, epoch: Epoch): ReadonlyMap<bigint, Epoch> {
  return new Map(Array.from({ length: epoch - base }, (_, i) => [beaconRound(params, base + i + 1), base + i + 1]));
}
