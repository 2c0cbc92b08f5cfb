/**
 * Epochs that no record is about because nobody was there (docs/commands.md, «Outcomes»): found by holding the epochs
 * that the journal began against those that the network had. A fold over the whole journal; times are those of its
 * records.
 */

import type { Epoch } from '../chain/epoch.ts';
import type { Checkpoint, JournalRecord } from '../journal/format/record.ts';
import { type RoundConfig, recordedStart } from '../mining/round.ts';
import { epochStream, isMinerStream } from '../mining/stream.ts';

export type Absence =
  /** Before the first epoch that the journal began for the miner. */
  | 'not-started'
  /** By an operator's word. */
  | 'stopped'
  /** A step had failed, and no operator had said yet that it may go on. */
  | 'fenced'
  /** No process was there: the next one began later. */
  | 'not-running'
  /** The process was there and its clock, or its machine, was not. */
  | 'asleep';

/** Epochs one after another, for one reason. */
export interface Unattended {
  readonly outcome: 'unattended';
  readonly why: Absence;
  readonly from: Epoch;
  readonly to: Epoch;
}

export interface Attendance {
  /** Records in the order of the journal, of any stream. */
  add(record: JournalRecord): void;
  /** Those that the journal knows. */
  miners(): readonly string[];
  /** Of one miner, in order, from its first epoch to the last that the journal can speak of. */
  gaps(miner: string): readonly Unattended[];
  /**
   * Those of one epoch, also before the first; `null` for one that was begun, and of a time that the journal does not
   * reach.
   */
  at(miner: string, epoch: Epoch): Unattended | null;
}

/** Epochs begun one after another; `at` is when the first of them was. */
interface BegunSpan {
  from: Epoch;
  to: Epoch;
  at: number;
}

/** What was said of a miner, and when. */
interface Word {
  readonly at: number;
  readonly says: 'add' | 'start' | 'stop' | 'remove' | 'fence';
}

interface Attended {
  /** In order, with gaps between them. */
  readonly begun: BegunSpan[];
  readonly words: Word[];
}

type Times = Pick<RoundConfig, 'genesisTimestamp' | 'blockDelaySecs'>;

export function attendance(): Attendance {
  const miners = new Map<string, Attended>();
  const opened: number[] = [];
  const known = { times: null as Times | null, lastAt: 0 };
  const attended = (miner: string): Attended => {
    const found = miners.get(miner) ?? { begun: [], words: [] };
    miners.set(miner, found);
    return found;
  };
  const gaps = (miner: string): readonly Unattended[] => {
    const found = miners.get(miner);
    if (found === undefined || known.times === null) return [];
    const last = Math.max(...[...miners.values()].map(({ begun }) => begun.at(-1)?.to ?? -1));
    return gapsOf(found, { times: known.times, opened, last, lastAt: known.lastAt });
  };
  return {
    add({ stream, input, at }) {
      known.lastAt = Math.max(known.lastAt, at);
      const named = epochStream(stream);
      if (input.type === 'opened') opened.push(at);
      if (input.type === 'miner') attended(stream).words.push({ at, says: input.command });
      if (input.type === 'poison' && named === null) attended(stream).words.push({ at, says: 'fence' });
      if (input.type === 'checkpoint') takeCheckpoint(input.checkpoint, attended);
      if (input.type !== 'start' || named === null || named.below !== null) return;
      known.times = recordedStart(input.input).config;
      begin(attended(named.miner).begun, named.epoch, at);
    },
    miners: () => [...miners.keys()],
    gaps,
    at(miner, epoch) {
      const first = miners.get(miner)?.begun[0];
      if (first !== undefined && epoch < first.from && first.at > BEFORE) return { outcome: 'unattended', why: 'not-started', from: 0, to: first.from - 1 };
      return gaps(miner).find(({ from, to }) => epoch >= from && epoch <= to) ?? null;
    },
  };
}

/** Of what was given up only which epochs had begun is known, not why others had not. */
const BEFORE = Number.NEGATIVE_INFINITY;

function takeCheckpoint({ begun, streams }: Checkpoint, attended: (miner: string) => Attended): void {
  for (const [miner, stretches] of Object.entries(begun)) for (const [from, to] of stretches) insert(attended(miner).begun, { from, to, at: BEFORE });
  for (const { stream, state } of streams) {
    if (!isMinerStream(stream) || begun[stream] === undefined || state === null) continue;
    const { running, fenced } = state as { readonly running: boolean; readonly fenced: string | null };
    attended(stream).words.unshift({ at: BEFORE, says: running ? 'add' : 'stop' }, ...(fenced === null ? [] : [{ at: BEFORE, says: 'fence' as const }]));
  }
}

/** An epoch begun late fills the gap that it had left. */
function begin(begun: BegunSpan[], epoch: Epoch, at: number): void {
  const last = begun.at(-1);
  if (last !== undefined && epoch === last.to + 1) {
    last.to = epoch;
    return;
  }
  if (begun.some(({ from, to }) => epoch >= from && epoch <= to)) return;
  insert(begun, { from: epoch, to: epoch, at });
}

function insert(begun: BegunSpan[], more: BegunSpan): void {
  begun.push(more);
  begun.sort((a, b) => a.from - b.from);
  for (let i = begun.length - 1; i > 0; i--) {
    const [before, after] = [begun[i - 1] as BegunSpan, begun[i] as BegunSpan];
    if (before.to + 1 === after.from) begun.splice(i - 1, 2, { from: before.from, to: after.to, at: before.at });
  }
}

interface KnownTimes {
  readonly times: Times;
  readonly opened: readonly number[];
  /** The highest epoch that was begun for any miner. */
  readonly last: Epoch;
  readonly lastAt: number;
}

function gapsOf({ begun, words }: Attended, known: KnownTimes): readonly Unattended[] {
  const between = begun.slice(1).flatMap(({ from, at }, i) => (at === BEFORE ? [] : pieces((begun[i] as BegunSpan).to + 1, from - 1, at, words, known)));
  const since = (begun.at(-1)?.to ?? known.last) + 1;
  // Beyond what anybody began, only a word or a fault tells that a miner was to begin no more.
  const after = pieces(since, Math.max(known.last, dueBy(known.times, known.lastAt)), Number.POSITIVE_INFINITY, words, known);
  const told = after.filter(({ from, why }) => from <= known.last || why === 'stopped' || why === 'fenced');
  return merged([...between, ...told]);
}

/** When an epoch is begun: as the one before it begins. */
function dueAt({ genesisTimestamp, blockDelaySecs }: Times, epoch: Epoch): number {
  return (Number(genesisTimestamp) + blockDelaySecs * (epoch - 1)) * 1000;
}

/** The last epoch that is due by then. */
function dueBy({ genesisTimestamp, blockDelaySecs }: Times, at: number): Epoch {
  return Math.floor((at / 1000 - Number(genesisTimestamp)) / blockDelaySecs) + 1;
}

/**
 * The epochs `first` to `end`, cut wherever something was said or a process began; `backAt` is when the epoch after
 * them was begun.
 */
function pieces(first: Epoch, end: Epoch, backAt: number, words: readonly Word[], { times, opened, last }: KnownTimes): readonly Unattended[] {
  if (first > end) return [];
  const said = [...words.map(({ at }) => at), ...opened].filter(Number.isFinite).map((at) => dueBy(times, at - 1) + 1);
  const cuts = [...new Set([first, last + 1, ...said])].filter((epoch) => epoch >= first && epoch <= end).sort((a, b) => a - b);
  return cuts.flatMap((from, i) => {
    const why = absence(dueAt(times, from), backAt, words, opened);
    return why === null ? [] : [{ outcome: 'unattended' as const, why, from, to: (cuts[i + 1] ?? end + 1) - 1 }];
  });
}

function merged(gaps: readonly Unattended[]): readonly Unattended[] {
  const found: Unattended[] = [];
  for (const gap of gaps) {
    const before = found.at(-1);
    if (before?.why === gap.why && before.to + 1 === gap.from) found.splice(-1, 1, { ...before, to: gap.to });
    else found.push(gap);
  }
  return found;
}

/** `null` for a miner that was removed: it was nobody's to attend to. */
function absence(due: number, backAt: number, words: readonly Word[], opened: readonly number[]): Absence | null {
  const by = words.filter(({ at }) => at <= due).map(({ says }) => says);
  const command = by.findLast((says) => says !== 'fence');
  if (command === 'remove') return null;
  if (command === 'stop') return 'stopped';
  if (by.findLast((says) => says === 'fence' || says === 'start') === 'fence') return 'fenced';
  return opened.some((at) => at > due && at <= backAt) ? 'not-running' : 'asleep';
}
