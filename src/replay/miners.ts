/**
 * Which miners there are, which of them run and which are fenced: a fold over the records of their own streams
 * (docs/architecture.md 3, «Actors»).
 */

import type { Input, JournalRecord } from '../journal/format/record.ts';
import { isMinerStream } from '../mining/stream.ts';

export type MinerCommand = Extract<Input, { readonly type: 'miner' }>['command'];

export interface MinerControl {
  readonly running: boolean;
  /** What poisoned it; it begins no epoch until an operator starts it again. */
  readonly fenced: string | null;
}

/**
 * By address, `f01000`, in the order of their ids: whenever they were named, and whatever of that is still in the
 * journal.
 */
export type Miners = ReadonlyMap<string, MinerControl>;

const NEW: MinerControl = { running: false, fenced: null };

/** The same object when the record says nothing of a miner; its own stream alone does. */
export function foldMiners(miners: Miners, { stream, input }: Pick<JournalRecord, 'stream' | 'input'>): Miners {
  if (!isMinerStream(stream)) return miners;
  const state = miners.get(stream) ?? NEW;
  if (input.type === 'poison') return withMiner(miners, stream, { ...state, fenced: input.message });
  return input.type === 'miner' ? withMiner(miners, stream, commanded(state, input.command)) : miners;
}

/** With one of them as it is now. */
export function withMiner(miners: Miners, miner: string, state: MinerControl): Miners {
  const all = new Map(miners).set(miner, state);
  return miners.has(miner) ? all : new Map([...all].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)));
}

/** What poisoned it stays known when a miner is stopped, removed and added again: only `start` is a word about that. */
function commanded({ fenced }: MinerControl, command: MinerCommand): MinerControl {
  return { running: command === 'add' || command === 'start', fenced: command === 'start' ? null : fenced };
}

/** A miner that no command ever named (a simulation's) is not fenced. */
export function isFenced(miners: Miners, miner: string | null): boolean {
  return miner !== null && (miners.get(miner)?.fenced ?? null) !== null;
}

/** Miners that begin the next epoch. */
export function runningMiners(miners: Miners): readonly string[] {
  return [...miners].filter(([, { running, fenced }]) => running && fenced === null).map(([miner]) => miner);
}
