/**
 * A miner's clock that is set wrong for a moment and put right: ahead, by epochs, while one begins; or back, for
 * longer.
 */

import type { Epoch } from '../../../src/chain/epoch.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { beginOf, type Trouble } from './trouble.ts';

/** Epochs by which it is ahead, or behind. */
const AHEAD = [2, 5, 30, 100];
const BACK_MAX = 4;
const TICK_MS = 1_000;

interface Jump {
  /** Milliseconds since 1970 of the world's clock. */
  readonly at: number;
  readonly until: number;
  readonly byMs: number;
}

/** The clock as this miner has it, in all its lives. `rate`: how likely it jumps around the beginning of an epoch. */
export function jumpingClock(trouble: Trouble, rate: number): (clock: Clock) => Clock {
  const world = trouble.clock;
  const jumps = jumpsOf(trouble, rate);
  const changes = jumps.flatMap(({ at, until }) => [at, until]);
  const wrongBy = (): number => jumps.find(({ at, until }) => world.now() >= at && world.now() < until)?.byMs ?? 0;
  const toChange = (): number => Math.min(...changes.filter((at) => at > world.now())) - world.now();
  return (clock) => {
    const now = (): number => clock.now() + wrongBy();
    return {
      ...clock,
      now,
      // An alarm that is set while it is wrong is an alarm of the right clock afterwards.
      async until(at, signal) {
        do await clock.until(Math.min(at - wrongBy(), clock.now() + toChange()), signal);
        while (now() < at);
      },
    };
  };
}

function jumpsOf(trouble: Trouble, rate: number): readonly Jump[] {
  const { random, network, from, to } = trouble;
  const blockMs = network.blockDelaySecs * 1000;
  const jumps: Jump[] = [];
  for (let epoch: Epoch = from + 1; epoch <= to; epoch++) {
    if (!random.chance(rate)) continue;
    const begin = beginOf(trouble, epoch);
    const isAhead = random.chance(0.5);
    if (isAhead) jumps.push({ at: begin - TICK_MS, until: begin + TICK_MS, byMs: random.pick(AHEAD) * blockMs });
    else {
      const byMs = -(1 + random.below(BACK_MAX)) * blockMs;
      const last = Math.min(epoch + 1 + random.below(3), to + 1);
      jumps.push({ at: begin + random.below(blockMs), until: beginOf(trouble, last), byMs });
      epoch = last;
    }
  }
  return jumps;
}
