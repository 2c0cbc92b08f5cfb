/** beacon$, and the entries that it and the machines are given. */

import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { BeaconEntry } from '../../src/chain/beacon-entry.ts';
import { beacon$, beaconEntries, type EpochBeacon } from '../../src/streams/beacon.ts';
import type { EpochStarted } from '../../src/streams/clock.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const entryOf = (epoch: number): BeaconEntry => ({ round: BigInt(epoch), data: Uint8Array.of(epoch) });
const signal = new AbortController().signal;

describe('beacon entries', () => {
  it('are asked for and verified once an epoch', async () => {
    const asked: number[] = [];
    const verified: number[] = [];
    const node = {
      async beaconEntry(epoch: number) {
        asked.push(epoch);
        return entryOf(epoch);
      },
    };
    const entries = beaconEntries(node, async (epoch, entry, other) => {
      verified.push(epoch);
      return entry.round === BigInt(epoch) && (await other(epoch - 1)).round === BigInt(epoch - 1);
    });
    expect([await entries.entryOf(7, signal), await entries.entryOf(7, signal)]).toEqual([entryOf(7), entryOf(7)]);
    expect([asked, verified]).toEqual([[7, 6], [7]]);
  });

  it('asked for by many at once are verified by one for all, and by each where that one gave up', async () => {
    const verified: number[] = [];
    let givesUp = false;
    const entries = beaconEntries({ beaconEntry: async (epoch) => entryOf(epoch) }, async (epoch) => {
      verified.push(epoch);
      await turn();
      if (givesUp && verified.length === 2) throw new Error('gave up');
      return true;
    });
    await Promise.all([1, 2, 3].map(() => entries.entryOf(7, signal)));
    expect(verified).toEqual([7]);
    givesUp = true;
    const many = await Promise.allSettled([1, 2, 3].map(() => entries.entryOf(8, signal)));
    expect(many.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(verified).toEqual([7, 8, 8, 8]);
  });

  it('are asked for anew by whoever waits behind a verification that was given up and never ends', async () => {
    let verified = 0;
    const entries = beaconEntries({ beaconEntry: async (epoch) => entryOf(epoch) }, () =>
      ++verified === 1 ? new Promise(() => undefined) : Promise.resolve(true),
    );
    const [first, told] = [new AbortController(), [] as string[]];
    const asked = [first.signal, signal].map((own) => entries.entryOf(7, own));
    asked.forEach(
      (answer, i) =>
        void answer.then(
          () => told.push(`${i} told`),
          () => told.push(`${i} given up`),
        ),
    );
    for (let i = 0; i < 5; i++) await turn();
    expect([told, verified]).toEqual([[], 1]);
    first.abort(new Error('its time is over'));
    for (let i = 0; i < 5; i++) await turn();
    expect([told.toSorted(), verified]).toEqual([['0 given up', '1 told'], 2]);
    expect(await entries.entryOf(7, signal)).toEqual(entryOf(7));
  });

  it('of an epoch that is overtaken are given up: a call that never ends holds no later one up', async () => {
    const signals: AbortSignal[] = [];
    const node = {
      beaconEntry(epoch: number, own: AbortSignal) {
        signals.push(own);
        return epoch === 2 ? new Promise<BeaconEntry>(() => undefined) : Promise.resolve(entryOf(epoch));
      },
    };
    const [epochs, seen] = [new Subject<EpochStarted>(), [] as number[]];
    beacon$(
      epochs,
      beaconEntries(node, async () => true),
    ).subscribe(({ epoch }) => seen.push(epoch));
    for (const epoch of [1, 2, 3]) {
      epochs.next({ epoch, at: 0 });
      for (let i = 0; i < 5; i++) await turn();
    }
    expect([seen, signals[0]?.aborted]).toEqual([[3, 4], true]);
  });

  it('are forgotten after sixteen epochs, the oldest first: a run of months keeps no more', async () => {
    const asked: number[] = [];
    const node = {
      async beaconEntry(epoch: number) {
        asked.push(epoch);
        return entryOf(epoch);
      },
    };
    const entries = beaconEntries(node, async () => true);
    for (let epoch = 1; epoch <= 17; epoch++) await entries.entryOf(epoch, signal);
    asked.length = 0;
    for (const epoch of [17, 2, 1]) await entries.entryOf(epoch, signal);
    expect(asked).toEqual([1]);
  });

  it('that are not drand’s are refused, may be asked for again, and leave a gap in beacon$', async () => {
    const lies = new Set([3]);
    const entries = beaconEntries(
      { beaconEntry: async (epoch) => (lies.delete(epoch) ? entryOf(99) : entryOf(epoch)) },
      async (epoch, { round }) => round === BigInt(epoch),
    );
    const failures: unknown[] = [];
    const seen: EpochBeacon[] = [];
    const epochs = new Subject<EpochStarted>();
    beacon$(epochs, entries, (error) => failures.push(error)).subscribe((found) => seen.push(found));
    for (const epoch of [1, 2, 3]) {
      epochs.next({ epoch, at: 0 });
      await turn();
    }
    expect(seen.map(({ epoch, entry }) => [epoch, entry.round])).toEqual([
      [2, 2n],
      [4, 4n],
    ]);
    expect(failures).toMatchObject([{ code: 'BEACON_WRONG', retryable: true }]);
    expect(await entries.entryOf(3, signal)).toEqual(entryOf(3));
  });
});
