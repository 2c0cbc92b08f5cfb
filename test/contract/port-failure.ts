/** How a call of any port may end without an answer: src/errors/port-error.ts in tests. */

import { expect } from 'vitest';

export const NEVER = new AbortController().signal;

/** What a make says where it cannot answer. */
export interface PortFailure {
  readonly code: string;
  readonly retryable: boolean;
}

/** That the call rejects so, in words too, and with the one class that ours have. */
export async function expectFailure(call: Promise<unknown>, failure: PortFailure): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: 'PortError', ...failure, message: expect.stringMatching(/\S/) });
}

/**
 * That a call whose signal is aborted before it begins ends with the signal's reason, and is never thrown at who asks.
 */
export async function expectEnded(call: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const why = new Error('nobody waits for it any more');
  const ended = call(AbortSignal.abort(why));
  expect(ended).toBeInstanceOf(Promise);
  await expect(ended).rejects.toBe(why);
}
