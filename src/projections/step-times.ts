/** How long each step took, over epochs: a pure fold over journal records (docs/commands.md, «Command line»). */

import { CALL_ARGUMENT, ID_ADDRESS, minerNameOf } from '../chain/argument.ts';
import type { Epoch } from '../chain/epoch.ts';
import { isWhole } from '../errors/option.ts';
import { checkOptions, type OptionRules, optional } from '../errors/strict.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import type { Stage } from '../mining/outcome.ts';
import { epochStream } from '../mining/stream.ts';
import { spansOf } from './blame.ts';
import { checkRecord } from './given-record.ts';
import { type Questions, questions } from './questions.ts';

/**
 * Milliseconds, retries and the pauses between them too. A quantile is the least value that so many of the epochs do
 * not exceed.
 */
export interface StepTime {
  readonly step: Stage;
  /** Epochs in which it was answered, and those in which it never was. */
  readonly epochs: number;
  readonly unanswered: number;
  /** `null` where it never was answered. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly worst: { readonly ms: number; readonly miner: string; readonly epoch: Epoch } | null;
}

export interface StepTimesFold {
  /** Records in the order of the journal, of any stream. */
  add(record: JournalRecord): void;
  /** Steps in the order in which an epoch takes them; without those that no epoch came to. */
  report(): { readonly epochs: number; readonly steps: readonly StepTime[] };
}

export interface EpochRange {
  readonly miner?: string | undefined;
  readonly from?: Epoch | undefined;
  readonly to?: Epoch | undefined;
}

export const EPOCH_RULE = optional('an epoch, a whole number of at least 0', (value) => isWhole(value, 0));
export const MINER_RULE = optional(ID_ADDRESS, (value) => minerNameOf(value) !== null);

const RULES: OptionRules<EpochRange> = { miner: MINER_RULE, from: EPOCH_RULE, to: EPOCH_RULE };

/** Throws `CALL_ARGUMENT`. */
export function checkRange(call: string, range: unknown): asserts range is EpochRange {
  checkOptions<EpochRange>(call, CALL_ARGUMENT, range, RULES);
}

const ORDER: readonly Stage[] = ['base', 'beacon', 'base-info', 'election', 'ticket', 'prove', 'select', 'create', 'claim', 'submit'];

interface StepSpan {
  readonly ms: number;
  readonly miner: string;
  readonly epoch: Epoch;
}

/** Throws `CALL_ARGUMENT`. Holds one number a step and epoch. Epochs that go on do not count. */
export function stepTimes(range: EpochRange = {}): StepTimesFold {
  checkRange('stepTimes', range);
  const going = new Map<string, Questions>();
  const taken = new Map<Stage, StepSpan[]>(ORDER.map((step) => [step, []]));
  const unanswered = new Map<Stage, number>();
  let epochs = 0;
  const end = (found: Questions, of: Omit<StepSpan, 'ms'>, endedAt: number): void => {
    const asked = found.asked();
    epochs++;
    for (const [step, ms] of sumsOf(asked, endedAt)) {
      if (ms === null) unanswered.set(step, (unanswered.get(step) ?? 0) + 1);
      else taken.get(step)?.push({ ...of, ms });
    }
  };
  return {
    add(record) {
      checkRecord('stepTimes.add', record);
      const named = epochStream(record.stream);
      if (named === null || named.below !== null || !isWithin(range, named.miner, named.epoch)) return;
      const { miner, epoch } = named;
      if (record.input.type === 'start') going.set(record.stream, questions());
      const found = going.get(record.stream);
      found?.add(record);
      if (found === undefined || record.outcome === null) return;
      going.delete(record.stream);
      end(found, { miner, epoch }, record.at);
    },
    report: () => ({ epochs, steps: ORDER.flatMap((step) => stepTime(step, taken.get(step) ?? [], unanswered.get(step) ?? 0)) }),
  };
}

export function isWithin({ miner: only, from = 0, to = Number.POSITIVE_INFINITY }: EpochRange, miner: string, epoch: Epoch): boolean {
  return (only === undefined || miner === only) && epoch >= from && epoch <= to;
}

/** `null` for a step that was not answered in the end. */
function sumsOf(asked: ReturnType<Questions['asked']>, endedAt: number): ReadonlyMap<Stage, number | null> {
  const sums = new Map<Stage, number | null>();
  for (const { step, from, to } of spansOf(asked, endedAt)) {
    if (step === 'begin') continue;
    const last = asked.findLast((question) => question.step === step);
    sums.set(step, last?.ok === true ? (sums.get(step) ?? 0) + to - from : null);
  }
  return sums;
}

function stepTime(step: Stage, taken: readonly StepSpan[], unanswered: number): readonly StepTime[] {
  if (taken.length === 0 && unanswered === 0) return [];
  const sorted = taken.map(({ ms }) => ms).sort((a, b) => a - b);
  const quantile = (share: number): number | null => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  const worst = taken.reduce<StepSpan | null>((most, one) => (most === null || one.ms > most.ms ? one : most), null);
  return [{ step, epochs: taken.length, unanswered, p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), worst }];
}
