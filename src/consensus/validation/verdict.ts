/** What a check says of a block: ok, wrong, or not checkable for want of data; never a guess. */

import { DecodeError, MissingBlockError, UnknownLayoutError } from '../../errors/mineone-error.ts';

export type Verdict =
  /**
   * Plain, or with what it rests on that is not known to be right. `instead`: an earlier state, as the one asked for is
   * not in the source. `claimed`: the state asked for, of which only a block says that it is the one. `note`: something
   * for people to know that is not wrong.
   */
  | { readonly verdict: 'ok'; readonly instead?: string; readonly claimed?: string; readonly note?: string }
  | { readonly verdict: 'wrong'; readonly expected: string; readonly found: string }
  | { readonly verdict: 'not-checkable'; readonly missing: string };

export const OK: Verdict = { verdict: 'ok' };

/** Whether it rests on nothing but what is known to be right. */
export function isCertain(verdict: Verdict): boolean {
  return verdict.verdict === 'ok' && verdict.instead === undefined && verdict.claimed === undefined;
}

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

/** What a verdict rests on that is not known to be right. */
export interface Instead {
  readonly text: string;
  /** Whether the state is the very one that the rule asks for, although only a block vouches for it. */
  readonly exact: boolean;
}

/**
 * A verdict reached with a state that is not known to be the right one (`instead` then says which it is): agreement is
 * ok and says so. Disagreement with an earlier state proves nothing; with a state that the chain itself claims it is
 * wrong: one of the two cannot stand.
 */
export function givenState(verdict: Verdict, instead: Instead | null): Verdict {
  if (instead === null || verdict.verdict === 'not-checkable') return verdict;
  if (verdict.verdict === 'ok') return { ...verdict, [instead.exact ? 'claimed' : 'instead']: instead.text };
  return instead.exact ? verdict : notCheckable(`${instead.text}; it says ${verdict.expected}, the block ${verdict.found}`);
}

/** The value, or another where the source lacks what it takes, or holds it in a layout that is not known. */
export function knownOr<T, Otherwise>(otherwise: Otherwise, read: () => T): T | Otherwise {
  try {
    return read();
  } catch (error) {
    if (error instanceof MissingBlockError || error instanceof UnknownLayoutError || error instanceof DecodeError) return otherwise;
    throw error;
  }
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
