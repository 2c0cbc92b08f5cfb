/** Time as it is asked for: what it is, and to be told when it has come. Real, or virtual for replays and simulations. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves when the time has come, at once when it is past; rejects with the signal's reason. */
  until(at: number, signal: AbortSignal): Promise<void>;
}
