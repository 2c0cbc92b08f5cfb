/** `clock$`: each epoch as it begins, from the network's genesis time and block delay (docs/architecture.md 5). All time comes from the Clock port, so a virtual one drives it too. */

import { Observable } from 'rxjs';
import { type Epoch, type EpochClock, epochAt, epochTimestamp } from '../chain/epoch.ts';
import type { Clock } from '../ports/clock.ts';

export interface EpochStarted {
  readonly epoch: Epoch;
  /** Milliseconds since 1970 at which it began: of the epoch, not of the telling. */
  readonly at: number;
}

/**
 * The epoch that runs when it is subscribed to (before genesis: genesis), then each as it begins. It follows the clock: after a sleep of the machine
 * come the epochs that run, not those slept through. Never completes.
 */
export function clock$(network: EpochClock, clock: Clock): Observable<EpochStarted> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const startOf = (epoch: Epoch): number => Number(epochTimestamp(network, epoch)) * 1000;
    const nowAt = (): Epoch => epochAt(network, BigInt(Math.floor(clock.now() / 1000)));
    async function tick(): Promise<void> {
      for (let next = Math.max(0, nowAt()); !subscriber.closed; ) {
        await clock.until(startOf(next), controller.signal);
        const epoch = Math.max(next, nowAt());
        subscriber.next({ epoch, at: startOf(epoch) });
        next = epoch + 1;
      }
    }
    tick().catch((error: unknown) => {
      if (!controller.signal.aborted) subscriber.error(error);
    });
    return () => controller.abort();
  });
}
