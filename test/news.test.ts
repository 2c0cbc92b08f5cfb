/** What createMiner says and keeps of the world beside its epochs. */

import { expect, it } from 'vitest';
import { virtualClock } from '../src/adapters/virtual-clock.ts';
import type { Clock } from '../src/ports/clock.ts';
import { runUntilIdle } from '../src/runtime/drive.ts';
import { beginOf } from './runtime/fixtures/small-chain.ts';
import { smallMiner } from './runtime/fixtures/small-miner.ts';

it('a clock that was ahead for a moment is told to whoever hears of faults, and kept: there, and back', async () => {
  const world = virtualClock(beginOf(0));
  const ahead = (): number => (world.now() >= beginOf(3) && world.now() < beginOf(3) + 5000 ? 100 * 30_000 : 0);
  const clock: Clock = {
    ...world,
    now: () => world.now() + ahead(),
    until: (at, signal) => world.until(at - ahead(), signal),
    elapsed: (ms, signal) => world.until(world.now() + ms, signal),
  };
  const { miner, faults } = await smallMiner({ clock });
  const kept: unknown[] = [];
  miner.transitions$.subscribe(({ stream, input }) => input.type === 'seen' && input.what === 'clock' && kept.push([stream, input.value]));
  await miner.start();
  await runUntilIdle(miner, world, beginOf(6));
  expect(faults.map(({ code }) => code)).toEqual(['CLOCK_JUMPED', 'CLOCK_JUMPED']);
  expect(faults[0]?.message).toContain('from epoch 3 to 103, ahead');
  expect(kept).toEqual([
    ['network', { from: 3, to: 103 }],
    ['network', { from: 104, to: 4 }],
  ]);
  expect((await miner.replay()).divergence).toBeNull();
  await miner.stop();
});
