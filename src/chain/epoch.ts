/**
 * Epochs and the time they start at (docs/protocol.md 0): epoch E begins, and a block of height E is stamped, `genesis
 * + blockDelay * E`.
 */

/** A chain's height: 0 for genesis, a safe integer. */
export type Epoch = number;

/** What turns epochs into time: seconds since 1970 of the genesis block, and seconds an epoch takes. */
export interface EpochClock {
  readonly genesisTimestamp: bigint;
  readonly blockDelaySecs: number;
}

/** Seconds since 1970 at which the epoch starts. */
export function epochTimestamp(clock: EpochClock, epoch: Epoch): bigint {
  return clock.genesisTimestamp + BigInt(clock.blockDelaySecs) * BigInt(epoch);
}

/** The epoch that has begun at this time; negative before genesis. */
export function epochAt(clock: EpochClock, timestamp: bigint): Epoch {
  const delay = BigInt(clock.blockDelaySecs);
  const elapsed = timestamp - clock.genesisTimestamp;
  return Number((elapsed - (((elapsed % delay) + delay) % delay)) / delay);
}
