/** Drives a miner on a virtual clock: time moves only when nothing is left to do, and results come in the order they were asked for, so that the same run gives the same journal. */

import type { VirtualClock } from '../adapters/virtual-clock.ts';
import type { Miner } from '../miner.ts';
import type { Perform } from '../runtime/options.ts';

export interface Ordered {
  /** Hands results on in the order of the questions, however long each took. Alarms are not held up: they ring when all is quiet. */
  readonly around: (perform: Perform) => Perform;
  /** Questions that have no answer yet. */
  waiting(): Promise<unknown> | null;
}

export function inOrder(): Ordered {
  let tail: Promise<unknown> = Promise.resolve();
  let pending = 0;
  return {
    around: (perform) => (name, input, context) => {
      if (name === 'alarm') return perform(name, input, context);
      pending++;
      const result = perform(name, input, context);
      const before = tail;
      tail = result.then(
        () => before,
        () => before,
      );
      return tail.then(() => result).finally(() => pending--);
    },
    waiting: () => (pending === 0 ? null : tail),
  };
}

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Rings alarm after alarm until `done` says so or no alarm is left. */
export async function driveVirtualTime(clock: VirtualClock, miner: Pick<Miner, 'idle'>, ordered: Ordered, done: () => boolean): Promise<void> {
  for (;;) {
    await allQuiet(miner, ordered);
    const due = clock.nextAlarm();
    if (done() || due === null) return;
    while (clock.nextAlarm() === due) clock.ring();
  }
}

/** Two turns of the loop in a row with nothing waiting and nothing being written: what a result leads to starts within one. */
async function allQuiet(miner: Pick<Miner, 'idle'>, ordered: Ordered): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    await turnOfLoop();
    await ordered.waiting();
    await miner.idle();
    quiet = ordered.waiting() === null ? quiet + 1 : 0;
  }
}
