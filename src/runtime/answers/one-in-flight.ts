/** Calls that must not be under way twice: whoever asks the same again while one is waits for its answer. */

export interface OneInFlight<T> {
  /** `key` names the question; `wait` is how a second asker waits for the first one's answer. */
  ask(key: string, call: () => Promise<T>, wait: (running: Promise<T>) => Promise<T>): Promise<T>;
}

export function oneInFlight<T>(): OneInFlight<T> {
  const running = new Map<string, Promise<T>>();
  return {
    ask(key, call, wait) {
      const known = running.get(key);
      if (known !== undefined) return wait(known);
      const made = call().finally(() => running.delete(key));
      running.set(key, made);
      return made;
    },
  };
}
