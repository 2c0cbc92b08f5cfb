/**
 * A journal read beside the process that writes it, which LevelDB lets nobody open: tables never change, so they are
 * linked; logs and manifest only grow, so a copy of them is the database as it was. All that was synced when the copy
 * began is in it. The folder read from is never locked and never written to but for the copy's own folder.
 */

import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Level } from 'level';
import { argumentCheck, CALL_ARGUMENT, isPath } from '../../chain/argument.ts';
import { equalBytes } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { checkOptions } from '../../errors/strict.ts';
import type { Store } from '../../ports/store.ts';
import { type Anchor, decodeAnchor } from '../chain/head.ts';
import { ANCHOR } from './anchor-file.ts';
import { currentManifest, type Manifest, readManifest } from './level-manifest.ts';
import { CHECKED_BYTES_RULE, type LevelOptions, openLevelStore } from './level-store.ts';
import { unreadable } from './readable.ts';

const PREFIX = 'reading-';
const LOCK = 'lock';
const NAME = `${PREFIX}${process.pid}-`;
const NO_PLACE = 'JOURNAL_COPY';
/** How long a reader has from making its folder to locking it. */
const NEW_MS = 10_000;
const TRIES_MAX = 50;
const FAILURES_MAX = 3;
const PAUSE_MS = 20;

/**
 * The journal as it is now; `close` takes the copy away. Throws what opening throws, but never `JOURNAL_HELD`;
 * `JOURNAL_BUSY` where the writer is never still for long enough.
 */
export async function openLevelReader(folder: string, options: Pick<LevelOptions, 'checkedBytes'> = {}): Promise<Store> {
  argumentCheck('openLevelReader')('folder', folder, 'the path of a folder', isPath(folder));
  checkOptions<Pick<LevelOptions, 'checkedBytes'>>('openLevelReader', CALL_ARGUMENT, options, { checkedBytes: CHECKED_BYTES_RULE });
  const { checkedBytes } = options;
  if (!existsSync(folder))
    throw new MineOneError('JOURNAL_MISSING', `there is no journal in ${folder}: there is no such folder; name the folder that LevelDB's files lie in`);
  await removeAbandoned(folder);
  // Beside the database, where files can be linked; elsewhere, where that folder takes no more or is not ours to write
  // in.
  const places = [() => mkdtempSync(join(folder, NAME)), () => mkdtempSync(join(tmpdir(), `mineone-${NAME}`))];
  let cause: unknown;
  for (const place of places) {
    try {
      return await openCopy(folder, place, checkedBytes);
    } catch (error) {
      if (!isNoPlace(error)) throw error;
      cause = error;
    }
  }
  const message = `a copy of the journal is read, and there is no place for one beside ${folder} nor in ${tmpdir()} (${(cause as Error).message}); TMPDIR names another`;
  throw new MineOneError(NO_PLACE, message, { cause });
}

async function openCopy(folder: string, make: () => string, checkedBytes: number | undefined): Promise<Store> {
  const { copy, lock } = await lockedFolder(make);
  const remove = async (): Promise<void> => {
    await lock.close();
    rmSync(copy, { recursive: true, force: true });
  };
  try {
    await copyWhole(folder, copy);
    const store = await openLevelStore(copy, { isCopy: true, ...(checkedBytes === undefined ? {} : { checkedBytes }) });
    return {
      ...store,
      write: () => Promise.reject(new MineOneError('JOURNAL_READ_ONLY', 'this is a copy of a journal, made for reading: nothing is written to it')),
      setAnchor: () => undefined,
      async close() {
        await store.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Until the database did not change its files meanwhile. What is found damaged may have been read while it was
 * replaced: it is damaged when it stays so.
 */
async function copyWhole(folder: string, copy: string): Promise<void> {
  for (let [tries, failures] = [1, 0]; ; tries++) {
    try {
      if (copyDatabase(folder, copy)) return;
    } catch (error) {
      if (isDenied(error)) throw unreadable(folder, error);
      if (isNoPlace(error) || ++failures === FAILURES_MAX) throw error;
    }
    if (tries === TRIES_MAX) throw new MineOneError('JOURNAL_BUSY', `the files of the journal in ${folder} change faster than they can be read; try again`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * A folder for a copy, with a lock that its reader holds as long as it lives. Where none can be made there is no place
 * for a copy, whatever the reason.
 */
async function lockedFolder(make: () => string): Promise<{ readonly copy: string; readonly lock: Level }> {
  let copy: string | undefined;
  try {
    copy = make();
    const lock = lockOf(copy);
    await lock.open();
    return { copy, lock };
  } catch (cause) {
    if (copy !== undefined) removeIfAllowed(copy);
    throw new MineOneError(NO_PLACE, (cause as Error).message, { cause });
  }
}

/** LevelDB's own lock, on a database that holds nothing: the system gives it back however its holder ends. */
const lockOf = (copy: string): Level => new Level(join(copy, LOCK), { createIfMissing: true });

/** Also of a disk that is full only when LevelDB writes to the copy. */
function isNoPlace(error: unknown): boolean {
  const { code = '' } = error as { readonly code?: string };
  return [NO_PLACE, 'ENOSPC', 'EDQUOT', 'DISK_FULL'].includes(code);
}

/** Copies of readers that are gone. A pid would not tell: another container's 1 is alive everywhere. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) if (/^reading-\d+-/.test(name) && (await isAbandoned(join(folder, name)))) removeIfAllowed(join(folder, name));
}

/** Nobody holds its lock. One that was made this moment may not be locked yet. */
async function isAbandoned(copy: string): Promise<boolean> {
  const stat = statSync(copy, { throwIfNoEntry: false });
  if (stat === undefined || Date.now() - stat.mtimeMs < NEW_MS) return false;
  const lock = lockOf(copy);
  try {
    await lock.open();
    await lock.close();
    return true;
  } catch {
    // It is held, or nothing can be written here: then nothing can be taken away either.
    return false;
  }
}

/** What may not be taken away stays, and is nobody's concern who only reads. */
function removeIfAllowed(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // A read-only disk, or a folder of somebody else.
  }
}

/** `false`: the database changed its files meanwhile. */
function copyDatabase(folder: string, copy: string): boolean {
  const [from, to] = [join(folder, 'db'), join(copy, 'db')];
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  // First, so that it is never ahead of the records.
  const anchor = anchorBytes(folder);
  if (anchor !== undefined) writeFileSync(join(copy, ANCHOR), anchor);
  const manifest = currentManifest(from);
  if (manifest === undefined) return true;
  copyFiles(from, to, readManifest(manifest.bytes));
  writeFileSync(join(to, manifest.name), manifest.bytes);
  writeFileSync(join(to, 'CURRENT'), `${manifest.name}\n`);
  // A manifest that has not grown names the same files before and after: none was taken away before it was copied.
  const after = currentManifest(from);
  return after?.name === manifest.name && after.bytes.length === manifest.bytes.length;
}

/** The file is written over in place: what reads the same twice was not being written. */
function anchorBytes(folder: string): Uint8Array | undefined {
  let anchor: Uint8Array | undefined;
  unlessMissing(() => {
    for (let before = new Uint8Array(0); anchor === undefined || !equalBytes(anchor, before); ) {
      before = new Uint8Array(anchor ?? []);
      anchor = new Uint8Array(readFileSync(join(folder, ANCHOR)));
    }
  });
  return anchor;
}

/**
 * What a writer last said of where its journal ends, at the cost of one small file; `undefined` where it said nothing,
 * or not yet.
 */
export function anchorOf(folder: string): Anchor | undefined {
  const bytes = anchorBytes(folder);
  return bytes === undefined ? undefined : (decodeAnchor(bytes.subarray(1, 1 + (bytes[0] ?? 0))) ?? undefined);
}

/** A table that is missing is left out: LevelDB will say so, if it was not the writer that took it away. */
function copyFiles(from: string, to: string, { tables, log }: Manifest): void {
  for (const name of readdirSync(from)) {
    const [, digits = '', kind] = /^(\d+)\.(ldb|sst|log)$/.exec(name) ?? [];
    if (kind === 'log' && Number(digits) >= log) unlessMissing(() => copyFileSync(join(from, name), join(to, name)));
    else if (kind !== undefined && kind !== 'log' && tables.has(Number(digits))) unlessMissing(() => linkOrCopy(join(from, name), join(to, name)));
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    // Another disk, or one without links.
    copyFileSync(from, to);
  }
}

function unlessMissing(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
