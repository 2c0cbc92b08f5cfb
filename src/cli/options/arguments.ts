/** Arguments that several commands take, read once and for all: epochs, miners. */

import { InvalidArgumentError } from 'commander';
import { minerNameOf } from '../../chain/argument.ts';

export function parseEpoch(text: string): number {
  const epoch = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(epoch)) throw new InvalidArgumentError('An epoch is a whole number, 0 or more.');
  return epoch;
}

/** Takes f01000 and t01000; reports say f. */
export function parseMiner(text: string): string {
  const name = minerNameOf(text);
  if (name === null) throw new InvalidArgumentError('A miner is named by its id address, such as f01000.');
  return name;
}

/** For an option that may be given again and again. */
export function parseMiners(text: string, all: readonly string[] = []): readonly string[] {
  return [...all, parseMiner(text)];
}

/** Texts of an option that may be given again and again. */
export function collect(text: string, all: readonly string[] = []): readonly string[] {
  return [...all, text];
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(count)) throw new InvalidArgumentError('A count is a whole number, 1 or more.');
  return count;
}
