/** Errors that the runtime meets: as values for machines, and whether opening the journal again would mend them. */

import type { Value } from '../journal/value.ts';

/** What opening again would not mend. */
export function isFinal(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return (code ?? '').startsWith('JOURNAL_') && code !== 'JOURNAL_UNKNOWN';
}

/** An effect's rejection as its machine is given it; `at` in milliseconds since 1970. */
export function failureOf(error: unknown, at: number): Value {
  const { code, message, retryable } = error as { readonly code?: string; readonly message?: string; readonly retryable?: boolean };
  return { code: code ?? 'INTERNAL', message: message ?? String(error), retryable: retryable ?? false, at };
}
