/**
 * Records of a journal that another process writes: first those that are there, then each as it comes, without a gap
 * and without a repeat. What `subscribe` is within the process.
 */

import { equalBytes } from '../chain/encoding/bytes.ts';
import { corrupt } from './chain/corrupt.ts';
import type { StoredRecord } from './chain/record-chain.ts';
import { openJournal } from './journal.ts';
import { anchorOf, openLevelReader } from './store/level-reader.ts';

const POLL_MS = 200;

export interface FollowOptions {
  /** How many of the records that are there come first. */
  readonly last: number;
  readonly signal: AbortSignal;
}

/**
 * Ends when the signal does. Only what is on disk comes out. Throws what opening throws, and `JOURNAL_CORRUPT` where
 * the journal became another one or shorter.
 */
export async function* followJournal(folder: string, { last, signal }: FollowOptions): AsyncGenerator<StoredRecord> {
  let next: number | undefined;
  let before: Uint8Array | undefined;
  while (!signal.aborted) {
    const store = await openLevelReader(folder, next === undefined ? {} : { checkedBytes: 0 });
    try {
      const journal = await openJournal(store);
      next ??= Math.max(0, journal.next() - last);
      if (journal.next() < next) throw corrupt(next - 1, 'it was there before, and is not any more');
      for await (const stored of journal.records(next)) {
        if (signal.aborted) return;
        if (before !== undefined && !equalBytes(stored.record.prev, before)) throw corrupt(stored.record.seq, 'it does not name the record before it');
        before = stored.hash;
        next = stored.record.seq + 1;
        yield stored;
      }
    } finally {
      await store.close();
    }
    await written(folder, next, signal);
  }
}

/** Until the writer says that it wrote more, or less than there was, or the signal. */
async function written(folder: string, next: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (anchorOf(folder)?.seq ?? next - 1) === next - 1) await pause(signal);
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, POLL_MS);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
