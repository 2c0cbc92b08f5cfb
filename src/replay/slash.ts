/**
 * The rows of the slash filter as a part of a replay: what the records bound, and made free again, is computed once
 * more and held against what is kept.
 */

import { fromHex, toHex } from '../chain/encoding/bytes.ts';
import type { Journal, StoredRecord } from '../journal/journal.ts';
import { rowFault } from '../journal/slash/slash-checks.ts';
import { slashFold } from '../journal/slash/slash-fold.ts';
import type { Divergence } from './replay.ts';

export interface SlashWatch {
  /** Of the journal, folded on their way. */
  readonly records: AsyncIterable<StoredRecord>;
  /** Once they were all read: the first row of such a stream that is not what its records say. */
  divergence(isAsked: (stream: string) => boolean): Promise<Divergence | null>;
}

export function slashWatch(journal: Journal): SlashWatch {
  const fold = slashFold();
  const begin = journal.checkpoint().first;
  let next = begin;
  async function* folded(): AsyncGenerator<StoredRecord> {
    for await (const stored of journal.records(next)) {
      fold.take(stored.record);
      next = stored.record.seq + 1;
      yield stored;
    }
  }
  const differing = (isAsked: (stream: string) => boolean): Divergence | null => {
    for (const [key, due] of fold.due) {
      const stored = isAsked(due.stream) ? journal.store.get(fromHex(key)) : due.value;
      const fault = rowFault(stored, due, begin);
      if (fault === null) continue;
      const recorded = `${fault}: ${stored === undefined ? 'no row' : toHex(stored)}`;
      return { seq: due.row.seq, stream: due.stream, what: 'row of the slash filter', recorded, recomputed: toHex(due.value) };
    }
    return null;
  };
  return {
    records: folded(),
    async divergence(isAsked) {
      let found: Divergence | null = null;
      // Between two batches: a row is never further than its record then.
      await journal.flush(async () => {
        for await (const _ of folded());
        found = differing(isAsked);
      });
      return found;
    },
  };
}
