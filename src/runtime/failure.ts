/** Errors that the runtime meets: as values for machines, and whether opening the journal again would mend them. */

import type { Value } from '../journal/value.ts';

/** What opening again would not mend. */
export function isFinal(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return (code ?? '').startsWith('JOURNAL_') && code !== 'JOURNAL_UNKNOWN';
}

/** The journal is not where it was: what lies there now is another, and is not to be opened in its place. */
export function isMoved(error: unknown): boolean {
  return (error as { readonly code?: string }).code === 'JOURNAL_MOVED';
}

/** An effect's rejection as its machine is given it; `at` in milliseconds since 1970. */
export function failureOf(error: unknown, at: number): Value {
  const { code, message, retryable } = error as { readonly code?: string; readonly message?: string; readonly retryable?: boolean };
  return { code: code ?? 'INTERNAL', message: message ?? String(error), retryable: retryable ?? false, at };
}
