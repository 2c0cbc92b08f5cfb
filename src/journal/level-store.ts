/** A store in LevelDB: every batch is synced before its promise resolves. One process at a time; another one is told who holds it. */

import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { MineOneError } from '../chain/error.ts';
import type { Store } from '../ports/store.ts';

const HOLDER = 'holder.pid';

/** Opens or makes the database in a folder; throws `JOURNAL_HELD` with the holder's pid, `JOURNAL_OPEN` for anything else that LevelDB says. */
export async function openLevelStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true });
  const level = new Level<Uint8Array, Uint8Array>(join(folder, 'db'), { keyEncoding: 'view', valueEncoding: 'view' });
  try {
    await level.open();
  } catch (error) {
    throw openError(folder, error);
  }
  writeFileSync(join(folder, HOLDER), `${process.pid}\n`);
  return {
    get: (key) => level.getSync(key),
    write: (ops) => level.batch(ops.map((op) => (op.type === 'put' ? { ...op } : { ...op })), { sync: true }),
    range: (from, to) => level.iterator({ gte: from, lt: to }),
    async last(from, to) {
      for await (const entry of level.iterator({ gte: from, lt: to, reverse: true, limit: 1 })) return entry;
      return undefined;
    },
    close: () => level.close(),
  };
}

function openError(folder: string, error: unknown): MineOneError {
  const cause = (error as { readonly cause?: { readonly code?: string; readonly message?: string } }).cause;
  if (cause?.code === 'LEVEL_LOCKED') {
    return new MineOneError('JOURNAL_HELD', `the journal in ${folder} is held by ${holder(folder)}; stop that process, or name another --data`, { cause: error });
  }
  const said = cause?.message ?? (error as Error).message;
  return new MineOneError('JOURNAL_OPEN', `the journal in ${folder} does not open: ${said}; keep the folder as it is, and see docs/journal.md`, { cause: error });
}

function holder(folder: string): string {
  try {
    return `process ${readFileSync(join(folder, HOLDER), 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}
