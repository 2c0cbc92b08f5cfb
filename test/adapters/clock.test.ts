/** Every clock against the one contract. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pacedClock } from '../../src/adapters/paced-clock.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { clockContract } from '../contract/clock-contract.ts';

clockContract('system', () => ({ clock: systemClock(), pass: async (ms) => void (await sleep(ms + 1)) }));

clockContract('paced', () => ({
  clock: pacedClock(systemClock(), { start: 1_000_000, speed: 0.5 }),
  pass: async (ms) => void (await sleep(ms * 2 + 2)),
}));

clockContract('virtual', () => {
  const clock = virtualClock(1_000_000);
  const pass = async (ms: number): Promise<void> => {
    const end = clock.now() + ms;
    let isOver = false;
    void clock.until(end, new AbortController().signal).then(() => {
      isOver = true;
    });
    while (!isOver) {
      clock.ring();
      await new Promise(setImmediate);
    }
  };
  return { clock, pass };
});

describe('a paced clock', () => {
  it('begins at its own time and runs as fast as it is told, in whole milliseconds', () => {
    let real = 5000;
    const clock = pacedClock({ now: () => real, until: () => Promise.resolve() }, { start: 1_000_000, speed: 2.5 });
    expect(clock.now()).toBe(1_000_000);
    real += 3;
    expect(clock.now()).toBe(1_000_007);
  });
});
