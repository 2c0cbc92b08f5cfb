/** clock$ and tipset$ on a virtual clock. */

import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../../src/adapters/virtual-clock.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type ClockJump, clock$, type EpochStarted } from '../../src/streams/clock.ts';
import { lateHeads } from '../../src/streams/heads.ts';
import { tipset$ } from '../../src/streams/tipset.ts';
import { madeNetwork } from '../synthetic/made/network.ts';

const network = { genesisTimestamp: 1000n, blockDelaySecs: 30 };
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function ring(clock: VirtualClock, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await turn();
    clock.ring();
  }
  await turn();
}

describe('clock$', () => {
  it('tells the epoch that runs, then each as it begins', async () => {
    const clock = virtualClock(1_100_000);
    const seen: EpochStarted[] = [];
    const told = clock$(network, clock).subscribe((started) => seen.push(started));
    await ring(clock, 3);
    expect(seen).toEqual([
      { epoch: 3, at: 1_090_000 },
      { epoch: 4, at: 1_120_000 },
      { epoch: 5, at: 1_150_000 },
    ]);
    expect(clock.now()).toBe(1_150_000);
    told.unsubscribe();
    await turn();
    expect(clock.nextAlarm()).toBeNull();
  });

  it('waits for genesis', async () => {
    const clock = virtualClock(0);
    const seen: number[] = [];
    clock$(network, clock).subscribe(({ epoch }) => seen.push(epoch));
    await turn();
    expect([seen, clock.nextAlarm()]).toEqual([[], 1_000_000]);
    await ring(clock, 1);
    expect(seen).toEqual([0]);
  });

  it('leaves out what was slept through', async () => {
    let now = 1_000_000;
    const alarms: (() => void)[] = [];
    const sleepy = { now: () => now, until: () => new Promise<void>((resolve) => alarms.push(resolve)) };
    const seen: number[] = [];
    const jumps: ClockJump[] = [];
    clock$(network, sleepy, (jump) => jumps.push(jump)).subscribe(({ epoch }) => seen.push(epoch));
    alarms.shift()?.();
    await turn();
    now = 1_305_000;
    alarms.shift()?.();
    await turn();
    expect(seen).toEqual([0, 10]);
    expect(jumps).toEqual([{ from: 1, to: 10 }]);
  });

  it('comes back when the clock was ahead for a moment, and tells the jump', async () => {
    const clock = virtualClock(1_000_000);
    let ahead = 0;
    const seen: number[] = [];
    const jumps: ClockJump[] = [];
    const set = { ...clock, now: () => clock.now() + ahead };
    const told = clock$(network, set, (jump) => jumps.push(jump)).subscribe(({ epoch }) => seen.push(epoch));
    await ring(clock, 1);
    ahead = 100 * 30_000;
    await ring(clock, 1);
    ahead = 0;
    await ring(clock, 3);
    expect(seen).toEqual([0, 101, 2, 3, 4]);
    expect(jumps).toEqual([
      { from: 1, to: 101 },
      { from: 102, to: 2 },
    ]);
    told.unsubscribe();
  });

  it('begins the next epoch when a clock that is put forward says so, and not when the pause is over', async () => {
    const world = virtualClock(1_000_000);
    let ahead = 0;
    let look: () => void = () => undefined;
    const now = (): number => world.now() + ahead;
    const clock: Clock = {
      now,
      until: (at) =>
        new Promise((resolve) => {
          look = () => (now() >= at ? resolve() : undefined);
          look();
        }),
      elapsed: (ms, given) => world.until(world.now() + ms, given),
    };
    const seen: number[] = [];
    const told = clock$(network, clock).subscribe(({ epoch }) => seen.push(epoch));
    await turn();
    expect(seen).toEqual([0]);
    ahead = 30_000;
    look();
    await turn();
    expect([seen, world.now()]).toEqual([[0, 1], 1_000_000]);
    told.unsubscribe();
    await turn();
    expect(world.nextAlarm()).toBeNull();
  });

  it('takes a word of a time server for no jump', async () => {
    const clock = virtualClock(1_000_000);
    let off = 0;
    const seen: number[] = [];
    const jumps: ClockJump[] = [];
    const set = { ...clock, now: () => clock.now() + off, until: (at: number, given: AbortSignal) => clock.until(at - off, given) };
    clock$(network, set, (jump) => jumps.push(jump)).subscribe(({ epoch }) => seen.push(epoch));
    await ring(clock, 2);
    off = -500;
    await ring(clock, 3);
    expect([seen, jumps]).toEqual([[0, 1, 2, 3], []]);
  });
});

const tipset = (height: number): Tipset => ({ key: [cidOf(Uint8Array.of(height))], blocks: [], height, parents: [] });

describe('tipset$', () => {
  it('tells each head once; a failed question is a gap, and the head is read anew after it', async () => {
    const clock = virtualClock(0);
    const answers = [tipset(1), tipset(1), new Error('away'), tipset(3), tipset(2)];
    const failures: unknown[] = [];
    const node = {
      async head() {
        const answer = answers.shift() ?? tipset(2);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    const seen: number[] = [];
    tipset$(node, clock, { everyMs: 1000, onFailure: (error) => failures.push(error) }).subscribe(({ height }) => seen.push(height));
    await ring(clock, 6);
    expect(seen).toEqual([1, 3, 2]);
    expect(failures).toEqual([new Error('away')]);
  });

  it('reads the head at once when a notice comes', async () => {
    const clock = virtualClock(0);
    const notices = new Subject<void>();
    let height = 1;
    const seen: number[] = [];
    const told = tipset$({ head: async () => tipset(height) }, clock, { everyMs: 1000, notices }).subscribe((head) => seen.push(head.height));
    await turn();
    height = 2;
    notices.next();
    await turn();
    expect([seen, clock.now()]).toEqual([[1, 2], 0]);
    told.unsubscribe();
    await turn();
    expect(clock.nextAlarm()).toBeNull();
  });
});

describe('late heads', () => {
  const timing = { ...madeNetwork('made', {}, []), ...network, propagationDelaySecs: 10 };
  const beginOf = (epoch: number): number => 1_000_000 + 30_000 * epoch;

  /**
   * Which of these heads, each seen so many milliseconds after its epoch began, are news; one that nobody asks about
   * comes first.
   */
  function newsOf(...seen: readonly (readonly [height: number, after: number])[]): readonly number[] {
    const heads = new Subject<Tipset>();
    const told: number[] = [];
    let now = beginOf(0);
    lateHeads(heads, { ...virtualClock(0), now: () => now }, timing).subscribe(({ height }) => told.push(height));
    for (const [height, after] of [[0, 0], ...seen] as const) {
      now = beginOf(height) + after;
      heads.next(tipset(height));
    }
    return told;
  }

  it('are those that were not there when the next base was taken', () => {
    expect(newsOf([1, 0], [2, 10_000], [3, 10_001], [4, 29_000])).toEqual([3, 4]);
  });

  it('are no news after ten epochs: a node that catches up has thousands', () => {
    expect(newsOf([1, 299_999], [2, 300_000], [3, 30_000_000])).toEqual([1]);
  });

  it('are not told of the first that is seen: nobody knows when it came', () => {
    const heads = new Subject<Tipset>();
    const told: number[] = [];
    lateHeads(heads, virtualClock(beginOf(1) + 15_000), timing).subscribe(({ height }) => told.push(height));
    heads.next(tipset(1));
    expect(told).toEqual([]);
  });
});
