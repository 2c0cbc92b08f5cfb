/**
 * A length of time, where `until` is a time of the day: a wait that was counted from a clock that is wrong for a moment
 * is over when it is over.
 */

import type { Clock } from './ports/clock.ts';

/**
 * Resolves after so many milliseconds, whatever the clock is set to meanwhile, as far as it can tell; rejects with the
 * signal's reason.
 */
export function pause(clock: Pick<Clock, 'now' | 'until' | 'elapsed'>, ms: number, signal: AbortSignal): Promise<void> {
  return clock.elapsed === undefined ? clock.until(clock.now() + ms, signal) : clock.elapsed(ms, signal);
}
