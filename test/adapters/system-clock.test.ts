/**
 * The machine's clock when somebody sets it, or the machine slept: timers count what goes by, and are held against the
 * time of the day each second.
 */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';

const HOUR_MS = 3_600_000;
const { signal } = new AbortController();

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/**
 * An alarm set so many milliseconds ahead; after how many that went by it rang, when the clock was set after three
 * seconds.
 */
async function rang(ms: number, set: number): Promise<number | null> {
  const began = performance.now();
  let rung: number | null = null;
  void systemClock()
    .until(Date.now() + ms, signal)
    .then(() => {
      rung = performance.now() - began;
    });
  await vi.advanceTimersByTimeAsync(3000);
  vi.setSystemTime(Date.now() + set);
  await vi.advanceTimersByTimeAsync(1.2 * HOUR_MS);
  return rung;
}

describe('an alarm of the machine that', () => {
  it('is due by a clock that was put forward rings within a second', async () => {
    expect(await rang(30_000, 30_000)).toBeLessThanOrEqual(4000);
    expect(await rang(4 * HOUR_MS, 4 * HOUR_MS)).toBeLessThanOrEqual(4000);
    expect(await rang(60_000, 30_000)).toBe(30_000);
  });

  it('is due later by a clock that was put back rings then, and not before', async () => {
    expect(await rang(30_000, -HOUR_MS)).toBe(30_000 + HOUR_MS);
  });

  it('nobody touches rings in its time, also after more than an hour, and no timer is left', async () => {
    expect(await rang(30_000, 0)).toBe(30_000);
    expect(await rang(66 * 60_000, 1)).toBe(66 * 60_000 - 1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is given up leaves no timer; a length of time is one, whatever the clock is set to', async () => {
    const controller = new AbortController();
    const clock = systemClock();
    const waits = [clock.until(Date.now() + HOUR_MS, controller.signal), clock.until(Date.now() + 30_000, controller.signal)];
    const began = performance.now();
    const over = clock.elapsed?.(30_000, signal).then(() => performance.now() - began);
    vi.setSystemTime(Date.now() + HOUR_MS);
    controller.abort(new Error('why'));
    for (const waiting of waits) await expect(waiting).rejects.toThrow('why');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await over).toBe(30_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
