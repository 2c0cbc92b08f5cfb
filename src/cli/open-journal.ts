/** A journal opened for a command that reads: one that is not there is an error, not an empty one. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MineOneError } from '../chain/error.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import { openLevelStore } from '../journal/level-store.ts';
import type { Store } from '../ports/store.ts';
import { journalDir } from './data-dir.ts';

/** Throws `JOURNAL_MISSING`, and what opening throws. */
export async function withStore<T>(data: string, use: (store: Store) => Promise<T>): Promise<T> {
  const folder = journalDir(data);
  if (!existsSync(join(folder, 'db')))
    throw new MineOneError('JOURNAL_MISSING', `no journal in ${folder}; name the folder of another with --data, or begin one with \`mineone run\``);
  const store = await openLevelStore(folder);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

export function withJournal<T>(data: string, use: (journal: Journal) => Promise<T>): Promise<T> {
  return withStore(data, async (store) => use(await openJournal(store)));
}
