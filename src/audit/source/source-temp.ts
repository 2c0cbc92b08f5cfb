/**
 * A temporary file for what cannot be read twice: only its owner reads it, and it goes with close, with the process's
 * end and with the signals that end it.
 */

import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MineOneError } from '../../errors/mineone-error.ts';

export interface TempFile {
  readonly path: string;
  /** Appends; throws `SOURCE_TEMP_FULL` when there is no room. */
  append(bytes: Uint8Array): void;
  /** Closes and removes it; again does nothing. */
  remove(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const folders = new Set<string>();

/** Throws `SOURCE_TEMP` when the folder (the system's for temporary files if not given) takes none. */
export function createTempFile(folder: string = tmpdir()): TempFile {
  try {
    const own = mkdtempSync(join(folder, 'mineone-'));
    guard(own);
    const path = join(own, 'source.car');
    const fd = openSync(path, 'wx', 0o600);
    let isOpen = true;
    return {
      path,
      append: (bytes) => writeWhole(fd, bytes, path),
      remove() {
        if (isOpen) closeSync(fd);
        isOpen = false;
        forget(own);
      },
    };
  } catch (cause) {
    throw new MineOneError('SOURCE_TEMP', `no temporary file can be made in ${folder}: ${(cause as Error).message}`, { cause });
  }
}

/** Writes all of the bytes at the file's place; throws `SOURCE_TEMP_FULL`. */
export function writeWhole(fd: number, bytes: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') throw cause;
    const advice = 'unpacked sources and standard input are kept there; TMPDIR names another place';
    throw new MineOneError('SOURCE_TEMP_FULL', `there is no room for ${path} (${message}); ${advice}`, { cause });
  }
}

function guard(folder: string): void {
  if (folders.size === 0) {
    process.on('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  folders.add(folder);
}

function forget(folder: string): void {
  if (!folders.delete(folder)) return;
  rmSync(folder, { recursive: true, force: true });
  if (folders.size > 0) return;
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function removeAll(): void {
  for (const folder of folders) forget(folder);
}

/**
 * If nobody else listens, ends the process as the signal would have; whoever does, decides, and its exit removes the
 * files.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.kill(process.pid, signal);
}
