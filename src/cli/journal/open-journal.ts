/**
 * A journal opened for a command that reads, beside the process that may be writing it: one that is not there is an
 * error, not an empty one.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from '../../folder.ts';
import { type Journal, openJournal } from '../../journal/journal.ts';
import { openLevelReader } from '../../journal/store/level-reader.ts';
import type { Store } from '../../ports/store.ts';
import { journalDir } from '../options/data-dir.ts';
import { warn } from '../terminal/warning.ts';
import { journalMissing } from './other-journals.ts';

/** Folder of the journal in a data directory. Throws `JOURNAL_MISSING`, `FOLDER_IS_FILE`. */
export function journalIn(data: string): string {
  const folder = journalDir(data);
  isFolder(data);
  if (!existsSync(join(folder, 'db'))) throw journalMissing(data);
  return folder;
}

export interface ReadOptions {
  /** How much of LevelDB's tables is checked against its checksums; the newest if not all. */
  readonly checkedBytes?: number;
}

/** Throws `JOURNAL_MISSING`, and what opening throws. */
export async function withStore<T>(data: string, use: (store: Store) => Promise<T>, options: ReadOptions = {}): Promise<T> {
  const store = await openLevelReader(journalIn(data), options);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

export function withJournal<T>(data: string, use: (journal: Journal) => Promise<T>): Promise<T> {
  return withStore(data, async (store) => {
    const journal = await openJournal(store);
    journal.warnings.forEach(warn);
    return use(journal);
  });
}
