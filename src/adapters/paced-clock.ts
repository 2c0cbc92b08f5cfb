/**
 * A clock that begins at a time of its own and runs as many times as fast as another: a chain taken up again goes on
 * where it stopped.
 */

import { argumentCheck, CALL_ARGUMENT } from '../chain/argument.ts';
import { hasMethods, isAmount } from '../errors/option.ts';
import { checkOptions, needed, type OptionRules } from '../errors/strict.ts';
import type { Clock } from '../ports/clock.ts';

export interface Pace {
  /** Its time now, in milliseconds since 1970. */
  readonly start: number;
  /** Its milliseconds in one of the other clock. */
  readonly speed: number;
}

const RULES: OptionRules<Pace> = {
  start: needed('milliseconds since 1970, a number', Number.isFinite),
  speed: needed('times as fast, a number above 0', (value) => isAmount(value, 0) && value > 0),
};

/** Throws `CALL_ARGUMENT`. */
export function pacedClock(clock: Clock, pace: Pace): Clock {
  argumentCheck('pacedClock')('clock', clock, 'a clock (mineone/adapters/system-clock)', hasMethods(clock, 'now', 'until'));
  checkOptions<Pace>('pacedClock', CALL_ARGUMENT, pace, RULES);
  const { start, speed } = pace;
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
