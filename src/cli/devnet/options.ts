/** Options of `mineone devnet`, as they are typed and as they are meant. */

import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_RATE, FAULT_NAMES, FAULTS, type Fault, parseFault } from '../../devnet/faults/fault.ts';
import { MINERS_MAX } from '../../devnet/setting/options.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { likely } from '../../errors/nearest.ts';
import { parseCount } from '../options/arguments.ts';
import { dataHome } from '../options/data-dir.ts';
import { parseDuration } from '../options/duration.ts';
import { offering } from '../options/offered.ts';
import { columnsOf } from '../terminal/terminal.ts';
import { under } from '../terminal/wrap.ts';
import type { DevnetRequest, DevnetSettings, FolderOptions } from './folder.ts';

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

const SPEED = 'how many times as fast as real time; max: as fast as the machine can, and the same each time';

export function devnetOptions(command: Command): Command {
  return command
    .option('--miners <COUNT>', `how many miners; ${MINERS} if not given`, parseMinerCount)
    .option('--epochs <COUNT>', 'end after this many epochs; run until Ctrl-C if not given', parseCount)
    .option('--block-delay <DURATION>', `length of an epoch, in whole seconds; ${BLOCK_DELAY_SECS}s if not given`, parseBlockDelay)
    .option('--seed <TEXT>', `text from which keys, powers and messages are made: the same text makes the same; "${SEED}" if not given`)
    .addOption(offering(new Option('--speed <FACTOR>', SPEED).argParser(parseSpeed).default(1), ['max']))
    .addOption(
      offering(new Option('--fault <NAME[:RATE]>', 'let this go wrong, at this share of its chances (repeatable)').argParser(collectFaults), FAULT_NAMES),
    )
    .addOption(new Option('--data <DIR>', 'folder of its chain and journal; a second start there continues (default: ~/.mineone/devnet)'))
    .option('--json', 'print JSON lines: one for each miner and epoch, then the end');
}

/** What is asked of the folder; `rivals`: competitors that a fault needs, or none. */
export function folderOptions({ data, speed, ...options }: DevnetCommandOptions, rivals: number): FolderOptions {
  const { miners, blockDelay, seed } = options;
  const asked: DevnetRequest = {
    ...(miners === undefined ? {} : { miners }),
    ...(blockDelay === undefined ? {} : { blockDelay }),
    ...(seed === undefined ? {} : { seed }),
    ...(rivals === 0 ? {} : { rivals }),
  };
  const genesis = speed === 'max' ? BEGINNING : Math.ceil(Date.now() / 1000);
  const fresh: DevnetSettings = { seed: SEED, miners: MINERS, blockDelay: BLOCK_DELAY_SECS, rivals: 0, ...asked, genesis };
  const home = dataHome();
  // A run on the standing clock is made again from its seed: nobody needs the one before.
  if (speed === 'max') return { folder: data ?? join(home, 'devnet-max'), asked, fresh, anew: data === undefined };
  return { folder: data ?? join(home, 'devnet'), asked, fresh, anew: false };
}

const FAULT_INDENT = 23;

/** Each fault by its name and what it does, for the end of the help. */
export function faultHelp(): string {
  const lines = Object.entries(FAULTS).flatMap(([name, what]) => under(`  ${name}`, what, FAULT_INDENT, columnsOf(process.stdout)));
  return ['', `Faults, and what goes wrong; RATE is from 0 to 1, ${DEFAULT_RATE} if not given:`, ...lines].join('\n');
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
