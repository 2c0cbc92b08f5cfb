/**
 * The configuration as commands take it: options for its keys, and what is in force when file, environment and flags
 * are put together (docs/commands.md, «Configuration»).
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, readConfig } from '../../config.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { isFolder } from '../../folder.ts';
import { aboutFile } from '../terminal/failure.ts';
import { collect, parseMiners } from './arguments.ts';
import { dataOption } from './data-dir.ts';
import { parseDurationText } from './duration.ts';

/** As commander gives them; only what was said on the command line is there. */
export interface ConfigFlags {
  readonly data: string;
  readonly config?: string;
  readonly node?: string;
  readonly network?: string;
  readonly observe?: true;
  readonly key?: readonly string[];
  readonly miner?: readonly string[];
  readonly keep?: string;
}

export function withConfigOptions(command: Command): Command {
  return command
    .option('--node <FILE>', 'chain snapshot that takes the place of a node: a CAR file, plain or compressed with gzip or zstd')
    .option('--network <NAME|FILE>', 'mainnet (if not given), calibnet, butterflynet, 2k, or a network file')
    .option('--observe', 'take every step of mining, but make and send no block')
    .option('--key <FILE>', 'key of a worker: a key file, an export of Lotus, or a list of test keys (repeatable)', collect)
    .option('--miner <ADDRESS>', 'mine for this miner; for all who mined on the chain if not given (repeatable)', parseMiners)
    .option('--keep <TIME>', 'keep only epochs that began at most this long before the last record: 30d, 12h; keep all if not given', parseDurationText)
    .option('--config <FILE>', 'configuration file; mineone.toml in the data directory if not given')
    .addOption(dataOption());
}

/**
 * What is in force; throws what `readConfig` throws, `FOLDER_IS_FILE`, `CONFIG_FILE`, and the system's error for a file
 * that was named and cannot be read.
 */
export function configInForce({ data, config, node, network, observe, key, miner, keep }: ConfigFlags): Config {
  // A folder that is none is told before anything is printed.
  isFolder(data);
  const path = config ?? join(data, 'mineone.toml');
  const toml = config === undefined && !existsSync(path) ? null : textOf(path);
  const given = Object.entries({ node, network, observe, keys: key, miners: miner, keep }).filter(([, value]) => value !== undefined);
  return readConfig({ toml, path, env: process.env, flags: Object.fromEntries(given) });
}

/** A folder was named for a file: that is a wrong command line, and no file that may come back. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR')
      throw new MineOneError('CONFIG_FILE', `${path} is a folder, and the configuration is a TOML file; name that file with --config`, { cause: error });
    throw aboutFile(error, path);
  }
}
