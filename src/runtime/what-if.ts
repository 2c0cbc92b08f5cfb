/**
 * What if: a recorded stream run once more with another parameter, machine or answer (docs/architecture.md 6). Up to the first departure the record is followed; after it the clock is virtual,
 * and a recorded result stands in only for an equal effect with an equal input. What nobody can know is not made up: it ends as «unknown, needs X».
 */

import { toHex } from '../chain/bytes.ts';
import type { EffectKey, JournalRecord } from '../journal/record.ts';
import type { StoredRecord } from '../journal/record-chain.ts';
import { encodeValue, type Value } from '../journal/value.ts';
import { type Difference, differenceOf, type Retake, type Taken, takeAgain } from './replay.ts';
import { type Actors, type EffectStarted, type Turn, takeTurn } from './turn.ts';

/** What is other than it was; the machines are given beside it. */
export interface Change {
  /** Another input for the stream's start: another parameter. */
  readonly start?: (input: Value) => Value;
  /** Another result for an effect that was asked for; `undefined` leaves it as it was. */
  readonly result?: (effect: Asked, value: Value) => Value | undefined;
}

export interface Asked {
  readonly actor: string;
  readonly name: string;
  readonly input: Value;
}

export interface Departure extends Difference {
  readonly seq: number;
}

export type WhatIf =
  | { readonly departure: Departure | null; readonly end: 'outcome'; readonly outcome: Value; readonly at: number }
  /** Effects whose results no record tells. */
  | { readonly departure: Departure | null; readonly end: 'unknown'; readonly needs: readonly string[] }
  /** The record ends before the stream does. */
  | { readonly departure: null; readonly end: 'open' }
  | { readonly departure: Departure; readonly end: 'error'; readonly message: string };

/** The world's answer to these would have been another at another time, or after other deeds. */
const NEVER_AGAIN = new Set(['getHead', 'getMessages', 'createBlock', 'bind', 'claim', 'submitBlock', 'pushMessages']);

/** An effect as it was recorded, with its result. */
interface Known {
  readonly asked: Asked;
  readonly askedAt: number;
  readonly result: Extract<Taken, { readonly type: 'result' }>;
  readonly at: number;
}

interface Followed {
  readonly actors: Actors;
  readonly known: ReadonlyMap<string, Known>;
  readonly turn: Turn;
  readonly record: JournalRecord;
  readonly departure: Departure;
}

/** `records`: one stream's from its start. Throws what a turn throws before the departure. */
export async function whatIf(records: AsyncIterable<StoredRecord>, given: Retake, change: Change): Promise<WhatIf> {
  const past: JournalRecord[] = [];
  for await (const { record } of records) past.push(record);
  const known = knownEffects(past);
  const asked = new Map<string, Asked>();
  let actors: Actors = new Map();
  for (const record of past) {
    const input = changed(record, asked, change);
    if (input === null) continue;
    const turn = takeAgain(actors, record, input, given);
    if (turn === null) continue;
    noteAsked(asked, record);
    const difference = differenceOf(record, turn, given.shared, false);
    if (difference !== null) return depart({ actors: turn.actors, known, turn, record, departure: { seq: record.seq, ...difference } }, given, change);
    if (turn.outcome !== undefined) return { departure: null, end: 'outcome', outcome: turn.outcome, at: record.at };
    actors = turn.actors;
  }
  return { departure: null, end: 'open' };
}

function changed({ input }: JournalRecord, asked: ReadonlyMap<string, Asked>, { start, result }: Change): Taken | null {
  if (input.type === 'start') return start === undefined ? input : { ...input, input: start(input.input) };
  if (input.type !== 'result') return null;
  const effect = asked.get(nameOf(input.key));
  const other = effect === undefined ? undefined : result?.(effect, input.value);
  return other === undefined ? input : { ...input, ok: true, value: other };
}

function noteAsked(asked: Map<string, Asked>, { seq, steps }: JournalRecord): void {
  for (const { actor, effects } of steps) for (const { n, name, input } of effects) asked.set(nameOf([seq, n]), { actor, name, input });
}

function knownEffects(past: readonly JournalRecord[]): ReadonlyMap<string, Known> {
  const asked = new Map<string, Asked>();
  const times = new Map(past.map(({ seq, at }) => [seq, at]));
  const known = new Map<string, Known>();
  for (const record of past) {
    const { input, at } = record;
    const effect = input.type === 'result' ? asked.get(nameOf(input.key)) : undefined;
    if (input.type === 'result' && effect !== undefined)
      known.set(nameOf(input.key), { asked: effect, askedAt: times.get(input.key[0]) as number, result: input, at });
    noteAsked(asked, record);
  }
  return known;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly input: Taken;
}

/** From the departure on: a virtual clock, and what the record knows. */
function depart({ known, turn: first, record, departure }: Followed, given: Retake, change: Change): WhatIf {
  const byQuestion = new Map([...known.values()].map((one) => [questionOf(one.asked, given), one]));
  const queue: Due[] = [];
  let [now, seq, order] = [record.at, record.seq, 0];
  const answer = (effect: EffectStarted): Due | null => {
    const { actor, id, key, name, input } = effect;
    const result = (at: number, ok: boolean, value: Value): Due => {
      const other = change.result?.(effect, value);
      return { at, order: order++, input: { type: 'result', actor, id, key, ok: ok || other !== undefined, value: other ?? value } };
    };
    // What was asked before the departure was asked of the same world, and was answered as it was.
    const recorded = key[0] < record.seq ? known.get(nameOf(key)) : undefined;
    if (recorded !== undefined) return result(recorded.at, recorded.result.ok, recorded.result.value);
    if (name === 'alarm') return result(Math.max(now, (input as { readonly at: number }).at), true, null);
    const equal = NEVER_AGAIN.has(name) ? undefined : byQuestion.get(questionOf(effect, given));
    return equal === undefined ? null : result(now + equal.at - equal.askedAt, equal.result.ok, equal.result.value);
  };
  let turn = first;
  for (;;) {
    if (turn.outcome !== undefined) return { departure, end: 'outcome', outcome: turn.outcome, at: now };
    const open = openEffects(turn.actors, record.stream);
    const unanswered = open.filter(({ key }) => !queue.some(({ input }) => input.type === 'result' && nameOf(input.key) === nameOf(key)));
    const needs: string[] = [];
    for (const effect of unanswered) {
      const due = answer(effect);
      if (due === null) needs.push(effect.name);
      else queue.push(due);
    }
    if (needs.length > 0) return { departure, end: 'unknown', needs };
    const next = takeEarliest(queue);
    if (next === undefined) return { departure, end: 'unknown', needs: ['an input'] };
    now = next.at;
    try {
      const context = { stream: record.stream, seq: ++seq, ...given, bind: unknownBind };
      turn = takeTurn(turn.actors, next.input, context) ?? turn;
    } catch (error) {
      if (error === BIND_NEEDED) return { departure, end: 'unknown', needs: ['bind'] };
      return { departure, end: 'error', message: (error as Error).message };
    }
  }
}

const BIND_NEEDED = new Error('whether it would have been bound');

function unknownBind(): never {
  throw BIND_NEEDED;
}

function takeEarliest(queue: Due[]): Due | undefined {
  queue.sort((a, b) => a.at - b.at || a.order - b.order);
  return queue.shift();
}

function openEffects(actors: Actors, stream: string): readonly EffectStarted[] {
  return [...actors].flatMap(([actor, { open }]) =>
    [...open].flatMap(([id, asked]) => (asked.kind === 'effect' ? [{ stream, actor, id, key: asked.key, name: asked.name, input: asked.input }] : [])),
  );
}

function questionOf({ name, input }: Asked, { shared }: Retake): string {
  return `${name} ${toHex(encodeValue(input, shared))}`;
}

function nameOf([seq, n]: EffectKey): string {
  return `${seq}/${n}`;
}
