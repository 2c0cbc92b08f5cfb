/** A clock that begins at a time of its own and runs as many times as fast as another: a chain taken up again goes on where it stopped. */

import type { Clock } from '../ports/clock.ts';

export interface Pace {
  /** Its time now, in milliseconds since 1970. */
  readonly start: number;
  /** Its milliseconds in one of the other clock. */
  readonly speed: number;
}

export function pacedClock(clock: Clock, { start, speed }: Pace): Clock {
  const began = clock.now();
  const now = (): number => start + Math.floor((clock.now() - began) * speed);
  return {
    now,
    async until(at, signal) {
      // The other clock's milliseconds are whole: it may ring one of ours too early.
      do await clock.until(began + Math.ceil((at - start) / speed), signal);
      while (now() < at);
    },
  };
}
