/**
 * `beacon$`: the beacon entry of each epoch, verified before anybody is given it; and the answer to «the entry of E»,
 * which is the first of E on it (docs/architecture.md 5).
 */

import { Observable, switchMap } from 'rxjs';
import type { BeaconEntry } from '../chain/beacon-entry.ts';
import { toHex } from '../chain/encoding/bytes.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { PortError } from '../errors/port-error.ts';
import type { Node } from '../ports/node.ts';
import type { EpochStarted } from './clock.ts';

export interface EpochBeacon {
  readonly epoch: Epoch;
  readonly entry: BeaconEntry;
}

/**
 * Whether the entry is the drand network's of this epoch. `entryOf` asks for that of another, not verified: a chained
 * network signs on from an earlier one.
 */
export type VerifyBeacon = (epoch: Epoch, entry: BeaconEntry, entryOf: (epoch: Epoch) => Promise<BeaconEntry>) => Promise<boolean>;

export interface BeaconEntries {
  /**
   * Verified, once an epoch; rejects with `BEACON_WRONG`, which may be asked again: another node may tell the truth.
   */
  entryOf(epoch: Epoch, signal: AbortSignal): Promise<BeaconEntry>;
}

/** Epochs whose entry is kept: base waits of several miners ask for the same. */
const KEPT = 16;

export function beaconEntries(node: Pick<Node, 'beaconEntry'>, verify: VerifyBeacon): BeaconEntries {
  const kept = new Map<Epoch, BeaconEntry>();
  const underWay = new Map<string, Promise<boolean>>();
  /**
   * A hundred miners ask at once, and get the same entry: one verifies it for all; where that one fails or is given up,
   * each does for itself.
   */
  async function isGood(epoch: Epoch, entry: BeaconEntry, signal: AbortSignal): Promise<boolean> {
    const key = `${epoch}/${entry.round}/${toHex(entry.data)}`;
    const own = (): Promise<boolean> => verify(epoch, entry, (other) => node.beaconEntry(other, signal));
    const other = underWay.get(key);
    if (other !== undefined) return other.catch(own);
    const verdict = untilGivenUp(own(), signal).finally(() => underWay.delete(key));
    underWay.set(key, verdict);
    return verdict;
  }
  return {
    async entryOf(epoch, signal) {
      signal.throwIfAborted();
      const known = kept.get(epoch);
      if (known !== undefined) return known;
      const entry = await node.beaconEntry(epoch, signal);
      if (!(await isGood(epoch, entry, signal))) {
        const message = `the node's beacon entry of epoch ${epoch}, round ${entry.round}, is not the drand network's; ask another node`;
        throw new PortError('BEACON_WRONG', message, { retryable: true });
      }
      const first = kept.get(epoch) ?? entry;
      kept.set(epoch, first);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value as Epoch);
      return first;
    },
  };
}

/** A call that does not end when its signal is aborted holds nobody back but whoever made it. */
function untilGivenUp<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    void call.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
    if (signal.aborted) giveUp();
  });
}

/** Made once: every question that the next epoch overtakes ends so. */
const OVERTAKEN = new MineOneError('BEACON_OVERTAKEN', 'the next epoch began before its beacon entry was there');

/**
 * While epoch E runs, the entry that E + 1 draws from is looked for, so that it is there when a miner asks, and given
 * up when the next begins; a failure leaves a gap and is said.
 * @public
 */
export function beacon$(epochs$: Observable<EpochStarted>, entries: BeaconEntries, onFailure?: (error: unknown) => void): Observable<EpochBeacon> {
  return epochs$.pipe(
    switchMap(
      ({ epoch }) =>
        new Observable<EpochBeacon>((told) => {
          const controller = new AbortController();
          entries
            .entryOf(epoch + 1, controller.signal)
            .then((entry) => told.next({ epoch: epoch + 1, entry }), onFailure)
            .finally(() => told.complete());
          return () => controller.abort(OVERTAKEN);
        }),
    ),
  );
}
