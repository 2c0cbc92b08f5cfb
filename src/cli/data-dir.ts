/** `--data DIR`: where a node of MineOne keeps its things; `~/.mineone` if not said (docs/commands.md, «Command line»). */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';

export function dataOption(): Option {
  return new Option('--data <DIR>', 'data directory').default(join(homedir(), '.mineone'), '~/.mineone').env('MINEONE_DATA');
}

export const journalDir = (data: string): string => join(data, 'journal');

/** Epochs of other journals; never mined on. */
export const importedDir = (data: string): string => join(data, 'imported');

/** Rules of the network that a devnet's journal is of; none is there for a network that is known by its name. */
export const networkFile = (data: string): string => join(data, 'network.json');

export const keysDir = (data: string): string => join(data, 'keys');
