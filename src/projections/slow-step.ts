/**
 * How an epoch that came too late is named beside its outcome: by the step that used the time up, where that was
 * another than the one at work when it was over.
 */

import type { EpochOutcome } from '../mining/outcome.ts';
import { type Blame, blame, isLate, type SlowStep, type TimedEpoch } from './blame.ts';
import { outcomeName } from './outcome-name.ts';

/** `slow beacon`, `begun late`. */
export function slowText(step: SlowStep): string {
  return step === 'begin' ? 'begun late' : `slow ${step}`;
}

/** `late: prove (slow beacon)`; any other outcome as it is always named. */
export function outcomeWithBlame(outcome: EpochOutcome, epoch: TimedEpoch): string {
  const step = stepToBlame(outcome, epoch);
  return step === null ? outcomeName(outcome) : `${outcomeName(outcome)} (${slowText(step)})`;
}

/** `null` where the outcome came in time, or names the step itself. */
export function stepToBlame(outcome: EpochOutcome, epoch: TimedEpoch): SlowStep | null {
  const slow = isLate(outcome) ? blame(epoch) : null;
  return slow === null || isNamed(outcome, slow) ? null : slow.step;
}

function isNamed(outcome: EpochOutcome, { step }: Blame): boolean {
  return 'stage' in outcome && outcome.stage === step;
}
