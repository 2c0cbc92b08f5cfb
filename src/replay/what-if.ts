/**
 * What if: a recorded stream run once more with another parameter, machine or answer (docs/architecture.md 6). Up to
 * the first departure the record is followed; after it the clock is virtual, and a recorded result stands in only for
 * an equal effect with an equal input. What nobody can know is not made up: it ends as «unknown, needs X».
 */

import type { StoredRecord } from '../journal/chain/record-chain.ts';
import { effectKeyText } from '../journal/format/input.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import type { Value } from '../journal/format/value.ts';
import { effectRow } from '../mining/effects.ts';
import { type ChartActors, openEffects, type Turn, takeTurn } from '../statechart/turn.ts';
import { type EffectQuestion, type RecordedAnswers, recordedAnswers } from './recorded-answers.ts';
import { type Difference, differenceOf, type Retake, type TakenInput, takeAgain } from './replay.ts';

/** What is other than it was; the machines are given beside it. */
export interface Change {
  /** Another input for the stream's start: another parameter. */
  readonly start?: (input: Value) => Value;
  /** Another result for an effect that was asked for; `undefined` leaves it as it was. */
  readonly result?: (effect: EffectQuestion, value: Value) => Value | undefined;
}

export interface Departure extends Difference {
  readonly seq: number;
}

/** What would have been asked, and when: milliseconds since 1970. */
export interface Need extends EffectQuestion {
  readonly at: number;
}

/** `records` is how it would have been recorded: as it was until the departure, then by the virtual clock. */
export type WhatIf = WhatIfEnd & { readonly records: readonly JournalRecord[] };

type WhatIfEnd =
  | { readonly departure: Departure | null; readonly end: 'outcome'; readonly outcome: Value; readonly at: number }
  /** Questions whose answers no record tells. */
  | { readonly departure: Departure | null; readonly end: 'unknown'; readonly needs: readonly Need[] }
  /** The record ends before the stream does. */
  | { readonly departure: null; readonly end: 'open' }
  | { readonly departure: Departure; readonly end: 'error'; readonly message: string };

interface DepartedRun {
  /** As recorded until the departure, whose own record is the first that is other. */
  readonly records: JournalRecord[];
  readonly turn: Turn;
  readonly record: JournalRecord;
  readonly departure: Departure;
}

/**
 * `records`: one stream's from its start. `beside`: of other streams, for the heads that they tell of. Throws what a
 * turn throws before the departure. Each answer is taken to come as fast as it did; one that was never given, or to
 * another question, is not made up.
 */
export async function whatIf(records: AsyncIterable<StoredRecord>, given: Retake, change: Change, beside: readonly JournalRecord[] = []): Promise<WhatIf> {
  const past: JournalRecord[] = [];
  for await (const { record } of records) past.push(record);
  const told: JournalRecord[] = [];
  const asked = new Map<string, EffectQuestion>();
  let actors: ChartActors = new Map();
  for (const record of past) {
    const input = changed(record, asked, change);
    if (input === null) continue;
    const turn = takeAgain(actors, record, input, given);
    if (turn === null) continue;
    noteAsked(asked, record);
    told.push(recordOf(record, record.at, input, turn));
    const difference = differenceOf(record, turn, given.shared, false);
    if (difference !== null) {
      const answers = recordedAnswers({ past, beside, before: record.seq, result: change.result }, given);
      return depart({ records: told, turn, record, departure: { seq: record.seq, ...difference } }, given, answers);
    }
    if (turn.outcome !== undefined) return { departure: null, end: 'outcome', outcome: turn.outcome, at: record.at, records: told };
    actors = turn.actors;
  }
  return { departure: null, end: 'open', records: told };
}

function changed({ input }: JournalRecord, asked: ReadonlyMap<string, EffectQuestion>, { start, result }: Change): TakenInput | null {
  if (input.type === 'start') return start === undefined ? input : { ...input, input: start(input.input) };
  if (input.type !== 'result') return null;
  const effect = asked.get(effectKeyText(input.key));
  const other = effect === undefined ? undefined : result?.(effect, input.value);
  return other === undefined ? input : { ...input, ok: true, value: other };
}

function noteAsked(asked: Map<string, EffectQuestion>, { seq, steps }: JournalRecord): void {
  for (const { actor, effects } of steps) for (const { n, name, input } of effects) asked.set(effectKeyText([seq, n]), { actor, name, input });
}

function recordOf(like: JournalRecord, at: number, input: TakenInput, { steps, binds, outcome }: Turn): JournalRecord {
  return { ...like, at, input, steps, binds, outcome: outcome ?? null };
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly isAlarm: boolean;
  readonly input: Extract<TakenInput, { readonly type: 'result' }>;
}

/** From the departure on: a virtual clock, and what the record knows. */
function depart({ records, turn: first, record, departure }: DepartedRun, given: Retake, answers: RecordedAnswers): WhatIf {
  let queue: readonly Due[] = [];
  let [now, seq, order] = [record.at, record.seq, 0];
  let turn = first;
  for (;;) {
    if (turn.outcome !== undefined) return { departure, end: 'outcome', outcome: turn.outcome, at: now, records };
    const open = openEffects(turn.actors, record.stream);
    const waiting = queue.filter(({ input }) => open.some(({ key }) => effectKeyText(key) === effectKeyText(input.key)));
    const needs: Need[] = [];
    for (const effect of open.filter(({ key }) => !waiting.some(({ input }) => effectKeyText(input.key) === effectKeyText(key)))) {
      const { actor, id, key, name, input } = effect;
      const answer = answers.answerTo(effect, now);
      if (answer === null) needs.push({ actor, name, input, at: now });
      else
        waiting.push({
          at: answer.at,
          order: order++,
          isAlarm: effectRow(name)?.reuse === 'its-time',
          input: { type: 'result', actor, id, key, ok: answer.ok, value: answer.value },
        });
    }
    // Of one moment: an answer was there before the alarm that would have ended the wait for it.
    const [next, ...later] = waiting.sort((a, b) => a.at - b.at || Number(a.isAlarm) - Number(b.isAlarm) || a.order - b.order);
    if (next === undefined || needs.length > 0) return { departure, end: 'unknown', needs, records };
    queue = later;
    now = next.at;
    try {
      const context = { stream: record.stream, seq: ++seq, ...given, bind: (_: number, asked: Value) => answers.verdictOf(asked) ?? unknownBind() };
      turn = takeTurn(turn.actors, next.input, context) ?? turn;
    } catch (error) {
      if (error === BIND_NEEDED) return { departure, end: 'unknown', needs: [{ actor: 'create', name: 'bind', input: null, at: now }], records };
      return { departure, end: 'error', message: (error as Error).message, records };
    }
    records.push(recordOf({ ...record, seq }, now, next.input, turn));
  }
}

const BIND_NEEDED = new Error('whether it would have been bound');

function unknownBind(): never {
  throw BIND_NEEDED;
}
