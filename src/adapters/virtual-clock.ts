/**
 * A clock that stands still until it is moved: alarms ring in the order of their times, and of their setting where
 * these are equal.
 */

import { argumentCheck } from '../chain/argument.ts';
import type { Clock, Sleepers } from '../ports/clock.ts';

export interface VirtualClock extends Clock {
  readonly sleepers: Sleepers;
  /** Time of the next alarm; `null` when none is set. */
  nextAlarm(): number | null;
  /** Moves to the next alarm and rings it; `false` when there is none. */
  ring(): boolean;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
  /** Nobody waits for it any more; it leaves the heap when it comes to its top. */
  isOff: boolean;
}

export function virtualClock(start: number): VirtualClock {
  argumentCheck('virtualClock')('start', start, 'milliseconds since 1970, a number', Number.isFinite(start));
  let now = start;
  let order = 0;
  const alarms: Alarm[] = [];
  const { sleepers, enter, leave } = sleeperList();
  const first = (): Alarm | undefined => {
    while (alarms[0]?.isOff) pop(alarms);
    return alarms[0];
  };
  const until = (at: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = (): void => {
        alarm.isOff = true;
        leave(signal);
        reject(signal.reason);
      };
      const ring = (): void => {
        signal.removeEventListener('abort', stop);
        leave(signal);
        resolve();
      };
      const alarm: Alarm = { at, order: order++, ring, isOff: false };
      push(alarms, alarm);
      signal.addEventListener('abort', stop);
      enter(signal);
    });
  return {
    now: () => now,
    sleepers,
    until,
    elapsed: (ms, signal) => until(now + ms, signal),
    nextAlarm: () => first()?.at ?? null,
    ring() {
      const alarm = first();
      if (alarm === undefined) return false;
      pop(alarms);
      now = Math.max(now, alarm.at);
      alarm.ring();
      return true;
    },
  };
}

/** Signals that somebody waits with, each as often as it waits. */
function sleeperList(): { readonly sleepers: Sleepers; readonly enter: (signal: AbortSignal) => void; readonly leave: (signal: AbortSignal) => void } {
  const waits = new Map<AbortSignal, number>();
  const listeners = new Set<(signal: AbortSignal) => void>();
  const change = (signal: AbortSignal, by: number): void => {
    const count = (waits.get(signal) ?? 0) + by;
    if (count === 0) waits.delete(signal);
    else waits.set(signal, count);
    for (const listener of listeners) listener(signal);
  };
  return {
    enter: (signal) => change(signal, 1),
    leave: (signal) => change(signal, -1),
    sleepers: {
      has: (signal) => waits.has(signal),
      watch(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Into a binary heap: a mined block's last look is 900 epochs away, so that a busy miner has a thousand alarms set. */
function push(heap: Alarm[], alarm: Alarm): void {
  let at = heap.length;
  heap.push(alarm);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(alarm, heap[parent] as Alarm)) break;
    heap[at] = heap[parent] as Alarm;
    at = parent;
  }
  heap[at] = alarm;
}

/** Takes the first one off. */
function pop(heap: Alarm[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Alarm, heap[child] as Alarm)) child++;
    if (!isBefore(heap[child] as Alarm, last)) break;
    heap[at] = heap[child] as Alarm;
    at = child;
  }
  heap[at] = last;
}
