/** A failure as a port's adapter would report it: a code, a sentence, and whether asking again may help. */

import { PortError } from '../../errors/port-error.ts';

/** Nobody answers: the call may have been heard or not. */
export function unreachable(call: string): PortError {
  return new PortError('NODE_UNREACHABLE', `${call}: connect ECONNREFUSED`, { retryable: true });
}

/** The call was made and nothing came back in time: it may have been heard or not. */
export function timedOut(call: string, ms: number): PortError {
  return new PortError('NODE_TIMEOUT', `${call}: no answer in ${ms} ms`, { retryable: true });
}

/** The node answered with an error of its own. */
export function nodeError(call: string, said: string): PortError {
  return new PortError('NODE_ERROR', `${call}: ${said}`, { retryable: false });
}

export function proveFailed(sector: bigint): PortError {
  return new PortError('PROVE_FAILED', `sector ${sector} cannot be read: input/output error`, { retryable: false });
}
