/**
 * What a record can answer to questions that were not asked quite so: by an equal question, by the same block, by the
 * head of that time. What it cannot is `null`.
 */

import { equalBytes, toHex } from '../chain/encoding/bytes.ts';
import { effectKeyText } from '../journal/format/input.ts';
import type { Input, JournalRecord } from '../journal/format/record.ts';
import { asValue, encodeValue, type Value } from '../journal/format/value.ts';
import { askedOf, effectRow } from '../mining/effects.ts';
import { type RoundConfig, recordedStart } from '../mining/round.ts';
import type { EffectStarted } from '../statechart/turn.ts';
import type { Retake } from './replay.ts';
import { headAt, seenHeads } from './seen-heads.ts';

export interface EffectQuestion {
  readonly actor: string;
  readonly name: string;
  readonly input: Value;
}

/** `at` is when it comes, in milliseconds since 1970. */
export interface Answer {
  readonly at: number;
  readonly ok: boolean;
  readonly value: Value;
}

export interface RecordedAnswers {
  answerTo(effect: EffectStarted, now: number): Answer | null;
  /** What bind said of the same block. */
  verdictOf(asked: Value): Value | undefined;
}

export interface AnswerSources {
  /** Of the stream, as it was recorded. */
  readonly past: readonly JournalRecord[];
  /** Of other streams: for their heads. */
  readonly beside: readonly JournalRecord[];
  /** Seq of the departure: what was asked earlier was asked of the same world, and is answered as it was. */
  readonly before: number;
  /** Another result than the recorded one. */
  readonly result?: ((effect: EffectQuestion, value: Value) => Value | undefined) | undefined;
}

/** An effect as it was recorded, with its result. */
interface RecordedEffect extends Answer {
  readonly asked: EffectQuestion;
  readonly askedAt: number;
}

type Fields = { readonly [key: string]: Value };

export function recordedAnswers({ past, beside, before, result }: AnswerSources, { shared }: Retake): RecordedAnswers {
  const known = knownEffects(past);
  const all = [...known.values()];
  const textOf = (value: Value): string => toHex(encodeValue(timeless(value), shared));
  const byQuestion = new Map(all.map((one) => [`${one.asked.name} ${textOf(one.asked.input)}`, one]));
  const heads = seenHeads([...beside, ...past]);
  const config = configOf(past);
  const binds = past.flatMap(({ binds: made, steps }) =>
    made.map(({ n, verdict }) => ({ verdict, input: steps.flatMap(({ effects }) => effects).find((effect) => effect.n === n)?.input ?? null })),
  );
  const found = (effect: EffectStarted, now: number): Answer | null => {
    const { name, input, key } = effect;
    const recorded = key[0] < before ? known.get(effectKeyText(key)) : undefined;
    if (recorded !== undefined) return recorded;
    const reuse = effectRow(name)?.reuse;
    if (reuse === 'its-time') return { at: Math.max(now, (input as { readonly at: number }).at), ok: true, value: null };
    if (reuse === 'head-of-then') return headAnswer(all, heads, config, now);
    const like = byQuestion.get(`${name} ${textOf(input)}`) ?? all.find(({ asked }) => asked.name === name && isAlike(name, asked.input, input));
    return like === undefined ? null : again(like, now);
  };
  return {
    answerTo(effect, now) {
      const answer = found(effect, now);
      const other = answer === null || effectRow(effect.name)?.reuse === 'its-time' ? undefined : result?.(effect, answer.value);
      return answer === null || other === undefined ? answer : { ...answer, ok: true, value: other };
    },
    verdictOf: (asked) => binds.find(({ input }) => input !== null && sameCid(input, asked))?.verdict,
  };
}

/** Since when its base was the head makes no other question. */
function timeless(input: Value): Value {
  if (typeof input !== 'object' || input === null || !('base' in input)) return input;
  const { since: _, ...base } = input['base'] as Fields;
  return { ...(input as Fields), base };
}

/** A stream that was asked about begins with its start. */
function configOf(past: readonly JournalRecord[]): RoundConfig {
  const { input } = past[0] as JournalRecord & { readonly input: Extract<Input, { readonly type: 'start' }> };
  return recordedStart(input.input).config as RoundConfig;
}

function knownEffects(past: readonly JournalRecord[]): ReadonlyMap<string, RecordedEffect> {
  const asked = new Map<string, Omit<RecordedEffect, keyof Answer>>();
  const known = new Map<string, RecordedEffect>();
  for (const { seq, input, at, steps } of past) {
    const effect = input.type === 'result' ? asked.get(effectKeyText(input.key)) : undefined;
    if (input.type === 'result' && effect !== undefined) known.set(effectKeyText(input.key), { ...effect, at, ok: input.ok, value: input.value });
    for (const { actor, effects } of steps)
      for (const { n, name, input: of } of effects) asked.set(effectKeyText([seq, n]), { asked: { actor, name, input: of }, askedAt: at });
  }
  return known;
}

/** As fast as it was; a failure and a submission say when they were. */
function again({ asked, askedAt, at, ok, value }: RecordedEffect, now: number): Answer {
  const then = now + at - askedAt;
  if (!ok || asked.name === 'submitBlock') return { at: then, ok, value: { ...(value as Fields), at: then } };
  return { at: then, ok, value };
}

/** The head of that time; or no answer, where the node gave none around it. */
function headAnswer(all: readonly RecordedEffect[], heads: ReturnType<typeof seenHeads>, config: RoundConfig, now: number): Answer | null {
  const asked = all.filter((one) => one.asked.name === 'getHead');
  const head = headAt(heads, now, config);
  const took = asked.find(({ ok }) => ok);
  if (head !== null) return { at: now + (took === undefined ? 0 : took.at - took.askedAt), ok: true, value: asValue(head) };
  const away = asked.find(({ ok, askedAt, at }, i) => !ok && now >= askedAt && now <= Math.max(at, asked[i + 1]?.at ?? at));
  return away === undefined ? null : again(away, now);
}

/** Whether another input asks for the same all the same. */
function isAlike(name: string, a: Value, b: Value): boolean {
  switch (effectRow(name)?.reuse) {
    case 'same-round':
      return isSameRound(a, b);
    case 'same-block':
      return sameCid(a, b);
    default:
      return false;
  }
}

/**
 * Power, sectors and beacon entries of tipsets of one height on the same parents are the same: all are read of states
 * before them (docs/protocol.md 2.13).
 */
function isSameRound(a: Value, b: Value): boolean {
  const [one, other] = [askedOf('getMiningBaseInfo', a), askedOf('getMiningBaseInfo', b)];
  if (one.miner !== other.miner || one.epoch !== other.epoch) return false;
  return one.base.height === other.base.height && equalBytes(one.base.parents, other.base.parents);
}

function sameCid(a: Value, b: Value): boolean {
  const [one, other] = [(a as Fields)['cid'], (b as Fields)['cid']];
  return one instanceof Uint8Array && other instanceof Uint8Array && equalBytes(one, other);
}
