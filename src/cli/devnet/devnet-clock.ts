/**
 * The clock of a devnet that a person watches: paced by the real one, or standing still while anybody works; either
 * begins where the chain last stood.
 */

import { pacedClock } from '../../adapters/paced-clock.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { virtualClock } from '../../adapters/virtual-clock.ts';
import type { Clock } from '../../ports/clock.ts';
import { atRest, type Restful, runUntilIdle } from '../../runtime/drive.ts';
import { interruption } from '../terminal/interrupt.ts';

export interface DevnetClock {
  readonly clock: Clock;
  /** Lets time go on to a moment, with nobody at work yet. */
  reach(at: number): Promise<void>;
  /** Lets time go on to a moment at the most, until it is over or an interruption comes. */
  run(driven: readonly Restful[], until: number, isOver: () => boolean): Promise<void>;
  /** Lets time go on until the work is done. */
  through<T>(driven: readonly Restful[], work: Promise<T>): Promise<T>;
}

/** Real milliseconds between looks at whether it is over. */
const LOOK_MS = 20;

/** `start` in milliseconds since 1970; `speed` in its seconds a real one, or as fast as work goes. */
export function devnetClock(speed: number | 'max', start: number): DevnetClock {
  return speed === 'max' ? standing(start) : paced(speed, start);
}

function paced(speed: number, start: number): DevnetClock {
  const clock = pacedClock(systemClock(), { start, speed });
  const pause = (ms: number): Promise<void> => clock.until(clock.now() + ms, interruption).catch(() => undefined);
  return {
    clock,
    reach: (at) => clock.until(at, interruption),
    async run(_, until, isOver) {
      while (!isOver() && clock.now() < until && !interruption.aborted) await pause(LOOK_MS * speed);
    },
    through: (_, work) => work,
  };
}

function standing(start: number): DevnetClock {
  const clock = virtualClock(start);
  return {
    clock,
    async reach(at) {
      if (at <= clock.now()) return;
      const reached = clock.until(at, interruption);
      clock.ring();
      await reached;
    },
    async run(driven, until, isOver) {
      while (!isOver() && !interruption.aborted) {
        const next = clock.nextAlarm() ?? until;
        await runUntilIdle(driven, clock, Math.min(next, until));
        if (next >= until || clock.nextAlarm() === null) return;
      }
    },
    async through(driven, work) {
      let isDone = false;
      const done = work.finally(() => {
        isDone = true;
      });
      for (await atRest(driven); !isDone && clock.ring(); ) await atRest(driven);
      return done;
    },
  };
}
