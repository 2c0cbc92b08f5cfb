/** Time as the machine has it. A timer of Node takes no more than 24.8 days and may ring late after a sleep: waits are cut into hours and looked at again. */

import type { Clock } from '../ports/clock.ts';

const LONGEST_MS = 3_600_000;

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    async until(at, signal) {
      for (let left = at - Date.now(); left > 0; left = at - Date.now()) await pause(Math.min(left, LONGEST_MS), signal);
      signal.throwIfAborted();
    },
    elapsed: pause,
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
