/**
 * What LevelDB's MANIFEST says a database consists of: its tables, and the logs that are not in tables yet. What else
 * lies in the folder was half written when a process ended, or is half written now (leveldb doc/impl.md, «Manifest»;
 * db/version_edit.cc for the tags).
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corruptRow } from '../chain/corrupt.ts';
import { logRecords } from './level-log.ts';
import { varintAt } from './level-tables.ts';

export interface Manifest {
  readonly tables: ReadonlySet<number>;
  /** Logs from this number on are read when the database is opened. */
  readonly log: number;
}

const TAG = { comparator: 1, log: 2, nextFile: 3, lastSequence: 4, compactPointer: 5, deletedFile: 6, newFile: 7, previousLog: 9 } as const;

/**
 * Bytes of the manifest that CURRENT names, and its name. Throws `JOURNAL_CORRUPT` where a file that must be there is
 * not.
 */
export function currentManifest(place: string): { readonly name: string; readonly bytes: Uint8Array } | undefined {
  const names = readdirSync(place);
  const hasDatabase = names.some((name) => /^(MANIFEST-\d+|\d+\.(ldb|log|sst))$/.test(name));
  // Without its CURRENT file LevelDB would begin a new database and delete the old one's files.
  if (!names.includes('CURRENT') && hasDatabase) throw corruptRow(`the database in ${place} has lost its file CURRENT`);
  if (!hasDatabase) return undefined;
  const name = new TextDecoder().decode(readFileSync(join(place, 'CURRENT'))).trimEnd();
  if (!/^MANIFEST-\d+$/.test(name) || !names.includes(name)) throw corruptRow(`the file CURRENT of the database in ${place} names no manifest that is there`);
  return { name, bytes: new Uint8Array(readFileSync(join(place, name))) };
}

/**
 * Throws `JOURNAL_CORRUPT` for bytes that are not what their checksums say. What ends too early was being written: it
 * does not count.
 */
export function readManifest(bytes: Uint8Array): Manifest {
  const state = { tables: new Set<number>(), log: 0 };
  const isOther = (at: number): never => {
    throw damaged(at, 'a record is not what its checksum says');
  };
  for (const edit of logRecords(bytes, isOther)) applyEdit(edit, state);
  return state;
}

function applyEdit(edit: Uint8Array, state: { readonly tables: Set<number>; log: number }): void {
  let at = 0;
  const number = (): number => {
    const [value, after] = varintAt(edit, at);
    at = after;
    return value;
  };
  const skipBytes = (): void => {
    const length = number();
    at += length;
  };
  while (at < edit.length) {
    const tag = number();
    if (tag === TAG.log) state.log = number();
    else if (tag === TAG.nextFile || tag === TAG.lastSequence || tag === TAG.previousLog) number();
    else if (tag === TAG.comparator) skipBytes();
    else if (tag === TAG.compactPointer) [number(), skipBytes()];
    else if (tag === TAG.deletedFile) state.tables.delete([number(), number()][1] as number);
    else if (tag === TAG.newFile) {
      state.tables.add([number(), number()][1] as number);
      [number(), skipBytes(), skipBytes()];
    } else throw damaged(at, `there is no tag ${tag}`);
  }
}

function damaged(at: number, what: string): Error {
  return corruptRow(`the manifest of the database is damaged at byte ${at}: ${what}`);
}
