/** One epoch's records read as a story: what was asked when, what came back and when, what it stood on. A pure fold; the words are explain.ts's. */

import { type Deadlines, deadlinesOf, type Head, type MiningInfo, type RoundConfig } from '../consensus/mining-round.ts';
import type { EpochOutcome, Failure } from '../consensus/outcome.ts';
import type { EffectKey, Input, JournalRecord } from '../journal/record.ts';

/** A question to the world, with how long its answer took. Milliseconds since 1970. */
export interface Asked {
  readonly name: string;
  readonly askedAt: number;
  /** `null`: no answer in the records. */
  readonly answeredAt: number | null;
  /** When nobody waited for an answer any more, where none had come by then. */
  readonly givenUpAt: number | null;
  readonly failure: Failure | null;
}

export interface EpochStory {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly deadlines: Deadlines;
  readonly startedAt: number;
  /** Time of the last record. */
  readonly endedAt: number;
  readonly asked: readonly Asked[];
  /** The head that was first asked for. */
  readonly base: Head | null;
  readonly info: MiningInfo | null;
  /** `null` while the epoch goes on. */
  readonly outcome: EpochOutcome | null;
  /** What a step threw. */
  readonly poison: string | null;
}

/** `null` when the records do not begin with the start of an epoch. */
export function epochStory(records: readonly JournalRecord[]): EpochStory | null {
  const [first] = records;
  if (first?.input.type !== 'start') return null;
  const { miner, epoch, config } = first.input.input as unknown as { readonly miner: string; readonly epoch: number; readonly config: RoundConfig };
  const asked = questions(records);
  const answered = <T>(name: string): T | null => (asked.find((question) => question.name === name && question.ok)?.value as T | undefined) ?? null;
  const last = records.at(-1) as JournalRecord;
  const poison = records.find(({ input }) => input.type === 'poison')?.input;
  return {
    miner,
    epoch,
    config,
    deadlines: deadlinesOf(config, epoch),
    startedAt: first.at,
    endedAt: last.at,
    asked: asked.map(({ name, askedAt, answeredAt, givenUpAt, failure }) => ({ name, askedAt, answeredAt, givenUpAt, failure })),
    base: answered<Head>('getHead'),
    info: answered<MiningInfo>('getMiningBaseInfo'),
    outcome: last.outcome as unknown as EpochOutcome | null,
    poison: poison?.type === 'poison' ? poison.message : null,
  };
}

interface Question extends Asked {
  readonly actor: string;
  /** State of the actor that asked: once it has left that, nobody waits for an answer. */
  readonly state: string;
  readonly ok: boolean;
  readonly value: unknown;
}

/** In the order they were asked. */
function questions(records: readonly JournalRecord[]): readonly Question[] {
  const found = new Map<string, Question>();
  for (const { seq, at, steps, input } of records) {
    if (input.type === 'result') answer(found, input, at);
    for (const { actor, to, effects } of steps) {
      giveUp(found, actor, to, at);
      for (const { n, name } of effects)
        found.set(keyText([seq, n]), { name, actor, state: to, askedAt: at, answeredAt: null, givenUpAt: null, failure: null, ok: false, value: null });
    }
  }
  return [...found.values()];
}

const keyText = ([seq, n]: EffectKey): string => `${seq}/${n}`;

function answer(found: Map<string, Question>, { key, ok, value }: Extract<Input, { readonly type: 'result' }>, at: number): void {
  const question = found.get(keyText(key));
  const failure = ok ? null : (value as unknown as Failure);
  if (question !== undefined) found.set(keyText(key), { ...question, answeredAt: at, ok, value, failure });
}

function giveUp(found: Map<string, Question>, actor: string, state: string, at: number): void {
  for (const [key, question] of found)
    if (question.actor === actor && question.state !== state && question.answeredAt === null && question.givenUpAt === null)
      found.set(key, { ...question, givenUpAt: at });
}
