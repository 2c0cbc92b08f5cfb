/**
 * A store in LevelDB: every batch is synced before its promise resolves. One process at a time; another one is told who
 * holds it.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Level } from 'level';
import { argumentCheck, CALL_ARGUMENT, isPath, switchRule } from '../../chain/argument.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { checkOptions, type OptionRules, optional } from '../../errors/strict.ts';
import { makeFolder } from '../../folder.ts';
import type { Store } from '../../ports/store.ts';
import { corruptRow } from '../chain/corrupt.ts';
import { ANCHOR, type AnchorFile, openAnchor } from './anchor-file.ts';
import { holderOf, identityOf, isInUseUnsigned } from './holder.ts';
import { currentManifest, readManifest } from './level-manifest.ts';
import { checkTables } from './level-tables.ts';
import { causeOf, type Lock, takeLock } from './lock.ts';
import { checkReadable } from './readable.ts';

const CHECKED_BYTES = 128 * 1024 * 1024;

/** Folder beside the database, whose lock holds even where somebody deletes that of the database. */
const GUARD = 'guard';

export interface LevelOptions {
  /** Of the tables' checksums the newest so many bytes are checked; Infinity: all. */
  readonly checkedBytes?: number;
  /**
   * Whether there is a database already: where it is gone none is begun in its place, and `JOURNAL_MOVED` is thrown.
   */
  readonly isThere?: boolean;
  /** A copy that nobody else knows of needs no guard. */
  readonly isCopy?: boolean;
}

/** Of {@link LevelOptions.checkedBytes}. */
export const CHECKED_BYTES_RULE = optional('bytes, a number of at least 0, or Infinity for all', (value) => typeof value === 'number' && value >= 0);

const RULES: OptionRules<LevelOptions> = { checkedBytes: CHECKED_BYTES_RULE, isThere: switchRule(), isCopy: switchRule() };

/**
 * Opens or makes the database in a folder; throws `JOURNAL_HELD` with the holder's pid, `JOURNAL_UNREADABLE` where a
 * file of it may not be read, `JOURNAL_CORRUPT` where files are gone, `JOURNAL_OPEN` for anything else that LevelDB
 * says, `CALL_ARGUMENT`.
 */
export async function openLevelStore(folder: string, options: LevelOptions = {}): Promise<Store> {
  argumentCheck('openLevelStore')('folder', folder, 'the path of a folder', isPath(folder));
  checkOptions<LevelOptions>('openLevelStore', CALL_ARGUMENT, options, RULES);
  const { checkedBytes = CHECKED_BYTES, isThere = false, isCopy = false } = options;
  const place = join(folder, 'db');
  if (isThere && !existsSync(join(place, 'CURRENT'))) throw movedError(folder);
  makeFolder(place);
  const [guarded, anchored] = [join(folder, GUARD), join(folder, ANCHOR)];
  checkReadable(place, [folder, anchored, guarded, join(guarded, 'LOCK')]);
  if (!isCopy && isInUseUnsigned(place, guarded)) throw heldError(folder);
  const guard = isCopy ? null : await takeGuard(folder, guarded);
  try {
    checkFiles(folder, place, checkedBytes);
    return await openIn(folder, place, guard);
  } catch (error) {
    await guard?.release();
    throw error;
  }
}

async function takeGuard(folder: string, guarded: string): Promise<Lock> {
  let guard: Lock | null;
  try {
    guard = await takeLock(guarded);
  } catch (error) {
    // What the system says of a disk it says itself.
    throw causeOf(error).code === undefined ? error : openError(folder, error);
  }
  if (guard === null) throw heldError(folder);
  return guard;
}

async function openIn(folder: string, place: string, guard: Lock | null): Promise<Store> {
  // Hashes and signatures do not get smaller; and blocks as they are can be checked without LevelDB.
  const level = new Level<Uint8Array, Uint8Array>(place, { keyEncoding: 'view', valueEncoding: 'view', compression: false });
  try {
    await level.open();
  } catch (error) {
    throw openError(folder, error);
  }
  let anchor: AnchorFile;
  try {
    guard?.sign();
    anchor = openAnchor(join(folder, ANCHOR));
  } catch (error) {
    await level.close();
    throw error;
  }
  const isInPlace = inPlace(place, guard);
  return {
    checkPlace() {
      if (!isInPlace()) throw movedError(folder);
    },
    get(key) {
      const bytes = reading(() => level.getSync(key));
      return bytes === undefined ? undefined : plain(bytes);
    },
    async write(ops) {
      // Op by op it takes two thirds of the time of a list of them (npm run bench turn).
      const batch = level.batch();
      for (const op of ops) {
        if (op.type === 'put') batch.put(op.key, op.value);
        else batch.del(op.key);
      }
      await batch.write({ sync: true });
    },
    async *range(from, to) {
      const entries = level.iterator({ gte: from, lt: to });
      try {
        for (let entry = await next(entries); entry !== undefined; entry = await next(entries)) yield entry;
      } finally {
        await entries.close();
      }
    },
    async last(from, to) {
      const entries = level.iterator({ gte: from, lt: to, reverse: true, limit: 1 });
      try {
        return await next(entries);
      } finally {
        await entries.close();
      }
    },
    compact: (from, to) => (level as unknown as Compacting).compactRange(from, to),
    anchor: anchor.read,
    setAnchor: anchor.write,
    async close() {
      try {
        await level.close();
        anchor.close();
      } finally {
        await guard?.release();
      }
    },
  };
}

/**
 * Whether the folder that was opened still lies there with a lock that holds: the database's own, or its guard's where
 * that one was deleted.
 */
function inPlace(place: string, guard: Lock | null): () => boolean {
  const lock = join(place, 'LOCK');
  const [opened, locked] = [identityOf(place), identityOf(lock)];
  return () => identityOf(lock) === locked || (guard?.isHeld() === true && identityOf(place) === opened);
}

/** What changes while it is checked has a holder. */
function checkFiles(folder: string, place: string, checkedBytes: number): void {
  const manifest = currentManifest(place);
  if (manifest === undefined) return;
  try {
    checkTables(place, readManifest(manifest.bytes).tables, checkedBytes);
  } catch (error) {
    const now = currentManifest(place);
    if (now?.name === manifest.name && now.bytes.length === manifest.bytes.length) throw error;
    throw heldError(folder, error);
  }
}

/** What LevelDB has beyond what all makes of `level` have. */
interface Compacting {
  compactRange(from: Uint8Array, to: Uint8Array): Promise<void>;
}

type Entry = readonly [key: Uint8Array, value: Uint8Array];

async function next(entries: { next(): Promise<[Uint8Array, Uint8Array] | undefined> }): Promise<Entry | undefined> {
  try {
    const entry = await entries.next();
    return entry === undefined ? undefined : [plain(entry[0]), plain(entry[1])];
  } catch (error) {
    throw readError(error);
  }
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw readError(error);
  }
}

function readError(error: unknown): MineOneError {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  if (code === 'LEVEL_CORRUPTION') return corruptRow(`LevelDB finds its files damaged: ${message}`);
  return new MineOneError('JOURNAL_READ', `LevelDB cannot read: ${message}; keep the folder as it is, and see docs/journal.md`, { cause: error });
}

/** LevelDB gives Buffers, whose `slice` is a view and no copy. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** What LevelDB hands on of the system's words, where the disk is the reason. */
const DISK = [
  ['Read-only file system', 'DISK_READ_ONLY', 'mount the disk writable, or name a folder on another one with --data'],
  ['No space left on device', 'DISK_FULL', 'free some and start again'],
  ['Disk quota exceeded', 'DISK_FULL', 'free some and start again'],
] as const;

function openError(folder: string, error: unknown): MineOneError {
  const { code, message: said = (error as Error).message } = causeOf(error);
  if (code === 'LEVEL_LOCKED') return heldError(folder, error);
  if (code === 'LEVEL_CORRUPTION') return corruptRow(`the database in ${folder} is damaged, so that no record of it can be read: ${said}`);
  for (const [words, disk, mend] of DISK)
    if (said.includes(words)) return new MineOneError(disk, `the journal in ${folder} does not open: ${said}; ${mend}`, { cause: error });
  return new MineOneError('JOURNAL_OPEN', `the journal in ${folder} does not open: ${said}; keep the folder as it is, and see docs/journal.md`, {
    cause: error,
  });
}

function heldError(folder: string, cause?: unknown): MineOneError {
  const said = `the journal in ${folder} is held by ${holderOf(join(folder, GUARD))}; stop that process, or name another --data; its lock is no file to delete`;
  return new MineOneError('JOURNAL_HELD', said, { cause });
}

function movedError(folder: string): MineOneError {
  return new MineOneError(
    'JOURNAL_MOVED',
    `the journal that was opened in ${folder} is not there any more: the folder was moved or replaced, or its locks were deleted; nothing is bound that another process would not see: put it back, see that nobody else mines with these keys, and start again`,
  );
}
