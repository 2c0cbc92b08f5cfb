/**
 * Runs what lives on a virtual clock: time moves only when everything that was set off has come to rest, so that a run
 * is the same twice and as fast as the machine.
 */

/** The part of a virtual clock that is needed to drive it. */
export interface Rings {
  /** Time of the next alarm; `null` when none is set. */
  nextAlarm(): number | null;
  /** Moves to the next alarm and rings it. */
  ring(): boolean;
}

/**
 * What is driven: a runtime, a miner, whoever does anything that takes more than a turn of the event loop and is no
 * call of theirs.
 */
export interface Restful {
  isSettled(): boolean;
  /** Resolves when it is settled, rejects when it cannot go on. */
  settled(): Promise<void>;
}

/**
 * Until nothing is left to ring, or nothing up to `until` (milliseconds since 1970). Rejects when one of those that are
 * driven cannot go on.
 */
export async function runUntilIdle(driven: Restful | readonly Restful[], clock: Rings, until = Number.POSITIVE_INFINITY): Promise<void> {
  const all = 'settled' in driven ? [driven] : driven;
  for (;;) {
    await atRest(all);
    const next = clock.nextAlarm();
    if (next === null || next > until) return;
    // Those of one moment ring together, in the order of their setting: what they set off shares its batches.
    while (clock.nextAlarm() === next) clock.ring();
  }
}

/**
 * An alarm that rang, and one that is being set, are promises on their way for some microtasks: a turn of the event
 * loop lets them arrive.
 */
export async function atRest(driven: readonly Restful[]): Promise<void> {
  do {
    await new Promise(setImmediate);
    for (const one of driven) await one.settled();
    await new Promise(setImmediate);
  } while (!driven.every((one) => one.isSettled()));
}
