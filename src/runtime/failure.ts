/** Errors that the runtime meets: as values for machines, and whether opening the journal again would mend them. */

import type { MineOneError } from '../errors/mineone-error.ts';
import type { Value } from '../journal/format/value.ts';

/** What opening again would not mend. */
export function isFinal(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return (code ?? '').startsWith('JOURNAL_') && code !== 'JOURNAL_UNKNOWN';
}

/**
 * The journal is not where it was, and what lies there now is another; or another process mines with the same keys:
 * nothing is to be opened in its place.
 */
export function isMoved(error: unknown): boolean {
  return ['JOURNAL_MOVED', 'MINER_HELD'].includes((error as { readonly code?: string }).code ?? '');
}

/** What a rejection's fields may be taken for, whatever was thrown. */
const MESSAGE_LENGTH_MAX = 4096;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * An effect's rejection as its machine is given it; `at` in milliseconds since 1970. Total: a port may reject with
 * anything, with nothing too. MineOne's own ports reject with `PortError`; of any other error the same fields are read,
 * so that an embedder's port needs nothing of ours.
 */
export function failureOf(error: unknown, at: number): Value {
  return { code: codeOf(error) ?? 'INTERNAL', message: saidOf(error), retryable: mayPass(error), at };
}

/** The stable code that a failure carries; `null` for a rejection that is none. */
export function codeOf(error: unknown): string | null {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' && CODE.test(code) ? code : null;
}

/** Whether the same may be asked again. */
export function mayPass(error: unknown): boolean {
  return fieldOf(error, 'retryable') === true;
}

/** What a rejection says, for people. */
export function saidOf(error: unknown): string {
  const message = fieldOf(error, 'message');
  return (typeof message === 'string' ? message : textOf(error)).slice(0, MESSAGE_LENGTH_MAX);
}

/** A listener to faults that throws, as one whose log was closed, stops nothing: there is nobody left to tell. */
export function heardBy(listener: (fault: MineOneError) => void = () => undefined): (fault: MineOneError) => void {
  return (fault) => {
    try {
      listener(fault);
    } catch {
      // Mining goes on.
    }
  };
}

function fieldOf(error: unknown, name: string): unknown {
  try {
    return (error as { readonly [key: string]: unknown } | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'a failure without words';
  }
}
