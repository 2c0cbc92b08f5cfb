/** Runs a runtime on a virtual clock: time moves only when everything that was set off has come to rest, so that a run is the same twice and as fast as the machine. */

import type { Runtime } from './runtime.ts';

/** The part of a virtual clock that is needed to drive it. */
export interface Rings {
  /** Time of the next alarm; `null` when none is set. */
  nextAlarm(): number | null;
  /** Moves to the next alarm and rings it. */
  ring(): boolean;
}

/** Until nothing is left to ring, or nothing up to `until` (milliseconds since 1970). Rejects when the runtime cannot go on. */
export async function runUntilIdle(runtime: Pick<Runtime, 'settled' | 'isSettled'>, clock: Rings, until = Number.POSITIVE_INFINITY): Promise<void> {
  for (;;) {
    await atRest(runtime);
    const next = clock.nextAlarm();
    if (next === null || next > until) return;
    clock.ring();
  }
}

/** An alarm that rang, and one that is being set, are promises on their way for some microtasks: a turn of the event loop lets them arrive. */
async function atRest(runtime: Pick<Runtime, 'settled' | 'isSettled'>): Promise<void> {
  do {
    await new Promise(setImmediate);
    await runtime.settled();
    await new Promise(setImmediate);
  } while (!runtime.isSettled());
}
