/**
 * One epoch's records, wherever they lie: in the journal of a data directory, or among the epochs that were imported
 * beside it.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MineOneError } from '../../errors/mineone-error.ts';
import { pruned } from '../../journal/chain/checkpoint.ts';
import { type EpochFile, readEpochFile } from '../../journal/epoch-file.ts';
import { wasBegun } from '../../journal/format/begun.ts';
import type { Journal } from '../../journal/journal.ts';
import { streamName } from '../../mining/stream.ts';
import { importedDir, journalDir } from '../options/data-dir.ts';
import { withJournal } from './open-journal.ts';

/** What explaining, replaying and exporting ask of either. */
export type EpochSource = Pick<Journal, 'stream' | 'shared' | 'blob'> & Pick<EpochFile, 'records'>;

/** Where an imported epoch of a miner is kept. */
export function importedPath(data: string, miner: string, epoch: number): string {
  return join(importedDir(data), `${miner}-${epoch}.epoch`);
}

/** The journal's own comes first. Throws `EPOCH_UNKNOWN`, `JOURNAL_PRUNED`, `JOURNAL_MISSING`. */
export async function withEpoch<T>(
  data: string,
  { miner, epoch }: { readonly miner: string; readonly epoch: number },
  use: (source: EpochSource) => Promise<T>,
): Promise<T> {
  const path = importedPath(data, miner, epoch);
  const isImported = existsSync(path);
  if (isImported && !existsSync(join(journalDir(data), 'db'))) return use(readImported(path));
  return withJournal(data, async (journal) => {
    if (await hasWhole(journal, streamName(miner, epoch))) return use(journal);
    if (isImported) return use(readImported(path));
    const known = `see \`mineone journal stat\``;
    if (wasBegun(journal.checkpoint().begun, miner, epoch)) throw pruned(`the journal does not hold epoch ${epoch} of ${miner} any more`, journal.checkpoint());
    throw new MineOneError('EPOCH_UNKNOWN', `the journal holds no epoch ${epoch} of ${miner}; ${known}`);
  });
}

/** Whether the records of a stream are there from its start on. */
async function hasWhole(journal: Journal, stream: string): Promise<boolean> {
  for await (const { record } of journal.stream(stream)) return record.back === null;
  return false;
}

function readImported(path: string): EpochFile {
  return readEpochFile(new Uint8Array(readFileSync(path)));
}
