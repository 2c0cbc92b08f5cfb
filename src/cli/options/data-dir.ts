/**
 * `--data DIR`: where a node of MineOne keeps its things; `~/.mineone` if not said (docs/commands.md, «Command line»).
 */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { checkPath } from './path.ts';

/** Where the data directory is if nobody names another, and beside it the devnets. */
export const mineoneDir = (): string => join(homedir(), '.mineone');

export function dataOption(): Option {
  return new Option('--data <DIR>', 'data directory').default(mineoneDir(), '~/.mineone').env('MINEONE_DATA');
}

/**
 * The same where no option asks for it. Throws a usage error for an empty `MINEONE_DATA`, which would be the folder at
 * hand.
 */
export function dataHome(): string {
  const named = process.env['MINEONE_DATA'];
  if (named !== undefined) checkPath('MINEONE_DATA', named);
  return named ?? mineoneDir();
}

export const journalDir = (data: string): string => join(data, 'journal');

/** Epochs of other journals; never mined on. */
export const importedDir = (data: string): string => join(data, 'imported');

/** Rules of the network that a devnet's journal is of; none is there for a network that is known by its name. */
export const networkFile = (data: string): string => join(data, 'network.json');

export const keysDir = (data: string): string => join(data, 'keys');
