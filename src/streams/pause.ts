/** A length of time of a stream's clock: `src/runtime/pause.ts` for those who are no runtime. */

import type { Clock } from '../ports/clock.ts';

/** Resolves after so many milliseconds, whatever the clock is set to meanwhile, as far as it can tell; rejects with the signal's reason. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return clock.elapsed === undefined ? clock.until(clock.now() + ms, signal) : clock.elapsed(ms, signal);
}
