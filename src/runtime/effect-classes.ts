/** What becomes of an effect that was asked for and has no result when the process comes back (docs/architecture.md 3, «Effects and recovery»). */

import { MineOneError } from '../errors/mineone-error.ts';
import type { Machine } from '../statechart/machine.ts';
import type { EffectStarted } from '../statechart/turn.ts';

export type EffectClass =
  /** Rings at the same absolute time; overdue ones in the order of (due, seq). */
  | 're-armed'
  /** Asked again; whatever comes counts. */
  | 'repeatable'
  /** Asked again with the recorded template alone: the same template gives the same bytes. */
  | 'repeatable-as-recorded'
  /** Never open: it is in the batch or it is not. */
  | 'in-the-batch'
  /** Told again with the same CID. */
  | 'idempotent';

export const effectClasses: Readonly<Record<string, EffectClass>> = {
  alarm: 're-armed',
  getHead: 'repeatable',
  getBeaconEntry: 'repeatable',
  getMiningBaseInfo: 'repeatable',
  getMessages: 'repeatable',
  getTipset: 'repeatable',
  signVrf: 'repeatable',
  proveWinningPost: 'repeatable',
  createBlock: 'repeatable-as-recorded',
  bind: 'in-the-batch',
  claim: 'idempotent',
  submitBlock: 'idempotent',
  pushMessages: 'idempotent',
};

/** Throws `EFFECT_UNCLASSED`: what nobody said how to recover is not begun. */
export function checkEffects(machines: Iterable<Machine>): void {
  for (const machine of machines) {
    for (const name of machine.effects) {
      if (effectClasses[name] === undefined)
        throw new MineOneError('EFFECT_UNCLASSED', `machine ${machine.name} asks ${name}; src/runtime/effect-classes.ts does not say how it is recovered`);
    }
    checkEffects(machine.children.values());
  }
}

/** The order in which open effects are taken up again: alarms by (due, seq), after all others by seq. */
export function recoveryOrder(open: readonly EffectStarted[]): readonly EffectStarted[] {
  const bySeq = (a: EffectStarted, b: EffectStarted): number => a.key[0] - b.key[0] || a.key[1] - b.key[1];
  const due = ({ input }: EffectStarted): number => (input as { readonly at: number }).at;
  const isAlarm = ({ name }: EffectStarted): boolean => effectClasses[name] === 're-armed';
  const alarms = open.filter(isAlarm).sort((a, b) => due(a) - due(b) || bySeq(a, b));
  return [...open.filter((effect) => !isAlarm(effect)).sort(bySeq), ...alarms];
}
