/** Ports and listeners that throw where they should answer: nothing that they do ends mining, or the process. */

import { expect, it } from 'vitest';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import type { MinerOptions } from '../../src/miner.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Node } from '../../src/ports/node.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { beginOf } from '../runtime/fixtures/small-chain.ts';
import { smallMiner } from '../runtime/fixtures/small-miner.ts';

const LAST = 5;

/** Heights that were mined on an odd clock, by a node or for a listener that is odd. */
async function mined(oddClock: (clock: Clock) => Clock, around: (node: Node) => Node = (node) => node, options: Partial<MinerOptions> = {}) {
  const real = virtualClock(beginOf(0));
  const told: string[] = [];
  const { miner, chain } = await smallMiner({ clock: oddClock(real), onFault: ({ code }) => void told.push(code), ...options }, around);
  await miner.start();
  await runUntilIdle(miner, real, beginOf(LAST));
  await miner.stop();
  return { heights: chain.submitted.map(({ header }) => header.height), told };
}

const whole = Array.from({ length: LAST }, (_, i) => i + 1);
const same = (clock: Clock): Clock => clock;

it('a clock that throws once while an epoch steps: the miner was fenced for good', async () => {
  for (const at of [33, 50]) {
    let asked = 0;
    const throwing = (clock: Clock): Clock => ({
      ...clock,
      now() {
        if (asked++ === at) throw new Error('no time');
        return clock.now();
      },
    });
    expect(await mined(throwing)).toEqual({ heights: whole, told: [] });
  }
});

it('a pause that fails once: no epoch was begun any more', async () => {
  let asked = 0;
  const elapsed = (clock: Clock): Clock => ({
    ...clock,
    elapsed: (ms, signal) => (asked++ === 1 ? Promise.reject(new Error('no timer')) : clock.until(clock.now() + ms, signal)),
  });
  expect(await mined(elapsed)).toEqual({ heights: whole, told: [] });
});

it('a pause that is over at once, each time: the clock of epochs and the look for heads spun for ever', async () => {
  let asked = 0;
  const elapsed = (clock: Clock): Clock => ({
    ...clock,
    async elapsed() {
      if (asked++ > 5000) throw new Error('a storm');
    },
  });
  expect(await mined(elapsed)).toEqual({ heights: whole, told: [] });
  expect(asked).toBeLessThan(1000);
});

it('a node whose notices fail, at their beginning or their end: the process ended, or the stop did', async () => {
  const throws = (): never => {
    throw new Error('socket closed');
  };
  const oddities = [throws, () => throws, () => Promise.resolve(throws)] as unknown as readonly NonNullable<Node['onHead']>[];
  for (const onHead of oddities) expect(await mined(same, (node) => ({ ...node, onHead }))).toEqual({ heights: whole, told: [] });
});

it('a listener to faults whose log is closed: no epoch was begun after the first fault', async () => {
  const ahead = (clock: Clock): Clock => {
    const by = (): number => (clock.now() > beginOf(3) ? 5 * 30_000 : 0);
    return { ...clock, now: () => clock.now() + by(), until: (at, signal) => clock.until(at - by(), signal) };
  };
  let told = 0;
  const onFault = (): never => {
    told++;
    throw new Error('log closed');
  };
  const { heights } = await mined(ahead, undefined, { onFault });
  expect(told).toBeGreaterThan(0);
  expect(heights.at(-1)).toBeGreaterThan(LAST + 3);
});
