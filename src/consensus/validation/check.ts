/** A rule with a name, as a report lists it. */

import type { Candidate } from './candidate.ts';
import type { Round } from './round.ts';
import type { Verdict } from './verdict.ts';

export interface Check {
  /** Stable: scripts and reports go by it. */
  readonly name: string;
  /** One line for people. */
  readonly rule: string;
  /** May throw for missing or unreadable data; see verdict.ts `judge`. */
  readonly run: (candidate: Candidate, round: Round) => Verdict;
}
