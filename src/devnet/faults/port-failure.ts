/** A failure as a port's adapter would report it: a code, a sentence, and whether asking again may help. */

import { MineOneError } from '../../errors/mineone-error.ts';

export interface PortFailure extends MineOneError {
  readonly retryable: boolean;
}

/** Nobody answers: the call may have been heard or not. */
export function unreachable(call: string): PortFailure {
  return failureOf('NODE_UNREACHABLE', `${call}: connect ECONNREFUSED`, true);
}

/** The call was made and nothing came back in time: it may have been heard or not. */
export function timedOut(call: string, ms: number): PortFailure {
  return failureOf('NODE_TIMEOUT', `${call}: no answer in ${ms} ms`, true);
}

/** The node answered with an error of its own. */
export function nodeError(call: string, said: string): PortFailure {
  return failureOf('NODE_ERROR', `${call}: ${said}`, false);
}

export function proveFailed(sector: bigint): PortFailure {
  return failureOf('PROVE_FAILED', `sector ${sector} cannot be read: input/output error`, false);
}

function failureOf(code: string, message: string, retryable: boolean): PortFailure {
  return Object.assign(new MineOneError(code, message), { retryable });
}
