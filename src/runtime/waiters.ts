/** Those who wait for something to be so, and are told when it is or when it never will be. */

export interface Waiters {
  /** Resolves when it is so, at once if it is already; rejects with what {@link giveUp} was told. */
  until(when: () => boolean): Promise<void>;
  /** Something changed: looks again. */
  look(): void;
  giveUp(failure: Error): void;
}

interface Waiter {
  readonly when: () => boolean;
  readonly resolve: () => void;
  readonly reject: (failure: Error) => void;
}

export function waitersOn(): Waiters {
  let waiting: Waiter[] = [];
  let lost: Error | null = null;
  function look(): void {
    const met = new Set(waiting.filter(({ when }) => lost !== null || when()));
    waiting = waiting.filter((waiter) => !met.has(waiter));
    for (const { resolve, reject } of met) lost === null ? resolve() : reject(lost);
  }
  return {
    until: (when) =>
      new Promise((resolve, reject) => {
        waiting.push({ when, resolve, reject });
        look();
      }),
    look,
    giveUp(failure) {
      lost = failure;
      look();
    },
  };
}
