/** What a check says of a block: ok, wrong, or not checkable for want of data; never a guess. */

import { DecodeError, MissingBlockError, UnknownLayoutError } from '../../chain/error.ts';

export type Verdict =
  /** `instead` names an earlier state that was used because the one asked for is not in the source. */
  | { readonly verdict: 'ok'; readonly instead?: string }
  | { readonly verdict: 'wrong'; readonly expected: string; readonly found: string }
  | { readonly verdict: 'not-checkable'; readonly missing: string };

export const OK: Verdict = { verdict: 'ok' };

export function wrong(expected: unknown, found: unknown): Verdict {
  return { verdict: 'wrong', expected: String(expected), found: String(found) };
}

export function notCheckable(missing: string): Verdict {
  return { verdict: 'not-checkable', missing };
}

/** Ok when both sides read the same. */
export function same(expected: unknown, found: unknown): Verdict {
  return String(expected) === String(found) ? OK : wrong(expected, found);
}

/**
 * A verdict reached with a state that may not be the one the rule asks for (`instead` then names it):
 * agreement is ok and says so, disagreement proves nothing.
 */
export function givenState(verdict: Verdict, instead: string | null): Verdict {
  if (instead === null || verdict.verdict === 'not-checkable') return verdict;
  if (verdict.verdict === 'ok') return { verdict: 'ok', instead };
  return notCheckable(`${instead}; it says ${verdict.expected}, the block ${verdict.found}`);
}

/** Runs a check; data that the source lacks, or whose layout is not known, makes it not checkable. */
export function judge(check: () => Verdict): Verdict {
  try {
    return check();
  } catch (error) {
    if (error instanceof MissingBlockError || error instanceof UnknownLayoutError) return notCheckable(error.message);
    if (error instanceof DecodeError) return notCheckable(`unreadable: ${error.message}`);
    throw error;
  }
}
