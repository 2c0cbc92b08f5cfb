/** Who holds a lock, in a file beside it: for people, and for whoever finds the lock itself deleted. */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const HOLDER = 'holder';

/** Writes down that this process has it. */
export function signAsHolder(folder: string): void {
  writeFileSync(join(folder, HOLDER), `process ${process.pid} of ${hostname()}, since ${new Date().toISOString()}\n`);
}

/** In words: `process 12 of a-host, since …`. */
export function holderOf(folder: string): string {
  return signed(folder) ?? 'another process';
}

/** What LevelDB has open as long as it writes. Its tables readers have too, by links of their own. */
const WRITTEN = /^(\d+\.log|MANIFEST-\d+|LOG)$/;

/**
 * Whether the process that signed last has the database of the folder open: a lock that was deleted is held by nobody,
 * and yet that process goes on writing. Told by the files alone, device and inode, for a pid may be another's by now;
 * `false` where the system does not tell which files a process has open, or that is one of another host.
 */
export function isInUse(folder: string): boolean {
  const [, pid, host] = /^process (\d+) of (.*), since /.exec(signed(folder) ?? '') ?? [];
  return pid !== undefined && host === hostname() && areOpen(writtenIn(folder), [pid]);
}

/**
 * Whether any process, of those that this one may look at, has the database in `place` open, where nobody signed the
 * guard: it was deleted as well.
 */
export function isInUseUnsigned(place: string, guard: string): boolean {
  const written = signed(guard) === null ? writtenIn(place) : new Set<string>();
  return (
    written.size > 0 &&
    areOpen(
      written,
      namesIn('/proc').filter((name) => /^\d+$/.test(name)),
    )
  );
}

function writtenIn(folder: string): ReadonlySet<string> {
  return new Set(namesIn(folder).flatMap((name) => (WRITTEN.test(name) ? identitiesOf(join(folder, name)) : [])));
}

function areOpen(files: ReadonlySet<string>, pids: readonly string[]): boolean {
  return pids.some((pid) => namesIn(`/proc/${pid}/fd`).some((fd) => identitiesOf(`/proc/${pid}/fd/${fd}`).some((identity) => files.has(identity))));
}

/** Device and inode: what a file or a folder is, whatever it is called; `null` when there is none. */
export function identityOf(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : `${stat.dev}:${stat.ino}`;
}

function signed(folder: string): string | null {
  try {
    return readFileSync(join(folder, HOLDER), 'utf8').trim();
  } catch {
    return null;
  }
}

/** None of a folder that is not there, or may not be read. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** None of what was closed in this moment, or may not be looked at. */
function identitiesOf(path: string): readonly string[] {
  try {
    const identity = identityOf(path);
    return identity === null ? [] : [identity];
  } catch {
    return [];
  }
}
