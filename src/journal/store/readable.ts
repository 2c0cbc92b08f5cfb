/**
 * Whether all files of a journal may be read and written, before LevelDB is asked to: it passes over a log that it may
 * not read, and then deletes it with its records.
 */

import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { MineOneError } from '../../errors/mineone-error.ts';

/** LevelDB's words for people, and the file it locks: to open that and to close it again would give the lock back. */
const NOT_READ = new Set(['LOCK', 'LOG', 'LOG.old']);

/**
 * Reads from every file of the database; `written`: files and folders beside it that are written to where they are
 * there. Touches nothing. Throws `JOURNAL_UNREADABLE`.
 */
export function checkReadable(place: string, written: readonly string[]): void {
  for (const name of readdirSync(place)) if (!NOT_READ.has(name)) check(join(place, name), readFrom);
  for (const path of [place, join(place, 'LOCK'), ...written]) if (existsSync(path)) check(path, (one) => accessSync(one, constants.R_OK | constants.W_OK));
}

/** `JOURNAL_UNREADABLE`. */
export function unreadable(path: string, cause: unknown): MineOneError {
  const said = (cause as Error).message;
  return new MineOneError(
    'JOURNAL_UNREADABLE',
    `${path} may not be used (${said}); LevelDB would open without it and delete it, so nothing was opened: start as the user who wrote it, or give this one the folder with chown -R`,
    { cause },
  );
}

function check(path: string, use: (path: string) => void): void {
  try {
    use(path);
  } catch (error) {
    // Whoever holds the database takes files away: the lock will tell. A disk that is mounted read-only has a word of
    // its own, when it is written to.
    if (!['ENOENT', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw unreadable(path, error);
  }
}

function readFrom(path: string): void {
  const fd = openSync(path, 'r');
  try {
    readSync(fd, new Uint8Array(1));
  } finally {
    closeSync(fd);
  }
}
