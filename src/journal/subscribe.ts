/**
 * Records as a stream without an end: first those that are there, then each as it comes, from a seq on, without a gap
 * and without a repeat (docs/architecture.md 5, «Out»).
 */

import { equalBytes } from '../chain/encoding/bytes.ts';
import { pruned } from './chain/checkpoint.ts';
import { corrupt } from './chain/corrupt.ts';
import type { StoredRecord } from './chain/record-chain.ts';
import type { Journal } from './journal.ts';

/** Records read at once: nothing of the store is held while the reader is slow. */
const PAGE = 256;

/**
 * Throws `JOURNAL_PRUNED` where retention gave records up that it is to give. Ends when the signal does, or the
 * journal: one that was closed or is unknown is opened again and subscribed to again, at the next seq. Only what is on
 * disk comes out.
 */
export async function* subscribe(journal: Journal, from: number, signal?: AbortSignal): AsyncGenerator<StoredRecord> {
  let next = from;
  let before: Uint8Array | undefined;
  const goesOn = (): boolean => !journal.ended() && signal?.aborted !== true;
  while (goesOn()) {
    if (next < journal.checkpoint().first) throw pruned(`there is no record ${next}`, journal.checkpoint());
    if (journal.synced() < next) await moved(journal, signal);
    else {
      for (const stored of await page(journal, next)) {
        if (signal?.aborted === true) return;
        if (before !== undefined && !equalBytes(stored.record.prev, before)) throw corrupt(stored.record.seq, 'it does not name the record before it');
        before = stored.hash;
        next = stored.record.seq + 1;
        yield stored;
      }
    }
  }
}

async function page(journal: Journal, from: number): Promise<readonly StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const stored of journal.records(from)) if (records.push(stored) === PAGE) break;
  return records;
}

/** Until the journal's next batch, its end, or the signal. */
function moved(journal: Journal, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      leave();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const leave = journal.onSynced(done);
    signal?.addEventListener('abort', done);
  });
}
