/**
 * What a clock may answer, and the clock whose answers are looked at: a reading that is no time, or none at all, is
 * passed over; an alarm that fails, or rings before its time, is set again; a pause that fails, or is over too early
 * again and again, is waited for by the clock.
 */

import { PortError } from '../../errors/port-error.ts';
import type { Clock } from '../../ports/clock.ts';

/** How often an alarm may ring too early before its clock is taken to be broken. */
const EARLY_MAX = 8;

/**
 * The clock, its answers looked at. `until` throws `CLOCK_EARLY`; `now` throws `PORT_ANSWER` where it never told a
 * time.
 */
export function checkedClock(clock: Clock): Clock {
  let last: number | null = null;
  const now = (): number => {
    const reading = readingOf(clock);
    if (typeof reading === 'number' && Number.isFinite(reading) && reading >= 0) last = reading;
    if (last === null) throw new PortError('PORT_ANSWER', `clock.now: expected milliseconds since 1970, got ${String(reading)}`, { retryable: false });
    return last;
  };
  const until = async (at: number, signal: AbortSignal): Promise<void> => {
    for (let early = 0; early <= EARLY_MAX; early++) {
      await rung(() => clock.until(at, signal));
      signal.throwIfAborted();
      if (now() >= at) return;
    }
    throw new PortError('CLOCK_EARLY', `an alarm set for ${at} rings at ${now()}; the clock is broken`, { retryable: false });
  };
  return {
    now,
    until,
    ...(clock.elapsed === undefined ? {} : { elapsed: pausing(clock as Required<Pick<Clock, 'elapsed'>>, now, until) }),
    ...(clock.sleepers === undefined ? {} : { sleepers: clock.sleepers }),
  };
}

/** Of a clock that throws, what is no time. */
function readingOf(clock: Clock): unknown {
  try {
    return clock.now();
  } catch (error) {
    return error;
  }
}

/**
 * Epochs are counted by pauses: one that fails must not end that, and one that is over before its time, as of a port
 * that answers at once, must not be counted as fast as it is asked. A clock that went back meanwhile says nothing of
 * that: it is believed.
 */
function pausing(clock: Required<Pick<Clock, 'elapsed'>>, now: () => number, until: Clock['until']): Required<Clock>['elapsed'] {
  return async (ms, signal) => {
    const began = now();
    let left = ms;
    for (let tries = 0; left > 0 && left <= ms && tries <= EARLY_MAX; tries++, left = began + ms - now()) {
      try {
        await clock.elapsed(left, signal);
      } catch {
        signal.throwIfAborted();
        break;
      }
    }
    if (left > 0 && left <= ms) await until(began + ms, signal);
  };
}

/** An alarm that fails has not rung: whether its time has come is asked all the same. */
async function rung(wait: () => Promise<void>): Promise<void> {
  try {
    await wait();
  } catch {
    // Aborted, or a clock that is wrong for once: both are asked next.
  }
}
