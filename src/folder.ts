/**
 * Folders that are made where they are not there. Node's own recursive `mkdir` never comes back where the file system
 * makes no folders, as below `/proc`.
 */

import { mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { MineOneError } from './errors/mineone-error.ts';

/**
 * Makes the folder and those above it; one that is there is left as it is. Throws `FOLDER_IS_FILE`, `FOLDER_REFUSED`,
 * and what the system says of a disk.
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = [];
  let there = resolve(path);
  for (; !isFolder(there); there = dirname(there)) missing.push(there);
  for (const folder of missing.reverse()) makeOne(folder, mode);
}

/** `false` where there is nothing. Throws `FOLDER_IS_FILE` where there is something else, there or above it. */
export function isFolder(path: string): boolean {
  const stat = statOf(path);
  if (stat === undefined || stat.isDirectory()) return stat !== undefined;
  throw new MineOneError('FOLDER_IS_FILE', `${path} is a file, and a folder is needed there; name a folder`);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // Something above it is a file: that one is named.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') isFolder(dirname(path));
    throw error;
  }
}

function makeOne(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else made it meanwhile.
    if (code === 'EEXIST' && isFolder(folder)) return;
    // The folder above it is there.
    if (code === 'ENOENT' || code === 'EEXIST')
      throw new MineOneError('FOLDER_REFUSED', `${folder} cannot be made: nothing can be kept there; name a folder on a disk`, { cause: error });
    throw error;
  }
}
