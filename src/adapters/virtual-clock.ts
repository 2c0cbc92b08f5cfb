/** A clock that stands still until it is moved: alarms ring in the order of their times, and of their setting where these are equal. */

import type { Clock } from '../ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Time of the next alarm; `null` when none is set. */
  nextAlarm(): number | null;
  /** Moves to the next alarm and rings it; `false` when there is none. */
  ring(): boolean;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

export function virtualClock(start: number): VirtualClock {
  let now = start;
  let order = 0;
  const alarms = new Set<Alarm>();
  const first = (): Alarm | undefined => {
    let found: Alarm | undefined;
    for (const alarm of alarms) if (found === undefined || alarm.at < found.at || (alarm.at === found.at && alarm.order < found.order)) found = alarm;
    return found;
  };
  return {
    now: () => now,
    until: (at, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const stop = (): void => {
          alarms.delete(alarm);
          reject(signal.reason);
        };
        const ring = (): void => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const alarm = { at, order: order++, ring };
        alarms.add(alarm);
        signal.addEventListener('abort', stop);
      }),
    nextAlarm: () => first()?.at ?? null,
    ring() {
      const alarm = first();
      if (alarm === undefined) return false;
      alarms.delete(alarm);
      now = Math.max(now, alarm.at);
      alarm.ring();
      return true;
    },
  };
}
