/**
 * `clock$`: each epoch as it begins, from the network's genesis time and block delay (docs/architecture.md 5). All time
 * comes from the Clock port, so a virtual one drives it too.
 */

import { Observable } from 'rxjs';
import { type Epoch, type EpochClock, epochAt, epochTimestamp } from '../chain/epoch.ts';
import { pause } from '../pause.ts';
import type { Clock } from '../ports/clock.ts';

export interface EpochStarted {
  readonly epoch: Epoch;
  /** Milliseconds since 1970 at which it began: of the epoch, not of the telling. */
  readonly at: number;
}

/** The clock went on by epochs at once, or went back: the machine slept, or somebody set it. */
export interface ClockJump {
  /** The epoch that was to begin next, and the one that runs. */
  readonly from: Epoch;
  readonly to: Epoch;
}

/** Less is a timer that rang late, or a word of a time server: it costs no epoch that a miner could still begin. */
const JUMP_EPOCHS = 2;

/**
 * The epoch that runs when it is subscribed to (before genesis: genesis), then each as it begins. It follows the clock:
 * after a sleep of the machine come the epochs that run, not those slept through; when the clock was ahead and is put
 * back, those that run then, also if they were told before. Never completes.
 */
export function clock$(network: EpochClock, clock: Clock, onJump: (jump: ClockJump) => void = () => undefined): Observable<EpochStarted> {
  return new Observable((subscriber) => {
    let wait = new AbortController();
    const startOf = (epoch: Epoch): number => Number(epochTimestamp(network, epoch)) * 1000;
    const nowAt = (): Epoch => Math.max(0, epochAt(network, BigInt(Math.floor(clock.now() / 1000))));
    /**
     * At that time; or after so many milliseconds, whichever comes first: what a clock that is put forward rings, and
     * how one that is put back is found out.
     */
    async function waited(at: number, ms?: number): Promise<void> {
      wait = new AbortController();
      const { signal } = wait;
      if (subscriber.closed) wait.abort();
      try {
        await Promise.race([clock.until(at, signal), ...(ms === undefined ? [] : [pause(clock, ms, signal)])]);
      } finally {
        wait.abort();
      }
    }
    /** When it begins, or when the clock turns out to have been put back: asked once an epoch. */
    async function reached(next: Epoch): Promise<void> {
      const start = startOf(next);
      let left = start - clock.now();
      // One that runs already begins in its turn; before genesis there is nothing to be put back to.
      if (left <= 0 || next === 0) return waited(start);
      for (; left > 0 && next - 1 - nowAt() < JUMP_EPOCHS; left = start - clock.now()) await waited(start, Math.min(left, network.blockDelaySecs * 1000));
    }
    async function tick(): Promise<void> {
      for (let next = nowAt(); !subscriber.closed; ) {
        await reached(next);
        const running = nowAt();
        const isBack = next - 1 - running >= JUMP_EPOCHS;
        if (isBack || running - next >= JUMP_EPOCHS) onJump({ from: next, to: running });
        const epoch = isBack ? running : Math.max(next, running);
        subscriber.next({ epoch, at: startOf(epoch) });
        next = epoch + 1;
      }
    }
    tick().catch((error: unknown) => {
      if (!subscriber.closed) subscriber.error(error);
    });
    return () => wait.abort();
  });
}
