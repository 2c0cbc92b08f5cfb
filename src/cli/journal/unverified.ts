/**
 * `--unverified`: a damaged journal looked at as far as it can be read, with a warning on what is told of it; never for
 * mining or replay (docs/journal.md, «Reading a damaged one»).
 */

import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import { parseJson } from '../../chain/encoding/json.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import { networkFromJson } from '../../consensus/network/network-file.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { Value } from '../../journal/format/value.ts';
import { type Damage, openUnverified, type Unverified } from '../../journal/salvage/unverified.ts';
import { roundConfig } from '../../miner.ts';
import { type EpochStream, epochStream, streamName } from '../../mining/stream.ts';
import { networkFile } from '../options/data-dir.ts';
import { PUBLIC_NETWORKS } from '../options/network-option.ts';
import { toJson } from '../terminal/json.ts';
import { paint } from '../terminal/style.ts';
import { journalIn } from './open-journal.ts';

export function unverifiedOption(): Option {
  return new Option('--unverified', 'read what is left of a damaged journal, and verify nothing');
}

export function withUnverified<T>(data: string, use: (journal: Unverified) => Promise<T>): Promise<T> {
  return openUnverified(journalIn(data), configsOf(data)).then(use);
}

/**
 * What epochs are mined by, of the public networks and of that whose rules stand beside the journal: every epoch names
 * it, and where it is lost it is found again by its hash.
 */
function configsOf(data: string): readonly Value[] {
  return [...PUBLIC_NETWORKS, ...networkBeside(data)].flatMap((network) => [true, false].map((observe) => ({ ...roundConfig(network, observe) })));
}

/** None where no such file is, or none that can be read: nothing else asks for it here. */
function networkBeside(data: string): readonly NetworkParams[] {
  try {
    return [networkFromJson(parseJson(readFileSync(networkFile(data), 'utf8')))];
  } catch {
    return [];
  }
}

/** Stands first in what is told of such a journal: a line of text, or a document of type `warning`. */
export function unverifiedLine({ damage }: Unverified, json: true | undefined): string {
  const message = unverifiedText(damage);
  return json ? toJson({ type: 'warning', code: UNVERIFIED, message, damage }) : `${paint('yellow', 'Unverified')}: ${message}`;
}

const UNVERIFIED = 'JOURNAL_UNVERIFIED';

/** What is found to be wrong, and what that means. */
export function unverifiedText({ files, missing, unreadable, partial, changed, streams }: Damage): string {
  const lost = missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const found = [
    ...(lost === 0 ? [] : [`${counted(lost, 'record')} missing (${rangesText(missing)})`]),
    ...(unreadable.length === 0 ? [] : [`${counted(unreadable.length, 'record')} unreadable (${listed(unreadable.map(String))})`]),
    ...(partial.length === 0 ? [] : [`${counted(partial.length, 'record')} without a value that is lost (${listed(partial.map(String))})`]),
    ...(changed.length === 0 ? [] : [`${counted(changed.length, 'record')} out of the chain (${listed(changed.map(String))})`]),
    ...(files.length === 0 ? [] : [`files damaged (${listed(files)})`]),
    ...(streams.length === 0 ? [] : [`not whole: ${listed(streams)}`]),
  ];
  const said = found.length === 0 ? 'nothing is seen to be missing' : found.join('; ');
  return `${said}; nothing of this journal is verified, what follows is what can be read of it, and none of it is to be mined on`;
}

export function isDamaged({ files, missing, unreadable, partial, changed, streams }: Damage): boolean {
  return [files, missing, unreadable, partial, changed, streams].some(({ length }) => length > 0);
}

/** Whether an epoch of a miner, its fate and its rescue lack neither a record nor a value. */
export function isWholeEpoch({ streams }: Damage, miner: string, epoch: number): boolean {
  const name = streamName(miner, epoch);
  return !streams.some((stream) => epochStream(stream)?.own === name);
}

/** Epochs that lack a record or a value, whatever can be read of them. */
export function brokenEpochs({ streams }: Damage): readonly EpochStream[] {
  const own = new Map(streams.flatMap((stream) => epochOf(stream)).map((named) => [named.own, named]));
  return [...own.values()];
}

function epochOf(stream: string): readonly EpochStream[] {
  const named = epochStream(stream);
  return named === null || !Number.isSafeInteger(named.epoch) ? [] : [named];
}

/** Throws `EPOCH_UNKNOWN`: an epoch of which nothing is left may have been begun, and its records lost. */
export function unknownIn(miner: string, epoch: number): MineOneError {
  return new MineOneError('EPOCH_UNKNOWN', `nothing of epoch ${epoch} of ${miner} can be read; see \`mineone epochs --unverified\``);
}

const LISTED_MAX = 8;

function listed(all: readonly string[]): string {
  return all.length <= LISTED_MAX ? all.join(', ') : `${all.slice(0, LISTED_MAX).join(', ')} and ${all.length - LISTED_MAX} more`;
}

function rangesText(ranges: Damage['missing']): string {
  return listed(ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)));
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
