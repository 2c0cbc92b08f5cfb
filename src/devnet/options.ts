/** What a devnet is made of, and where its chain is kept. */

import type { Bls } from '../consensus/bls.ts';
import type { Clock } from '../ports/clock.ts';
import type { Rival } from './world.ts';

/** Where the chain is kept: what was appended so far, oldest first, and more to come. See `openChainFile`. */
export interface DevnetStore {
  readonly entries: readonly Uint8Array[];
  append(entry: Uint8Array): void;
}

export interface DevnetOptions {
  /** Keys, traffic, rivals: all chance comes from it. */
  readonly seed: string;
  readonly clock: Clock;
  readonly bls: Bls;
  /** How many; they are f01000, f01001 … */
  readonly miners: number;
  /** Quality-adjusted bytes of each miner, over and over; all alike if not given. */
  readonly powers?: readonly bigint[];
  readonly rivals?: readonly Rival[];
  /** Seconds; 30, and a third and a fifteenth of it (rounded) for propagation and equivocation, if not given. */
  readonly blockDelaySecs?: number;
  readonly propagationDelaySecs?: number;
  readonly equivocationDelaySecs?: number;
  /** Seconds since 1970; now if not given, and never asked of a chain that is taken up again. */
  readonly genesisTimestamp?: bigint;
  /** Messages an epoch on average; 8 if not given. */
  readonly traffic?: number;
  /** Taken up where it ends; in memory alone if not given. Throws `DEVNET_STORE` for a chain of another seed or other miners. */
  readonly store?: DevnetStore;
}
