/** A call of a port that failed: which code it has, and whether the same may be asked again. */

import { MineOneError } from './mineone-error.ts';

export interface PortErrorOptions extends ErrorOptions {
  readonly retryable: boolean;
}

/**
 * What a make of a port rejects with, and all that MineOne's own makes do. Whoever reads a rejection asks for its
 * `code`, `message` and `retryable` and never for its class: an embedder's port may throw any error that has them
 * (src/runtime/failure.ts).
 */
export class PortError extends MineOneError {
  /**
   * Whether the same call may be answered when it is made again: `true` for a connection that is down, `false` for a
   * refusal.
   */
  readonly retryable: boolean;

  constructor(code: string, message: string, { retryable, ...options }: PortErrorOptions) {
    super(code, message, options);
    this.name = 'PortError';
    this.retryable = retryable;
  }
}

/**
 * What a make's own code threw, as its port says it: under the same code and words, and final, for the same would throw
 * again. Whatever has no code stays as it is.
 */
export function asPortError(error: unknown): unknown {
  if (error instanceof PortError || !(error instanceof MineOneError)) return error;
  return new PortError(error.code, error.message, { retryable: false, cause: error });
}
