/** What a transition reads from the event that caused it: the answer of an invoke, or its failure. */

import type { Failure } from '../src/mining/outcome.ts';

/** Params of guards and actions: what was answered. */
export function answer<Output>({ event }: { readonly event: { readonly output: Output } }): Output {
  return event.output;
}

/** Params of guards and actions: why nothing was answered. */
export function failure({ event }: { readonly event: { readonly error: unknown } }): Failure {
  return event.error as Failure;
}

/** A guard: whether the same may be asked again. */
export function isRetryable(_: unknown, { retryable }: Failure): boolean {
  return retryable;
}

/**
 * Milliseconds between a failure and the next try: long enough to spare a node that restarts, short enough for three
 * tries in a propagation delay.
 */
export const RETRY_MS = 1000;

/** When to ask again. */
export function retryAfter({ at }: Failure): number {
  return at + RETRY_MS;
}

/** The failure of a signer that did not answer while its answer was of use. */
export function signerLate(at: number): Failure {
  return {
    code: 'SIGNER_LATE',
    message: 'the signer did not answer before the epoch was over; is it running, and does it hold the worker key?',
    retryable: false,
    at,
  };
}
