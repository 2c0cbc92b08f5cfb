/** The configuration as commands take it: options for its keys, and what is in force when file, environment and flags are put together (docs/commands.md, «Configuration»). */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
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
    .option('--node <FILE>', 'chain snapshot (CAR, plain or compressed with gzip or zstd) to stand in for a node')
    .option('--network <NAME|FILE>', 'mainnet (if not given), calibnet, butterflynet, 2k, or a network file')
    .option('--observe', 'everything but create and submit')
    .option('--key <FILE>', 'key of a worker: a key file, an export of lotus, a list of test keys (repeatable)', collect)
    .option('--miner <ADDRESS>', 'mine for this one; everybody who mined on the chain if not given (repeatable)', parseMiners)
    .option('--keep <TIME>', 'give up epochs begun longer than this before the last record: 30d, 12h; all are kept if not given', parseDurationText)
    .option('--config <FILE>', 'configuration file; mineone.toml in the data directory if not given')
    .addOption(dataOption());
}

/** What is in force; throws what `readConfig` throws, and the system's error for a file that was named and cannot be read. */
export function configInForce({ data, config, node, network, observe, key, miner, keep }: ConfigFlags): Config {
  const path = config ?? join(data, 'mineone.toml');
  const toml = config === undefined && !existsSync(path) ? null : readFileSync(path, 'utf8');
  const given = Object.entries({ node, network, observe, keys: key, miners: miner, keep }).filter(([, value]) => value !== undefined);
  return readConfig({ toml, path, env: process.env, flags: Object.fromEntries(given) });
}
