/**
 * One epoch's records read as a story: what was asked when, what came back and when, what it stood on. A pure fold; the
 * words are explain.ts's.
 */

import type { JournalRecord } from '../journal/format/record.ts';
import { type EpochOutcome, recordedOutcome } from '../mining/outcome.ts';
import { type Deadlines, deadlinesOf, type Head, type MiningInfo, type RoundConfig, recordedStart } from '../mining/round.ts';
import { questions, type StepQuestion } from './questions.ts';

export interface EpochStory {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly deadlines: Deadlines;
  readonly startedAt: number;
  /** Time of the last record. */
  readonly endedAt: number;
  readonly asked: readonly StepQuestion[];
  /** What it stands on as far as it came: another head may have taken the place of the first. */
  readonly base: Head | null;
  readonly info: MiningInfo | null;
  /** `null` while the epoch goes on. */
  readonly outcome: EpochOutcome | null;
  /** What a step threw. */
  readonly poison: string | null;
}

/**
 * `null` when the records do not begin with the start of an epoch, or, in a damaged journal, what it was mined by is
 * lost.
 */
export function epochStory(records: readonly JournalRecord[]): EpochStory | null {
  const [first] = records;
  if (first?.input.type !== 'start') return null;
  const { miner, epoch, config } = recordedStart(first.input.input);
  if (config === null) return null;
  const found = questions();
  records.forEach(found.add);
  const asked = found.asked();
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
    asked: asked.map(({ name, step, askedAt, answeredAt, givenUpAt, failure }) => ({ name, step, askedAt, answeredAt, givenUpAt, failure })),
    base: (asked.findLast(({ name, step, ok }) => name === 'getHead' && step === 'base' && ok)?.value as Head | undefined) ?? null,
    info: answered<MiningInfo>('getMiningBaseInfo'),
    outcome: recordedOutcome(last.outcome),
    poison: poison?.type === 'poison' ? poison.message : null,
  };
}
