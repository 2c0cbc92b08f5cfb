/** A clock that was an hour ahead when a wait began, and is put right: what was to take seconds takes seconds. */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { answeredBy } from '../../src/effects/answer-in-time.ts';
import { performWith } from '../../src/effects/perform.ts';
import type { Ports } from '../../src/effects/performers.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Node } from '../../src/ports/node.ts';
import type { PerformContext } from '../../src/runtime/options.ts';
import { patienceOn } from '../../src/runtime/patience.ts';
import { tipset$ } from '../../src/streams/tipset.ts';

const HOUR_MS = 3_600_000;
const never = <T>(): Promise<T> => new Promise(() => undefined);

/** What is begun with the clock ahead, then put right: how many milliseconds of the world until it is over. */
async function takes(begin: (clock: Clock) => Promise<unknown>): Promise<number> {
  const world = virtualClock(0);
  let ahead = HOUR_MS;
  const now = (): number => world.now() + ahead;
  const clock: Clock = {
    ...world,
    now,
    async until(at, signal) {
      do await world.until(at - ahead, signal);
      while (now() < at);
    },
  };
  let isOver = false;
  void begin(clock)
    .finally(() => {
      isOver = true;
    })
    .catch(() => undefined);
  ahead = 0;
  do await new Promise(setImmediate);
  while (!isOver && world.ring());
  return isOver ? world.now() : Number.POSITIVE_INFINITY;
}

const { signal } = new AbortController();

describe('with a clock that was ahead, and is put right,', () => {
  it('an alarm that has a length rings after it', async () => {
    const alarm = (input: { at: number; within?: number }) => (clock: Clock) => performWith({ clock } as Ports)('alarm', input, { signal } as PerformContext);
    expect(await takes(alarm({ at: HOUR_MS + 1000, within: 30_000 }))).toBe(30_000);
    expect(await takes(alarm({ at: 2000, within: 30_000 }))).toBe(2000);
    expect(await takes(alarm({ at: HOUR_MS + 1000 }))).toBe(HOUR_MS + 1000);
  });

  it('a call that is not answered is given up in its time', async () => {
    expect(await takes((clock) => answeredBy(clock, 'submitBlock', clock.now() + 10_000, never))).toBe(10_000);
  });

  it('a disk is tried again', async () => {
    const twice = async (clock: Clock): Promise<void> => {
      const patience = patienceOn(clock, () => undefined);
      await patience.next();
      await patience.next();
    };
    expect(await takes(twice)).toBe(1000);
  });

  it('the node is asked for its head again', async () => {
    const asked = (clock: Clock): Promise<void> =>
      new Promise((resolve) => {
        let times = 0;
        const node: Pick<Node, 'head'> = {
          head() {
            if (++times === 2) resolve();
            return never();
          },
        };
        tipset$(node, clock, { everyMs: 10_000 }).subscribe();
      });
    expect(await takes(asked)).toBe(10_000);
  });
});
