/**
 * Calls that must not be under way twice: whoever asks the same again while one is waits for its answer, unless that
 * one is lost.
 */

export interface OneInFlight<T> {
  /**
   * `key` names the question; `signal` is the call's own; `wait` is how a second asker waits for the first one's
   * answer. A call that was given up and has not ended long after is lost, as one whose socket was dropped: whoever
   * asks then makes the call anew, and what the lost one answers is told to those alone who waited for it.
   */
  ask(key: string, signal: AbortSignal, call: () => Promise<T>, wait: (running: Promise<T>) => Promise<T>): Promise<T>;
}

interface CallUnderWay<T> {
  readonly answer: Promise<T>;
  isLost: boolean;
}

/** `longAfter` resolves when a call that was given up is lost, and rejects when its signal is aborted. */
export function oneInFlight<T>(longAfter: (signal: AbortSignal) => Promise<void>): OneInFlight<T> {
  const running = new Map<string, CallUnderWay<T>>();
  return {
    ask(key, signal, call, wait) {
      const known = running.get(key);
      if (known?.isLost === false) return wait(known.answer);
      const ended = new AbortController();
      const giveUp = (): void => {
        longAfter(ended.signal).then(
          () => {
            made.isLost = true;
          },
          () => undefined,
        );
      };
      const end = (): void => {
        signal.removeEventListener('abort', giveUp);
        ended.abort();
        if (running.get(key) === made) running.delete(key);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      const made: CallUnderWay<T> = { answer: call().finally(end), isLost: false };
      running.set(key, made);
      return made.answer;
    },
  };
}
