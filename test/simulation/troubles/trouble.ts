/**
 * What the troubles of the simulator have in common: each is one port's, strikes by a chance of its own, and is over
 * when the scenario's time for it is.
 */

import { type Epoch, type EpochClock, epochAt, epochTimestamp } from '../../../src/chain/epoch.ts';
import type { SeededRandom } from '../../../src/devnet/setting/seed.ts';
import type { Clock } from '../../../src/ports/clock.ts';

export interface Trouble {
  /** Of this trouble alone: what is drawn for it moves nothing else. */
  readonly random: SeededRandom;
  readonly network: EpochClock;
  /** The world's: a miner's own may be wrong. */
  readonly clock: Clock;
  /** First and last epoch in which it may strike; when the next one begins it is over, whatever was under way. */
  readonly from: Epoch;
  readonly to: Epoch;
}

export function epochNow({ network, clock }: Pick<Trouble, 'network' | 'clock'>): Epoch {
  return epochAt(network, BigInt(Math.floor(clock.now() / 1000)));
}

export function mayStrike(trouble: Trouble): boolean {
  const epoch = epochNow(trouble);
  return epoch >= trouble.from && epoch <= trouble.to;
}

/** Milliseconds since 1970. */
export function beginOf({ network }: Pick<Trouble, 'network'>, epoch: Epoch): number {
  return Number(epochTimestamp(network, epoch)) * 1000;
}

/** So many block delays from now, drawn between two shares of one; not after the trouble's time. */
export function laterBy(trouble: Trouble, least: number, most: number): number {
  const { random, network, clock, to } = trouble;
  const ms = Math.round((least + (most - least) * random.next()) * network.blockDelaySecs * 1000);
  return Math.min(clock.now() + ms, beginOf(trouble, to + 1));
}

export const nobody = (): AbortSignal => new AbortController().signal;
