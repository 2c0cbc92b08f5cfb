/** An outcome in a few words, with its reason: `late: prove`, `refused: double-fork` (docs/commands.md, «Outcomes»). */

import type { EpochOutcome } from '../mining/outcome.ts';

export function outcomeName(outcome: EpochOutcome): string {
  const reason = reasonOf(outcome);
  return reason === null ? outcome.outcome : `${outcome.outcome}: ${reason}`;
}

/** `null` of an outcome that needs none. */
export function reasonOf(outcome: EpochOutcome): string | null {
  switch (outcome.outcome) {
    case 'ineligible':
      return outcome.reason;
    case 'late':
      return outcome.stage;
    case 'refused':
    case 'abandoned':
      return outcome.why;
    case 'rejected':
      return outcome.failure.code;
    case 'failed':
      return `${outcome.stage} ${outcome.failure.code}`;
    default:
      return null;
  }
}
