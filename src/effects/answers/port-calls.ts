/**
 * Calls of one port: what comes back is looked at before anybody is given it, and calls that were given up and do not
 * end are watched (hanging-calls.ts).
 */

import { PortError } from '../../errors/port-error.ts';
import type { Form } from './form.ts';
import { type HangingCalls, hangingCalls, type PortWatch } from './hanging-calls.ts';

export interface PortCalls {
  /**
   * Calls, and gives what was answered in its form. Throws `PORT_ANSWER`, not to be asked again in this epoch;
   * `PORT_HANGS`, to be asked again, while too many calls of this name were given up and have not ended; what the port
   * rejects with as it is.
   */
  ask<T>(name: string, signal: AbortSignal, form: Form<T>, call: () => Promise<unknown>): Promise<T>;
}

export function portCalls(port: string, watch: PortWatch): PortCalls {
  const named = new Map<string, HangingCalls>();
  const callsOf = (name: string): HangingCalls => {
    const calls = named.get(name) ?? hangingCalls(`${port}.${name}`, watch);
    named.set(name, calls);
    return calls;
  };
  return {
    async ask(name, signal, form, call) {
      const { giveUp, end } = callsOf(name).begin();
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        return inForm(`${port}.${name}`, form, await call());
      } finally {
        signal.removeEventListener('abort', giveUp);
        end();
      }
    },
  };
}

/** A getter that throws, or a length that is none, is a wrong answer too. */
function inForm<T>(place: string, form: Form<T>, answer: unknown): T {
  try {
    return form(answer, place);
  } catch (cause) {
    if (cause instanceof PortError && cause.code === 'PORT_ANSWER') throw cause;
    throw new PortError('PORT_ANSWER', `${place}: an answer that cannot be read`, { retryable: false, cause });
  }
}
