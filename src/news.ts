/** What is written down of the world beside the epochs: heads that came too late to be a base, jumps of the clock. */

import type { Observable, Subscription } from 'rxjs';
import type { Tipset } from './chain/tipset.ts';
import { headOf } from './effects/plain.ts';
import { MineOneError } from './errors/mineone-error.ts';
import { asValue } from './journal/format/value.ts';
import { NETWORK } from './mining/stream.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { ClockJump } from './streams/clock.ts';

/** An alarm, and a record: epochs passed that nobody began, or that were begun before their time stay begun. */
export function noteJump({ from, to }: ClockJump, runtime: Runtime, onFault: (fault: MineOneError) => void): void {
  const how = to > from ? 'ahead: the machine slept, or its clock was set' : 'back: it was ahead, or is behind now';
  onFault(new MineOneError('CLOCK_JUMPED', `the clock went from epoch ${from} to ${to}, ${how}; epochs that were begun stay begun, see to the time server`));
  runtime.idle().then(
    () => void runtime.send(NETWORK, { type: 'seen', what: 'clock', value: { from, to } }),
    () => undefined,
  );
}

/**
 * Writes late heads down as inputs of `network`, once for all miners: why a base was not the chain's. One waits at a
 * time, and a later one takes its place.
 */
export function keepNews(late$: Observable<Tipset>, runtime: Runtime, ordered: boolean): Subscription {
  let waiting: Tipset | null = null;
  const write = (): void => {
    const journal = runtime.opened();
    if (journal === null) {
      // It is settled too while its disk is waited for, and has no journal then.
      runtime.idle().then(write, () => undefined);
      return;
    }
    const head = waiting as Tipset;
    waiting = null;
    void runtime.send(NETWORK, { type: 'seen', what: 'head', value: asValue(journal.shared.share(headOf(head))) });
  };
  return late$.subscribe((head) => {
    const isAlone = waiting === null;
    waiting = head;
    if (isAlone) (ordered ? runtime.settled() : runtime.idle()).then(write, () => undefined);
  });
}
