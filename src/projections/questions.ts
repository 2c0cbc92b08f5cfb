/** What an epoch asked of the world, read record by record: which step asked, when, what came back and when. */

import { effectKeyText } from '../journal/format/input.ts';
import type { Input, JournalRecord } from '../journal/format/record.ts';
import { effectRow } from '../mining/effects.ts';
import { type Failure, recordedFailure, type Stage } from '../mining/outcome.ts';

/** A question to the world, with how long its answer took. Milliseconds since 1970. */
export interface StepQuestion {
  readonly name: string;
  /** The step that asked; `null` for an alarm, a bind, and what is asked after the block is out. */
  readonly step: Stage | null;
  readonly askedAt: number;
  /** `null`: no answer in the records. */
  readonly answeredAt: number | null;
  /** When nobody waited for an answer any more, where none had come by then. */
  readonly givenUpAt: number | null;
  readonly failure: Failure | null;
}

export interface Question extends StepQuestion {
  readonly actor: string;
  /** State of the actor that asked: once it has left that, nobody waits for an answer. */
  readonly state: string;
  readonly ok: boolean;
  readonly value: unknown;
}

export interface Questions {
  /** The next record of the epoch's own stream. */
  add(record: JournalRecord): void;
  /** In the order they were asked. */
  asked(): readonly Question[];
}

export function questions(): Questions {
  const found = new Map<string, Question>();
  return {
    add({ seq, at, steps, input }) {
      if (input.type === 'result') answer(found, input, at);
      for (const { actor, to, effects } of steps) {
        giveUp(found, actor, to, at);
        for (const { n, name } of effects) found.set(effectKeyText([seq, n]), freshQuestion(actor, to, name, at));
      }
    },
    asked: () => [...found.values()],
  };
}

function freshQuestion(actor: string, state: string, name: string, askedAt: number): Question {
  return { name, step: stepOf(actor, name), actor, state, askedAt, answeredAt: null, givenUpAt: null, failure: null, ok: false, value: null };
}

/** Heads and signatures are asked for by several steps. A ticket that select draws again is select's. */
function stepOf(actor: string, name: string): Stage | null {
  const step = effectRow(name)?.step ?? null;
  if (step !== 'asker') return step;
  const [asker = ''] = actor.split('/');
  if (name === 'signVrf') return asker === 'redraw' ? 'ticket' : asker === 'ticket' || asker === 'select' ? asker : 'election';
  if (asker === 'create') return actor === asker ? 'create' : 'claim';
  return asker === 'select' ? 'select' : 'base';
}

function answer(found: Map<string, Question>, { key, ok, value }: Extract<Input, { readonly type: 'result' }>, at: number): void {
  const question = found.get(effectKeyText(key));
  const failure = ok ? null : recordedFailure(value);
  if (question !== undefined) found.set(effectKeyText(key), { ...question, answeredAt: at, ok, value, failure });
}

function giveUp(found: Map<string, Question>, actor: string, state: string, at: number): void {
  for (const [key, question] of found)
    if (question.actor === actor && question.state !== state && question.answeredAt === null && question.givenUpAt === null)
      found.set(key, { ...question, givenUpAt: at });
}
