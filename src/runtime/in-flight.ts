/** Effects that were started and have no result yet: each under its key, each with the way to stop it. */

import { MineOneError } from '../errors/mineone-error.ts';
import { effectKeyText } from '../journal/format/input.ts';
import type { EffectKey } from '../journal/format/record.ts';
import type { Value } from '../journal/format/value.ts';
import type { Clock } from '../ports/clock.ts';
import type { EffectStarted } from '../statechart/turn.ts';

export interface SettledEffect {
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
  /** How many do something now: neither alarms, nor calls that wait for a virtual clock. */
  awake(): number;
  /** Results that wait to be let in. */
  held(): number;
  /** Lets them in, in the order of their keys. */
  release(): void;
}

export interface InFlightParts {
  /** Called once for each that was not cancelled. */
  readonly settle: (settled: SettledEffect) => void;
  readonly failureOf: (error: unknown) => Value;
  /**
   * Results are held until {@link InFlight.release}: whoever comes to rest first, they enter in the order of their
   * keys.
   */
  readonly ordered: boolean;
  readonly clock: Pick<Clock, 'sleepers'>;
  /** Somebody fell asleep, woke or was done. */
  readonly changed: () => void;
}

interface EffectUnderWay {
  readonly effect: EffectStarted;
  readonly controller: AbortController;
}

const ALARM = 'alarm';
/** Made once: every effect ends so. */
const OVER = new MineOneError('EFFECT_OVER', 'the effect has its result');

export function inFlight({ settle, failureOf, ordered, clock: { sleepers }, changed }: InFlightParts): InFlight {
  const running = new Map<string, EffectUnderWay>();
  const awake = new Map<AbortSignal, EffectUnderWay>();
  /** Those that a virtual clock may tell of. */
  const bySignal = new Map<AbortSignal, EffectUnderWay>();
  let held: SettledEffect[] = [];

  sleepers?.watch((signal) => {
    const found = bySignal.get(signal);
    if (found === undefined) return;
    if (sleepers.has(signal)) awake.delete(signal);
    else awake.set(signal, found);
    changed();
  });

  function remove({ effect, controller: { signal } }: EffectUnderWay): void {
    running.delete(effectKeyText(effect.key));
    bySignal.delete(signal);
    awake.delete(signal);
  }

  function done(settled: SettledEffect, controller: AbortController): void {
    const found = running.get(effectKeyText(settled.effect.key));
    if (found?.controller !== controller) return;
    remove(found);
    // What of the call is still under way, as when it took too long, is to end: nobody hears of it any more.
    controller.abort(OVER);
    if (ordered) held.push(settled);
    else settle(settled);
    changed();
  }

  function stop(found: EffectUnderWay, why: MineOneError): void {
    remove(found);
    found.controller.abort(why);
  }

  return {
    begin(effect, perform) {
      const controller = new AbortController();
      const { signal } = controller;
      const begun = { effect, controller };
      running.set(effectKeyText(effect.key), begun);
      // A real clock does not say who waits for it: there an alarm is taken to do nothing else.
      if (sleepers !== undefined) bySignal.set(signal, begun);
      if (sleepers !== undefined || effect.name !== ALARM) awake.set(signal, begun);
      Promise.resolve()
        .then(() => {
          signal.throwIfAborted();
          return perform(signal);
        })
        .then(
          (value) => done({ effect, ok: true, value }, controller),
          (error: unknown) => done({ effect, ok: false, value: failureOf(error) }, controller),
        );
    },
    cancel(key) {
      held = held.filter(({ effect }) => effectKeyText(effect.key) !== effectKeyText(key));
      const found = running.get(effectKeyText(key));
      if (found !== undefined) stop(found, new MineOneError('EFFECT_CANCELLED', 'nobody waits for this any more'));
    },
    cancelAll(why, which = () => true) {
      held = held.filter(({ effect }) => !which(effect));
      for (const found of [...running.values()]) if (which(found.effect)) stop(found, why);
    },
    effects: () => [...running.values()].map(({ effect }) => effect),
    awake: () => awake.size,
    held: () => held.length,
    release() {
      const ready = held.sort(({ effect: a }, { effect: b }) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
      held = [];
      for (const settled of ready) settle(settled);
    },
  };
}
