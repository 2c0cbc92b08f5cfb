/**
 * The devnet's own doings in time: rivals at the cut-off and at the epoch's beginning, messages and revelations a
 * little later, epoch after epoch.
 */

import { type Epoch, epochAt, epochTimestamp } from '../chain/epoch.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Rivals } from './rivals.ts';
import type { Traffic } from './traffic.ts';

export interface LifeParts {
  readonly params: NetworkParams;
  readonly clock: Clock;
  readonly rivals: Rivals;
  readonly traffic: Traffic;
  /** Forgets what is too old. */
  readonly prune: () => void;
  /** Told when it ended by a mistake of the devnet's own. */
  readonly onFailed: (error: unknown) => void;
}

/** Epochs from one pruning to the next. */
const PRUNE_EVERY = 500;

export interface DevnetLife {
  /** Once; throws `DEVNET_STARTED`, `DEVNET_STOPPED`. */
  start(): void;
  /** Rejects with what ended it before its time. Asked again it is the same end. */
  stop(): Promise<void>;
}

export function devnetLife(parts: LifeParts): DevnetLife {
  const controller = new AbortController();
  let living: Promise<void> | null = null;
  return {
    start() {
      if (controller.signal.aborted)
        throw new MineOneError('DEVNET_STOPPED', 'start: this devnet was stopped; make another with createDevnet, on the same store if it is to go on');
      if (living !== null) throw new MineOneError('DEVNET_STARTED', 'start: this devnet was started before, and once is enough');
      living = live(parts, controller.signal);
      living.catch(parts.onFailed);
    },
    async stop() {
      controller.abort(new Error('the devnet was stopped'));
      await living;
    },
  };
}

async function live({ params, clock, rivals, traffic, prune }: LifeParts, signal: AbortSignal): Promise<void> {
  const beginsAt = (epoch: Epoch): number => Number(epochTimestamp(params, epoch)) * 1000;
  const now = (): Epoch => epochAt(params, BigInt(Math.floor(clock.now() / 1000)));
  const { propagationDelaySecs, equivocationDelaySecs } = params;
  try {
    for (let epoch = Math.max(1, now() + 1); ; epoch = Math.max(epoch + 1, now())) {
      await clock.until(beginsAt(epoch - 1) + (propagationDelaySecs + equivocationDelaySecs) * 1000, signal);
      const mined = rivals.mine(epoch);
      await clock.until(beginsAt(epoch), signal);
      rivals.publish(mined);
      await clock.until(beginsAt(epoch) + Math.floor(propagationDelaySecs * 500), signal);
      rivals.reveal(epoch);
      traffic.send(epoch);
      if (epoch % PRUNE_EVERY === 0) prune();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
