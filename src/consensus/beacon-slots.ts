/** The beacon entries that a node tells for a block, held against the rule: what stands where it should, and what has to be asked for (docs/protocol.md 2.15). */

import type { BeaconEntry } from '../chain/beacon-entry.ts';
import type { Epoch } from '../chain/epoch.ts';
import { beaconDemand, beaconRound } from './beacon.ts';
import type { NetworkParams } from './network.ts';

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
 * Slots of a block at `epoch` on a base at `base`. An entry too many, or of a round that is not asked for, is wrong: what is missing is not. Signatures are for others.
 * The block right after a chained network's genesis carries whatever there is, and at least its own.
 */
export function beaconSlots(params: NetworkParams, base: Epoch, epoch: Epoch, { previous, entries }: ToldEntries): BeaconSlots {
  const demand = beaconDemand(params, base, epoch, previous);
  const last = beaconRound(params, epoch);
  if (demand.kind === 'too-many') return wrong(`${demand.count} rounds lie between the base of ${base} and epoch ${epoch}: more than a block can hold`);
  const isOpen = demand.kind === 'any';
  const rounds = isOpen ? (entries.length === 0 ? [last] : entries.map(({ round }) => round)) : demand.rounds;
  // No entries at all, because the base's chain had this round before: only where two epochs share one.
  if (rounds.length === 0 && beaconRound(params, base) !== last) return wrong(`round ${last} is said to be on the chain of a base of ${base} already`);
  const told = new Map(entries.map((entry) => [entry.round, entry]));
  const known = rounds.filter((round) => told.has(round));
  if (entries.map(({ round }) => round).join() !== known.join())
    return wrong(`rounds ${entries.map(({ round }) => round).join(', ')} where epoch ${epoch} on a base of ${base} asks for ${rounds.join(', ') || 'none'}`);
  const epochs = known.length === rounds.length ? new Map<bigint, Epoch>() : epochsOfRounds(params, base, epoch);
  const slots = rounds.map((round): BeaconSlot => {
    const entry = told.get(round);
    return entry === undefined ? { round, told: null, epoch: epochs.get(round) ?? null } : { round, told: entry };
  });
  return { kind: 'slots', slots };
}

function wrong(why: string): BeaconSlots {
  return { kind: 'wrong', why };
}

/** The round that each epoch after the base draws from. */
function epochsOfRounds(params: NetworkParams, base: Epoch, epoch: Epoch): ReadonlyMap<bigint, Epoch> {
  return new Map(Array.from({ length: epoch - base }, (_, i) => [beaconRound(params, base + i + 1), base + i + 1]));
}
