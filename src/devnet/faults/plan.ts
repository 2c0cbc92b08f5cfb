/** When faults strike: a seed's word for every fault, epoch and miner, whoever asks and how often. */

import type { Epoch, EpochClock } from '../../chain/epoch.ts';
import { epochAt, epochTimestamp } from '../../chain/epoch.ts';
import type { Clock } from '../../ports/clock.ts';
import { type SeededRandom, seededRandom } from '../setting/seed.ts';
import type { Fault, FaultName } from './fault.ts';

export interface FaultPlan {
  readonly seed: string;
  readonly faults: readonly Fault[];
  /** First and last epoch in which one may strike; all if not given. */
  readonly from?: Epoch;
  readonly to?: Epoch;
}

export interface FaultNetwork extends EpochClock {
  readonly propagationDelaySecs: number;
}

/** What every fault is made with. The clock is the world's: a miner's own may be wrong. */
export interface FaultContext {
  readonly plan: FaultPlan;
  readonly network: FaultNetwork;
  readonly clock: Clock;
}

/** Where the fault strikes, the chance that its details come from; `null` where it does not. */
export function strike({ seed, faults, from = 0, to = Number.POSITIVE_INFINITY }: FaultPlan, name: FaultName, epoch: Epoch, whom = ''): SeededRandom | null {
  const fault = faults.find((candidate) => candidate.name === name);
  if (fault === undefined || epoch < from || epoch > to) return null;
  const random = seededRandom(seed, 'fault', name, String(epoch), whom);
  return random.chance(fault.rate) ? random : null;
}

export function isPlanned({ faults }: FaultPlan, ...names: readonly FaultName[]): boolean {
  return faults.some(({ name }) => names.includes(name));
}

/** The epoch that is worked on: the one that comes after the one that runs. */
export function epochAhead({ network, clock }: FaultContext): Epoch {
  return epochAt(network, BigInt(Math.floor(clock.now() / 1000))) + 1;
}

/** Milliseconds since 1970 at which an epoch begins. */
export function beginOf({ network }: FaultContext, epoch: Epoch): number {
  return Number(epochTimestamp(network, epoch)) * 1000;
}

/** So much of a block delay, drawn between two shares of it, in whole milliseconds. */
export function delayMs({ network }: FaultContext, random: SeededRandom, least: number, most: number): number {
  return Math.round((least + (most - least) * random.next()) * network.blockDelaySecs * 1000);
}

/** Waits on the world's clock. */
export function pause({ clock }: FaultContext, ms: number, signal: AbortSignal): Promise<void> {
  return clock.until(clock.now() + ms, signal);
}

/** How often something was asked for in an epoch: 1 for the first time. Epochs long past are forgotten. */
export function countingTries(): (epoch: Epoch, what: string) => number {
  const epochs = new Map<Epoch, Map<string, number>>();
  return (epoch, what) => {
    const tries = epochs.get(epoch) ?? new Map<string, number>();
    epochs.set(epoch, tries);
    for (const old of epochs.keys()) if (old < epoch - EPOCHS_KEPT) epochs.delete(old);
    const count = (tries.get(what) ?? 0) + 1;
    tries.set(what, count);
    return count;
  };
}

const EPOCHS_KEPT = 16;
