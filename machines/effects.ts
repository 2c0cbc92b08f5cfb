/** Slots in which machines ask for effects by their names (src/mining/effects.ts). */

import { fromPromise, type PromiseActorLogic } from 'xstate';
import type { EffectName, Effects } from '../src/mining/effects.ts';

/** A slot for an effect: the runtime performs it, or `machine.provide({ actors })` does under a plain `createActor`. */
export function effect<Name extends EffectName>(name: Name): PromiseActorLogic<Effects[Name]['out'], Effects[Name]['in']> {
  return fromPromise(() =>
    Promise.reject(new Error(`nobody performs the effect ${name}: run the machine in the runtime, or provide({ actors: { ${name} } })`)),
  );
}
