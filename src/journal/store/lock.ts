/**
 * A lock that the system holds for a process and gives back however that ends: LevelDB's own, on a database that holds
 * nothing. Whether its holder lives is asked of the system and never of a pid: another container's 1 is alive
 * everywhere. Where the file of the lock was deleted the files tell that its holder still has open.
 */

import { realpathSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { makeFolder } from '../../folder.ts';
import { identityOf, isInUse, signAsHolder } from './holder.ts';

export interface Lock {
  /**
   * Whether the folder is still the one that was locked, and no other process can lock it. One look at the file system.
   */
  isHeld(): boolean;
  /** Whether another file lies where it was locked: somebody else may have locked that one. */
  isContested(): boolean;
  /** Writes down who has it: once nothing else stands in the way. */
  sign(): void;
  release(): Promise<void>;
}

const LOCK = 'LOCK';
/** A lock stores nothing, so it needs next to no memory. */
const SMALL = { writeBufferSize: 64 * 1024, cacheSize: 64 * 1024, maxOpenFiles: 64, compression: false };

/** Folders this process has locked, by {@link identityOf}: the system takes a process's second lock for its first. */
const ours = new Set<string>();

/**
 * Makes the folder and locks it; `null`: another process has it, or this one by another name. Throws what the file
 * system or LevelDB throws.
 */
export async function takeLock(folder: string): Promise<Lock | null> {
  makeFolder(folder);
  // As it is now: a link that is set anew leads elsewhere.
  const place = realpathSync(folder);
  const file = join(place, LOCK);
  if (ours.has(identityOf(file) ?? '') || isInUse(place)) return null;
  const level = await openEmpty(place);
  if (level === null) return null;
  const identity = identityOf(file);
  // Taken away in this very moment: whoever comes next makes another.
  if (identity === null || ours.has(identity)) {
    await level.close();
    return null;
  }
  ours.add(identity);
  let isReleased = false;
  return {
    isHeld: () => identityOf(file) === identity,
    isContested: () => ![identity, null].includes(identityOf(file)),
    sign: () => signAsHolder(place),
    async release() {
      // Once: by now it may be another's of this process.
      if (!isReleased) ours.delete(identity);
      isReleased = true;
      await level.close();
    },
  };
}

/** What holds nothing may be thrown away where it is damaged; the file of the lock stays. */
async function openEmpty(place: string): Promise<Level | null> {
  try {
    return await opened(place);
  } catch (error) {
    if (causeOf(error).code !== 'LEVEL_CORRUPTION') throw error;
    for (const name of await readdir(place)) if (name !== LOCK) rmSync(join(place, name), { force: true });
    return opened(place);
  }
}

async function opened(place: string): Promise<Level | null> {
  const level = new Level(place, SMALL);
  try {
    await level.open();
    return level;
  } catch (error) {
    if (causeOf(error).code === 'LEVEL_LOCKED') return null;
    throw error;
  }
}

/** What LevelDB said. */
export function causeOf(error: unknown): { readonly code?: string; readonly message?: string } {
  return (error as { readonly cause?: { readonly code?: string; readonly message?: string } }).cause ?? {};
}
