/**
 * Replay: every recorded input folded again through the machines, every step held against what was written
 * (docs/architecture.md 6 «Replay»). Needs no node, no keys, no clock.
 */

import { equalBytes, toHex } from '../chain/encoding/bytes.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { endsStream, type StoredRecord } from '../journal/chain/record-chain.ts';
import type { Input, JournalRecord, Step } from '../journal/format/record.ts';
import { encodeValue, type SharedValues, type Value } from '../journal/format/value.ts';
import type { Machine } from '../statechart/machine.ts';
import { type ChartActors, type Turn, takeTurn } from '../statechart/turn.ts';
import { endedFromOutside } from './ended.ts';

/** Two things that should be one, both sides as they are. */
export interface Difference {
  readonly what: string;
  readonly recorded: string;
  readonly recomputed: string;
}

/** Where a replay first differs. */
export interface Divergence extends Difference {
  readonly seq: number;
  readonly stream: string;
}

export interface ReplayReport {
  readonly records: number;
  readonly steps: number;
  readonly divergence: Divergence | null;
  /** Records that could not be held against anything: the beginning of their stream was given up and is not known. */
  readonly unchecked?: number;
}

/** A state of a stream: its actors after one of its records. */
export interface StateAt {
  readonly record: JournalRecord;
  readonly actors: ChartActors;
}

/** What machines are given again. */
export interface Retake {
  readonly machines: ReadonlyMap<string, Machine>;
  readonly shared: SharedValues;
}

/** An input that machines take. */
export type TakenInput = Extract<Input, { readonly type: 'start' | 'result' }>;

const NO_ACTORS: ChartActors = new Map();

/**
 * Stops at the first divergence. `begin`: actors of streams whose beginning retention gave up (retention.ts); `null`
 * for those that nobody knows.
 */
export async function replay(
  records: AsyncIterable<StoredRecord>,
  machines: ReadonlyMap<string, Machine>,
  shared: SharedValues,
  begin: ReadonlyMap<string, ChartActors | null> = new Map(),
): Promise<ReplayReport> {
  const live = new Map<string, ChartActors | null>(begin);
  const count: { records: number; steps: number; unchecked?: number } = { records: 0, steps: 0 };
  for await (const { record } of records) {
    count.records++;
    count.steps += record.steps.length;
    const known = live.get(record.stream);
    if (known === null && record.input.type !== 'start') {
      count.unchecked = (count.unchecked ?? 0) + 1;
      if (endsStream(record)) live.delete(record.stream);
      continue;
    }
    const { actors, difference } = retake(known ?? NO_ACTORS, record, { machines, shared });
    if (difference !== null) return { ...count, divergence: { seq: record.seq, stream: record.stream, ...difference } };
    if (actors.size === 0) live.delete(record.stream);
    else live.set(record.stream, actors);
  }
  return { ...count, divergence: null };
}

/**
 * The actors of a record's stream after it, as values. Throws `REPLAY_NO_RECORD` for a seq that is not among the
 * records, `REPLAY_DIVERGES` where the machines go another way before it.
 * @public
 */
export async function stateAt(records: AsyncIterable<StoredRecord>, given: Retake, seq: number): Promise<StateAt> {
  const live = new Map<string, ChartActors>();
  for await (const { record } of records) {
    const { actors, difference } = retake(live.get(record.stream) ?? NO_ACTORS, record, given);
    if (difference !== null)
      throw new MineOneError(
        'REPLAY_DIVERGES',
        `record ${record.seq}: ${difference.what}: recorded ${difference.recorded}, recomputed ${difference.recomputed}`,
      );
    if (record.seq === seq) return { record, actors };
    live.set(record.stream, actors);
  }
  throw new MineOneError('REPLAY_NO_RECORD', `there is no record ${seq}`);
}

/**
 * A record made once more from the actors before it: those after it, and the first thing in which it is not what was
 * written.
 */
export function retake(before: ChartActors, record: JournalRecord, given: Retake): { readonly actors: ChartActors; readonly difference: Difference | null } {
  const { input } = record;
  if (input.type !== 'start' && input.type !== 'result') return withoutTurn(before, record, given.shared);
  if (input.type === 'start' && before.size > 0)
    return { actors: before, difference: { what: 'input', recorded: 'a start', recomputed: 'it had begun, and not ended' } };
  try {
    const turn = takeAgain(before, record, input, given);
    if (turn === null) return { actors: before, difference: { what: 'input', recorded: 'a result that was waited for', recomputed: 'nobody waits for it' } };
    return { actors: turn.outcome === undefined ? turn.actors : NO_ACTORS, difference: differenceOf(record, turn, given.shared, true) };
  } catch (error) {
    return { actors: before, difference: { what: 'turn', recorded: 'a step', recomputed: `an error: ${(error as Error).message}` } };
  }
}

const NO_TURN: Pick<Turn, 'steps' | 'binds'> = { steps: [], binds: [] };

/**
 * What no machine takes: a stream that is ended from outside ends as the runtime ends one, and nothing else ends with
 * such a record.
 */
function withoutTurn(before: ChartActors, record: JournalRecord, shared: SharedValues): ReturnType<typeof retake> {
  const { input, stream } = record;
  if (input.type === 'abandoned' && before.size === 0)
    return { actors: before, difference: { what: 'input', recorded: 'the end of a stream', recomputed: 'it does not go on' } };
  const outcome = endedFromOutside(stream, input);
  return { actors: outcome === undefined ? before : NO_ACTORS, difference: differenceOf(record, { ...NO_TURN, outcome }, shared, true) };
}

/** A record's turn once more, with what it was told of its binds; `input` may be another than the recorded. */
export function takeAgain(before: ChartActors, { stream, seq, binds }: JournalRecord, input: TakenInput, { machines, shared }: Retake): Turn | null {
  const verdicts = new Map(binds.map(({ n, verdict }) => [n, verdict]));
  return takeTurn(before, input, { stream, seq, machines, shared, bind: (n) => verdicts.get(n) ?? { verdict: 'unknown' } });
}

/**
 * The first thing in which a turn is not what the record says; with `withDigests` also where only the state behind the
 * steps is another.
 */
export function differenceOf(
  record: JournalRecord,
  turn: Pick<Turn, 'steps' | 'binds' | 'outcome'>,
  shared: SharedValues,
  withDigests: boolean,
): Difference | null {
  for (let i = 0; i < Math.max(record.steps.length, turn.steps.length); i++) {
    const difference = stepDifference(i, record.steps[i], turn.steps[i], shared, withDigests);
    if (difference !== null) return difference;
  }
  const binds = valueDifference(bindsOf(record), bindsOf(turn), shared);
  if (binds !== null) return { what: 'binds', ...binds };
  const outcome = valueDifference(record.outcome, turn.outcome ?? null, shared);
  return outcome === null ? null : { what: 'outcome', ...outcome };
}

function stepDifference(i: number, recorded: Step | undefined, recomputed: Step | undefined, shared: SharedValues, withDigests: boolean): Difference | null {
  if (recorded === undefined || recomputed === undefined || !isSameArrow(recorded, recomputed))
    return { what: `step ${i}`, recorded: stepText(recorded), recomputed: stepText(recomputed) };
  const effects = valueDifference(effectsOf(recorded), effectsOf(recomputed), shared);
  if (effects !== null) return { what: `effects of step ${i} (${stepText(recorded)})`, ...effects };
  if (!withDigests || equalBytes(recorded.digest, recomputed.digest)) return null;
  return { what: `state after step ${i} (${stepText(recorded)})`, recorded: toHex(recorded.digest), recomputed: toHex(recomputed.digest) };
}

function isSameArrow(a: Step, b: Step): boolean {
  return a.actor === b.actor && a.from === b.from && a.to === b.to;
}

function valueDifference(recorded: Value, recomputed: Value, shared: SharedValues): Omit<Difference, 'what'> | null {
  if (isSame(recorded, recomputed) || equalBytes(encodeValue(recorded, shared), encodeValue(recomputed, shared))) return null;
  return { recorded: valueText(recorded), recomputed: valueText(recomputed) };
}

/** Of plain data; `false` may still be the same to the codec, which knows a shared value by its hash. */
function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) return a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b);
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && isSame((a as Fields)[key] as Value, (b as Fields)[key] as Value));
}

type Fields = { readonly [key: string]: Value };

const NO_EFFECTS: Value = [];

function effectsOf({ effects }: Step): Value {
  return effects.length === 0 ? NO_EFFECTS : effects.map(({ n, name, input }) => [n, name, input]);
}

function bindsOf({ binds }: Pick<Turn, 'binds'>): Value {
  return binds.map(({ n, verdict }) => [n, verdict]);
}

function stepText(step: Step | undefined): string {
  return step === undefined ? 'no step' : `${step.actor === '' ? 'the stream itself' : step.actor}: ${step.from ?? 'start'} -> ${step.to}`;
}

/** A value for people: bytes in hexadecimal, bigints in decimal. */
export function valueText(value: Value): string {
  const plain = (inner: unknown): unknown => (typeof inner === 'bigint' ? inner.toString() : inner instanceof Uint8Array ? toHex(inner) : inner);
  return JSON.stringify(value, (_, inner: unknown) => plain(inner)) ?? 'nothing';
}
