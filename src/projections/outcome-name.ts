/** An outcome in a few words, with its reason: `late: prove`, `refused: double-fork` (docs/commands.md, «Outcomes»). */

import type { EpochOutcome } from '../consensus/outcome.ts';

export function outcomeName(outcome: EpochOutcome): string {
  switch (outcome.outcome) {
    case 'ineligible':
      return `ineligible: ${outcome.reason}`;
    case 'late':
      return `late: ${outcome.stage}`;
    case 'refused':
      return `refused: ${outcome.why}`;
    case 'rejected':
      return `rejected: ${outcome.failure.code}`;
    case 'failed':
      return `failed: ${outcome.stage} ${outcome.failure.code}`;
    case 'abandoned':
      return `abandoned: ${outcome.why}`;
    default:
      return outcome.outcome;
  }
}
