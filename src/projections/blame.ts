/**
 * Which step an epoch lost its time with: not the one that was at work when time was up, but the one that had used most
 * of the time there was.
 */

import type { EpochOutcome, Stage } from '../mining/outcome.ts';
import type { Deadlines } from '../mining/round.ts';
import type { StepQuestion } from './questions.ts';

/** `begin`: the epoch was begun late. */
export type SlowStep = Stage | 'begin';

export interface Blame {
  readonly step: SlowStep;
  /** Milliseconds it took of those there were. */
  readonly ms: number;
  readonly ofMs: number;
}

/** What is read of an epoch's story. */
export interface TimedEpoch {
  readonly asked: readonly StepQuestion[];
  readonly deadlines: Deadlines;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface Span {
  readonly step: SlowStep;
  readonly from: number;
  readonly to: number;
}

/** Whether the clock is what ended it. */
export function isLate(outcome: EpochOutcome | null): boolean {
  return outcome?.outcome === 'late' || (outcome?.outcome === 'failed' && outcome.failure.code === 'SIGNER_LATE');
}

/**
 * Time is there from the last moment that was waited for in time until a block comes too late. `null` where nothing
 * took any of it.
 */
export function blame({ asked, deadlines, startedAt, endedAt }: TimedEpoch): Blame | null {
  const [from, to] = [waitedFor(asked, deadlines), deadlines.giveUp];
  const spans = [{ step: 'begin' as const, from: Math.min(from, startedAt), to: startedAt }, ...spansOf(asked, endedAt)];
  const sums = new Map<SlowStep, number>();
  const edges = [...new Set([from, to, ...spans.flatMap((span) => [span.from, span.to])])].filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  edges.forEach((start, i) => {
    const end = edges[i + 1];
    const step = end === undefined ? undefined : holding(spans, start, end);
    if (step !== undefined && end !== undefined) sums.set(step, (sums.get(step) ?? 0) + end - start);
  });
  const slowest = [...sums].reduce<Blame | null>((worst, [step, ms]) => (ms > (worst?.ms ?? 0) ? { step, ms, ofMs: to - from } : worst), null);
  return slowest;
}

/**
 * What was done before it cost nothing: a block that is ready waits for its epoch; before that, election, ticket and
 * proof wait for the cut-off; and all wait for the base to be due.
 */
function waitedFor(asked: readonly StepQuestion[], { base, cutoff, submit }: Deadlines): number {
  const isDone = (wanted: Stage, by: number): boolean =>
    asked.some(({ step, answeredAt, failure }) => step === wanted && failure === null && (answeredAt ?? Infinity) <= by);
  if (isDone('claim', submit)) return submit;
  return isDone('ticket', cutoff) && isDone('prove', cutoff) ? cutoff : base;
}

/** A question that failed lasts until its step asks again. */
export function spansOf(asked: readonly StepQuestion[], endedAt: number): readonly Span[] {
  return asked.flatMap(({ step, askedAt, answeredAt, givenUpAt, failure }, i) => {
    if (step === null) return [];
    const again = failure === null ? undefined : asked.find((later, j) => j > i && later.step === step);
    return [{ step, from: askedAt, to: failure === null ? (answeredAt ?? givenUpAt ?? endedAt) : (again?.askedAt ?? endedAt) }];
  });
}

/** Of several at once the one that ended last held up the rest. */
function holding(spans: readonly Span[], start: number, end: number): SlowStep | undefined {
  return spans
    .filter((span) => span.from <= start && span.to >= end)
    .reduce<Span | undefined>((last, span) => (span.to >= (last?.to ?? 0) ? span : last), undefined)?.step;
}
