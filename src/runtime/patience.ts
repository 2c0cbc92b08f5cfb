/**
 * How often and after how long the journal is opened again when batches fail: a disk may be full for a while, and one
 * that is gone is said to be.
 */

import { pause } from '../pause.ts';
import type { Clock } from '../ports/clock.ts';

export interface Patience {
  /** Waits before the next try; `false`, at once, when there was one too many without a {@link restore}. */
  next(): Promise<boolean>;
  /** A batch is on disk: all tries are there again. */
  restore(): void;
  /** Whoever stops does not wait for a disk. */
  hurry(): void;
  /** Nothing moves but the clock. */
  isWaiting(): boolean;
}

/** Milliseconds before each try. */
const WAITS = [0, 1000, 2000, 4000, 8000, 16_000];

/** `waits` is called when a wait begins. */
export function patienceOn(clock: Clock, waits: () => void): Patience {
  const hurried = new AbortController();
  let tries = 0;
  let waiting = false;
  return {
    async next() {
      const ms = WAITS[tries++];
      if (ms === undefined) return false;
      if (ms === 0) return true;
      waiting = true;
      waits();
      await pause(clock, ms, hurried.signal).catch(() => undefined);
      waiting = false;
      return true;
    },
    restore() {
      tries = 0;
    },
    hurry: () => hurried.abort(),
    isWaiting: () => waiting,
  };
}
