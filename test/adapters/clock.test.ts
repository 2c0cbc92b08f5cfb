/** Both clocks against the one contract. */

import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { clockContract } from '../contract/clock-contract.ts';

clockContract('system', () => ({ clock: systemClock(), pass: async (ms) => void (await sleep(ms + 1)) }));

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
