/**
 * Time as it is asked for: what it is, and to be told when it has come. Real, or virtual for replays and simulations.
 */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Resolves when the time has come, at once when it is past; rejects with the signal's reason. A port call that waits
   * hands its own signal on: by that it is known to wait.
   */
  until(at: number, signal: AbortSignal): Promise<void>;
  /**
   * Resolves when so many milliseconds have gone by, whatever the clock is set to meanwhile; `until` is taken where a
   * clock does not have it.
   */
  elapsed?(ms: number, signal: AbortSignal): Promise<void>;
  /** Of a clock that stands still until it is moved: it may be moved only when everybody waits. */
  readonly sleepers?: Sleepers;
}

/** Those who wait for a virtual clock, each by the signal it waits with. */
export interface Sleepers {
  has(signal: AbortSignal): boolean;
  /** Calls back when somebody begins to wait or ends it; gives the way to be left alone. */
  watch(listener: (signal: AbortSignal) => void): () => void;
}
