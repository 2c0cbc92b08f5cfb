/** A whole journal read into a fold, with progress. */

import type { JournalRecord } from '../../journal/format/record.ts';
import type { Journal } from '../../journal/journal.ts';
import { createProgress } from '../terminal/progress.ts';

export async function foldAll(journal: Pick<Journal, 'records' | 'next'>, add: (record: JournalRecord) => void): Promise<void> {
  const progress = createProgress();
  for await (const { record } of journal.records()) {
    add(record);
    progress.update(`read up to record ${record.seq} of ${journal.next()}`);
  }
  progress.clear();
}
