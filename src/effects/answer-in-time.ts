/**
 * Calls of ports that nobody gives up by an alarm of their own: each has a time by which it is answered or has failed.
 */

import { MineOneError } from '../errors/mineone-error.ts';
import { PortError } from '../errors/port-error.ts';
import { pause } from '../pause.ts';
import type { Clock } from '../ports/clock.ts';

/** For a call that nothing hurries. */
export const ANSWER_MS = 10_000;
/** Made once: every call has a watch that is sent home with it. */
const ANSWERED = new MineOneError('ANSWERED', 'the call was answered, nobody waits for it any more');

/**
 * Rejects with `NO_ANSWER`, to be asked again, when there is no answer by then (milliseconds since 1970). The call's
 * own signal is aborted then, as that of any effect that is over.
 */
export async function answeredBy<T>(clock: Clock, name: string, by: number, ask: () => Promise<T>): Promise<T> {
  const answered = new AbortController();
  try {
    const tooLong = noAnswer(clock, name, by, answered.signal);
    return await Promise.race([ask(), tooLong]);
  } finally {
    answered.abort(ANSWERED);
  }
}

/** Rejects with `NO_ANSWER` then, or with the signal's reason before. */
export async function noAnswer(clock: Clock, name: string, by: number, signal: AbortSignal): Promise<never> {
  const asked = clock.now();
  // The clock may be put right, or wrong, while the answer is waited for.
  await Promise.race([clock.until(by, signal), pause(clock, by - asked, signal)]);
  throw new PortError('NO_ANSWER', `${name} was not answered within ${(by - asked) / 1000} s`, { retryable: true });
}
