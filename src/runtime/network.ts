/** Which miners there are, which of them run and which are fenced: a fold over the journal's records (architecture.md 3, «Actors»). */

import type { Input, JournalRecord } from '../journal/record.ts';

export type MinerCommand = Extract<Input, { readonly type: 'miner' }>['command'];

export interface MinerState {
  readonly running: boolean;
  /** What poisoned it; it begins no epoch until an operator starts it again. */
  readonly fenced: string | null;
  /** The latest epoch it began; -1 before the first. No epoch is begun twice. */
  readonly lastBegun: number;
}

/** By address, `f01000`. */
export type Miners = ReadonlyMap<string, MinerState>;

const NEW: MinerState = { running: false, fenced: null, lastBegun: -1 };

/** The stream of what concerns no miner in particular. */
export const NETWORK = 'network';

/** The miner whose stream it is; `null` for the network's own. */
export function minerOf(stream: string): string | null {
  return stream === NETWORK ? null : (stream.split('/')[0] as string);
}

/** The epoch of `f01000/4211337`; `null` for any other stream, those below it too. */
export function epochOf(stream: string): number | null {
  const parts = stream.split('/');
  return parts.length === 2 ? Number(parts[1]) : null;
}

/** The same object when the record says nothing of a miner. */
export function foldMiners(miners: Miners, { stream, input }: Pick<JournalRecord, 'stream' | 'input'>): Miners {
  const miner = minerOf(stream);
  if (miner === null) return miners;
  if (input.type === 'miner') return commanded(miners, miner, input.command);
  const state = miners.get(miner) ?? NEW;
  if (input.type === 'poison') return new Map(miners).set(miner, { ...state, fenced: input.message });
  const epoch = input.type === 'start' ? epochOf(stream) : null;
  return epoch === null ? miners : new Map(miners).set(miner, { ...state, lastBegun: Math.max(state.lastBegun, epoch) });
}

/** What it began and what poisoned it stay known when a miner is removed: added again, it begins nothing a second time. */
function commanded(miners: Miners, miner: string, command: MinerCommand): Miners {
  const state = miners.get(miner) ?? NEW;
  const running = command === 'add' || command === 'start';
  return new Map(miners).set(miner, { ...state, running, fenced: command === 'start' ? null : state.fenced });
}

/** Whether an epoch may begin; a miner that no command ever named (a simulation's) may. */
export function mayBegin(miners: Miners, miner: string, epoch: number): boolean {
  const state = miners.get(miner);
  return state === undefined || (state.fenced === null && epoch > state.lastBegun);
}

/** Miners that begin the next epoch, in the order they were added. */
export function runningMiners(miners: Miners): readonly string[] {
  return [...miners].filter(([, { running, fenced }]) => running && fenced === null).map(([miner]) => miner);
}
