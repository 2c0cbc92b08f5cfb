/** What a clock may answer, and the clock whose answers are looked at: a reading that is no time is passed over, an alarm that fails, or rings before its time, is set again. */

import { MineOneError } from '../../chain/error.ts';
import type { Clock } from '../../ports/clock.ts';

/** How often an alarm may ring too early before its clock is taken to be broken. */
const EARLY_MAX = 8;

/** The clock, its answers looked at. `until` throws `CLOCK_EARLY`; `now` throws `PORT_ANSWER` where it never told a time. */
export function checkedClock(clock: Clock): Clock {
  let last: number | null = null;
  const now = (): number => {
    const reading: unknown = clock.now();
    if (typeof reading === 'number' && Number.isFinite(reading) && reading >= 0) last = reading;
    if (last === null) throw new MineOneError('PORT_ANSWER', `clock.now: expected milliseconds since 1970, got ${String(reading)}`);
    return last;
  };
  return {
    now,
    async until(at, signal) {
      for (let early = 0; early <= EARLY_MAX; early++) {
        await rung(() => clock.until(at, signal));
        signal.throwIfAborted();
        if (now() >= at) return;
      }
      throw new MineOneError('CLOCK_EARLY', `an alarm set for ${at} rings at ${now()}; the clock is broken`);
    },
    ...(clock.elapsed === undefined ? {} : { elapsed: (ms, signal) => (clock.elapsed as NonNullable<Clock['elapsed']>)(ms, signal) }),
    ...(clock.sleepers === undefined ? {} : { sleepers: clock.sleepers }),
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
