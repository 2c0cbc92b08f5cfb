/** Options of `mineone devnet`, as they are typed and as they are meant. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { MineOneError } from '../chain/error.ts';
import { likely } from '../chain/option/nearest.ts';
import { DEFAULT_RATE, FAULT_NAMES, FAULTS, type Fault, parseFault } from '../devnet/faults/fault.ts';
import { MINERS_MAX } from '../devnet/options.ts';
import { parseCount } from './arguments.ts';
import type { Asked, DevnetSettings, FolderOptions } from './devnet-folder.ts';
import { parseDuration } from './duration.ts';
import { under } from './table.ts';

export interface DevnetCommandOptions {
  readonly miners?: number;
  readonly epochs?: number;
  /** Seconds. */
  readonly blockDelay?: number;
  readonly seed?: string;
  readonly speed: number | 'max';
  readonly fault?: readonly Fault[];
  readonly data?: string;
  readonly json?: true;
}

const MINERS = 3;
const BLOCK_DELAY_SECS = 2;
const SEED = 'mineone';
/** Where a clock that is not the real one begins: when Filecoin's mainnet did. */
const BEGINNING = 1_598_306_400;

export function devnetOptions(command: Command): Command {
  return command
    .option('--miners <COUNT>', `how many; ${MINERS} if not given`, parseMinerCount)
    .option('--epochs <COUNT>', 'end after so many; at Ctrl-C if not given', parseCount)
    .option('--block-delay <DURATION>', `of an epoch, whole seconds; ${BLOCK_DELAY_SECS}s if not given`, parseBlockDelay)
    .option('--seed <TEXT>', `keys, powers and traffic come from it; "${SEED}" if not given`)
    .addOption(new Option('--speed <FACTOR>', 'times as fast as real time, or max: as fast as it goes, the same twice').argParser(parseSpeed).default(1))
    .option('--fault <NAME[:RATE]>', 'let something go wrong, at this share of its chances (repeatable)', collectFaults)
    .addOption(new Option('--data <DIR>', 'folder of its chain and journal; starting again there goes on (default: ~/.mineone/devnet)'))
    .option('--json', 'print JSON lines: each miner and epoch, the end');
}

/** What is asked of the folder; `rivals`: competitors that a fault needs, or none. */
export function folderOptions({ data, speed, ...options }: DevnetCommandOptions, rivals: number): FolderOptions {
  const { miners, blockDelay, seed } = options;
  const asked: Asked = {
    ...(miners === undefined ? {} : { miners }),
    ...(blockDelay === undefined ? {} : { blockDelay }),
    ...(seed === undefined ? {} : { seed }),
    ...(rivals === 0 ? {} : { rivals }),
  };
  const genesis = speed === 'max' ? BEGINNING : Math.ceil(Date.now() / 1000);
  const fresh: DevnetSettings = { seed: SEED, miners: MINERS, blockDelay: BLOCK_DELAY_SECS, rivals: 0, ...asked, genesis };
  const home = process.env['MINEONE_DATA'] ?? join(homedir(), '.mineone');
  // A run on the standing clock is made again from its seed: nobody needs the one before.
  if (speed === 'max') return { folder: data ?? join(home, 'devnet-max'), asked, fresh, anew: data === undefined };
  return { folder: data ?? join(home, 'devnet'), asked, fresh, anew: false };
}

const FAULT_INDENT = 23;

/** Each fault by its name and what it does, for the end of the help. */
export function faultHelp(): string {
  const lines = Object.entries(FAULTS).flatMap(([name, what]) => under(`  ${name}`, what, FAULT_INDENT));
  return ['', `Faults, each at a rate of ${DEFAULT_RATE} if none is given:`, ...lines].join('\n');
}

function collectFaults(text: string, all: readonly Fault[] = []): readonly Fault[] {
  try {
    return [...all, parseFault(text)];
  } catch (error) {
    if (!(error instanceof MineOneError)) throw error;
    const [name = ''] = text.split(':');
    const meant = error.code === 'FAULT_UNKNOWN' ? likely(name, FAULT_NAMES) : null;
    if (meant !== null) throw new InvalidArgumentError(`There is no fault "${name}"; did you mean ${meant}?`);
    throw new InvalidArgumentError(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`);
  }
}

function parseMinerCount(text: string): number {
  const count = parseCount(text);
  if (count > MINERS_MAX) throw new InvalidArgumentError(`A devnet has at most ${MINERS_MAX} miners.`);
  return count;
}

function parseBlockDelay(text: string): number {
  const ms = parseDuration(text);
  if (ms % 1000 !== 0) throw new InvalidArgumentError('Epochs are whole seconds, such as 1s or 30s; --speed makes them pass faster.');
  return ms / 1000;
}

function parseSpeed(text: string): number | 'max' {
  if (text === 'max') return text;
  const speed = Number(text.replace(/x$/, ''));
  if (!(speed > 0 && speed <= 1000)) throw new InvalidArgumentError('A speed is a number above 0 up to 1000, or max.');
  return speed;
}
