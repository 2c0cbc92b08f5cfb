/** Calls of one port: what comes back is looked at before anybody is given it, and calls that were given up and do not end are few. */

import { MineOneError } from '../../chain/error.ts';
import type { Form } from './form.ts';

export interface PortCalls {
  /**
   * Calls, and gives what was answered in its form. Throws `PORT_ANSWER`, not to be asked again in this epoch; `PORT_HANGS`, to be asked again, while too many
   * calls of this name were given up and have not ended; what the port rejects with as it is.
   */
  ask<T>(name: string, signal: AbortSignal, form: Form<T>, call: () => Promise<unknown>): Promise<T>;
}

/** A port ends a call whose signal is aborted. Of one that does not, as many calls of a name may hang at a time. */
const HANGING_MAX = 16;

export function portCalls(port: string): PortCalls {
  /** By name: given up, and not ended. */
  const hanging = new Map<string, number>();
  const change = (name: string, by: number): void => void hanging.set(name, (hanging.get(name) ?? 0) + by);
  return {
    async ask(name, signal, form, call) {
      const place = `${port}.${name}`;
      if ((hanging.get(name) ?? 0) >= HANGING_MAX) throw hangs(place);
      let isGivenUp = false;
      const giveUp = (): void => {
        isGivenUp = true;
        change(name, 1);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        return inForm(place, form, await call());
      } finally {
        signal.removeEventListener('abort', giveUp);
        if (isGivenUp) change(name, -1);
      }
    },
  };
}

/** A getter that throws, or a length that is none, is a wrong answer too. */
function inForm<T>(place: string, form: Form<T>, answer: unknown): T {
  try {
    return form(answer, place);
  } catch (cause) {
    if (cause instanceof MineOneError && cause.code === 'PORT_ANSWER') throw cause;
    throw new MineOneError('PORT_ANSWER', `${place}: an answer that cannot be read`, { cause });
  }
}

function hangs(place: string): MineOneError {
  const message = `${HANGING_MAX} calls of ${place} were given up and have not ended; a port ends a call when its signal is aborted: start it again`;
  return Object.assign(new MineOneError('PORT_HANGS', message), { retryable: true });
}
