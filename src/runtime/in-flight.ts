/** Effects that were started and have no result yet: each under its key, each with the way to stop it. */

import { MineOneError } from '../chain/error.ts';
import type { EffectKey } from '../journal/record.ts';
import type { Value } from '../journal/value.ts';
import type { EffectStarted } from './turn.ts';

export interface Settled {
  readonly effect: EffectStarted;
  readonly ok: boolean;
  readonly value: Value;
}

export interface InFlight {
  /** Performs an effect; `perform` is called in a later microtask. */
  begin(effect: EffectStarted, perform: (signal: AbortSignal) => Promise<Value>): void;
  /** Nobody waits for it any more: it is aborted and its result dropped. */
  cancel(key: EffectKey): void;
  cancelAll(why: MineOneError, which?: (effect: EffectStarted) => boolean): void;
  effects(): readonly EffectStarted[];
  /** How many besides alarms. */
  busy(): number;
}

interface Running {
  readonly effect: EffectStarted;
  readonly controller: AbortController;
}

const ALARM = 'alarm';

/**
 * `settle` is called once for each that was not cancelled. `ordered`: results wait until nothing but alarms is in flight and come in the order of their keys,
 * so that a virtual run is the same however fast its effects are.
 */
export function inFlight(settle: (settled: Settled) => void, failureOf: (error: unknown) => Value, ordered: boolean): InFlight {
  const running = new Map<string, Running>();
  let held: Settled[] = [];
  const name = (key: EffectKey): string => key.join('/');
  /** How many of those running are no alarms. */
  let others = 0;

  function remove({ effect }: Running): void {
    running.delete(name(effect.key));
    if (effect.name !== ALARM) others--;
  }

  function done(settled: Settled, controller: AbortController): void {
    const { effect } = settled;
    const found = running.get(name(effect.key));
    if (found?.controller !== controller) return;
    remove(found);
    if (ordered && effect.name !== ALARM) {
      held.push(settled);
      release();
    } else settle(settled);
  }

  function release(): void {
    if (others > 0) return;
    const ready = held.sort(({ effect: a }, { effect: b }) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
    held = [];
    for (const settled of ready) settle(settled);
  }

  function stop(found: Running, why: MineOneError): void {
    remove(found);
    found.controller.abort(why);
  }

  return {
    begin(effect, perform) {
      const controller = new AbortController();
      running.set(name(effect.key), { effect, controller });
      if (effect.name !== ALARM) others++;
      Promise.resolve()
        .then(() => {
          controller.signal.throwIfAborted();
          return perform(controller.signal);
        })
        .then(
          (value) => done({ effect, ok: true, value }, controller),
          (error: unknown) => done({ effect, ok: false, value: failureOf(error) }, controller),
        );
    },
    cancel(key) {
      held = held.filter(({ effect }) => name(effect.key) !== name(key));
      const found = running.get(name(key));
      if (found !== undefined) stop(found, new MineOneError('EFFECT_CANCELLED', 'nobody waits for this any more'));
      release();
    },
    cancelAll(why, which = () => true) {
      held = held.filter(({ effect }) => !which(effect));
      for (const found of [...running.values()]) if (which(found.effect)) stop(found, why);
      release();
    },
    effects: () => [...running.values()].map(({ effect }) => effect),
    busy: () => others + held.length,
  };
}
