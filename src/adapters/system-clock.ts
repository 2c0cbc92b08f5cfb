/**
 * Time as the machine has it. A timer of Node counts the time that goes by, and no more than 24.8 days of it: while
 * somebody waits for a time of the day the machine's clock is held against that each second, and whoever waits looks
 * again where somebody set it, or the machine slept.
 */

import type { Clock } from '../ports/clock.ts';

const LONGEST_MS = 3_600_000;
/**
 * How often the clock is looked at, and by how much it may be off what has gone by: a time server's words are small and
 * many.
 */
const LOOK_MS = 1000;
const OFF_MS = 20;

export function systemClock(): Clock {
  const watch = clockWatch();
  return {
    now: () => Date.now(),
    async until(at, signal) {
      for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
        // One that is over by the next look is looked at then as it is.
        if (left <= LOOK_MS) await pause(left, signal);
        else await pause(Math.min(left, LONGEST_MS), signal, watch);
      }
      signal.throwIfAborted();
    },
    elapsed: (ms, signal) => pause(ms, signal),
  };
}

/** Those who are to look at the clock again when it was set. */
type Watch = Pick<Set<() => void>, 'add' | 'delete'>;

/** Looks as long as there is anybody. */
function clockWatch(): Watch {
  const waiting = new Set<() => void>();
  const offset = (): number => Date.now() - performance.now();
  let timer: NodeJS.Timeout | undefined;
  let known = 0;
  const look = (): void => {
    const now = offset();
    if (Math.abs(now - known) <= OFF_MS) return;
    known = now;
    for (const again of [...waiting]) again();
  };
  return {
    add(again) {
      if (waiting.size === 0) {
        known = offset();
        timer = setInterval(look, LOOK_MS);
      }
      return waiting.add(again);
    },
    delete(again) {
      const was = waiting.delete(again);
      if (waiting.size === 0) clearInterval(timer);
      return was;
    },
  };
}

/** Over after so many milliseconds; sooner where the watch says so. */
function pause(ms: number, signal: AbortSignal, watch?: Watch): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      watch?.delete(over);
    };
    const over = (): void => {
      end();
      resolve();
    };
    const stop = (): void => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener('abort', stop, { once: true });
    watch?.add(over);
  });
}
