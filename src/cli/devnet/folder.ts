/**
 * Where a devnet lives: its settings, its chain and its journal in one folder, so that starting again goes on with
 * them.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MineOneError } from '../../errors/mineone-error.ts';
import { makeFolder } from '../../folder.ts';
import { openJournal } from '../../journal/journal.ts';
import { openLevelStore } from '../../journal/store/level-store.ts';
import { lastEpochOf } from '../journal/last-epoch.ts';
import { journalDir, networkFile } from '../options/data-dir.ts';

/** What a devnet is from its genesis on. */
export interface DevnetSettings {
  readonly seed: string;
  readonly miners: number;
  /** Seconds. */
  readonly blockDelay: number;
  /** Seconds since 1970. */
  readonly genesis: number;
  /** Whether competitors mine beside our miners. */
  readonly rivals: number;
}

export interface DevnetFolder {
  readonly folder: string;
  readonly settings: DevnetSettings;
  /** Whether there was a chain already. */
  readonly isOld: boolean;
  /** Last epoch that the journal knows; 0 of a new one. */
  readonly lastEpoch: number;
  /** When its chain's clock stood still: milliseconds since 1970. */
  readonly stoodAt: number;
}

/** Options as they were given; what was not is the folder's, or the default. */
export type DevnetRequest = Partial<Omit<DevnetSettings, 'genesis'>>;

const FILE = 'devnet.json';
const schema = z.strictObject({ seed: z.string(), miners: z.int(), blockDelay: z.number(), genesis: z.int(), rivals: z.int() });

export const chainFile = (folder: string): string => join(folder, 'chain');

export interface FolderOptions {
  readonly folder: string;
  readonly asked: DevnetRequest;
  readonly fresh: DevnetSettings;
  /** What is there is made again from its seed: it may go. */
  readonly anew: boolean;
}

/**
 * Throws `JOURNAL_HELD` naming who holds the folder, `DEVNET_SETTINGS`, `DEVNET_OTHER` where another chain is there
 * than was asked for.
 */
export async function openDevnetFolder({ folder, asked, fresh, anew }: FolderOptions): Promise<DevnetFolder> {
  makeFolder(folder);
  if (anew && existsSync(join(folder, FILE))) await empty(folder);
  const { lastEpoch, lastAt, records } = await lookInto(folder);
  const old = readSettings(folder);
  if (old === null && records > 0)
    throw new MineOneError('DEVNET_OTHER', `${folder} holds a journal that no devnet wrote; nothing was changed: name another folder with --data`);
  if (old !== null) checkAsked(folder, asked, old);
  const settings = old ?? fresh;
  if (old === null) writeFileSync(join(folder, FILE), `${JSON.stringify(settings, null, 2)}\n`);
  return { folder, settings, isOld: old !== null, lastEpoch, stoodAt: Math.max(settings.genesis * 1000, lastAt) };
}

/** Whoever holds the journal holds the devnet. */
async function lookInto(folder: string): Promise<{ readonly lastEpoch: number; readonly lastAt: number; readonly records: number }> {
  const store = await openLevelStore(journalDir(folder));
  try {
    const journal = await openJournal(store);
    let lastAt = 0;
    for await (const { record } of journal.records(Math.max(0, journal.next() - 1))) lastAt = record.at;
    return { lastEpoch: (await lastEpochOf(journal))?.epoch ?? 0, lastAt, records: journal.next() };
  } finally {
    await store.close();
  }
}

/** Only what a devnet put there, and only when nobody holds it. */
async function empty(folder: string): Promise<void> {
  await (await openLevelStore(journalDir(folder))).close();
  for (const path of [journalDir(folder), chainFile(folder), networkFile(folder), join(folder, FILE)]) await rm(path, { recursive: true, force: true });
}

function readSettings(folder: string): DevnetSettings | null {
  const path = join(folder, FILE);
  if (!existsSync(path)) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new MineOneError('DEVNET_SETTINGS', `${path} is not what a devnet writes; put it back, or name another folder with --data`, { cause: error });
  }
}

const FLAGS: Readonly<Record<keyof DevnetRequest, string>> = { seed: '--seed', miners: '--miners', blockDelay: '--block-delay', rivals: '--fault' };

function checkAsked(folder: string, asked: DevnetRequest, old: DevnetSettings): void {
  for (const key of Object.keys(FLAGS) as (keyof DevnetRequest)[]) {
    const [wanted, held] = [asked[key], old[key]];
    if (wanted === undefined || wanted === held) continue;
    const what = key === 'rivals' ? 'was begun without a competitor, which that fault needs' : `was begun with ${FLAGS[key]} ${held}, not ${wanted}`;
    throw new MineOneError('DEVNET_OTHER', `the devnet in ${folder} ${what}; leave out ${FLAGS[key]} to continue it, or name another folder with --data`);
  }
}
