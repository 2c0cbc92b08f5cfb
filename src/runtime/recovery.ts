/**
 * What becomes of an effect that was asked for and has no result when the process comes back (docs/architecture.md 3,
 * «Effects and recovery»).
 */

import { MineOneError } from '../errors/mineone-error.ts';
import { effectRow, isEffectName } from '../mining/effects.ts';
import type { Machine } from '../statechart/machine.ts';
import type { EffectStarted } from '../statechart/turn.ts';

/** Refuses an effect without a row that says how it is recovered: throws `EFFECT_UNCLASSED`. */
export function checkEffects(machines: Iterable<Machine>): void {
  for (const machine of machines) {
    for (const name of machine.effects) {
      if (!isEffectName(name))
        throw new MineOneError('EFFECT_UNCLASSED', `machine ${machine.name} asks ${name}; src/mining/effects.ts does not say how it is recovered`);
    }
    checkEffects(machine.children.values());
  }
}

/** The order in which open effects are taken up again: alarms by (due, seq), after all others by seq. */
export function recoveryOrder(open: readonly EffectStarted[]): readonly EffectStarted[] {
  const bySeq = (a: EffectStarted, b: EffectStarted): number => a.key[0] - b.key[0] || a.key[1] - b.key[1];
  const due = ({ input }: EffectStarted): number => (input as { readonly at: number }).at;
  const isAlarm = ({ name }: EffectStarted): boolean => effectRow(name)?.recovery === 're-armed';
  const alarms = open.filter(isAlarm).sort((a, b) => due(a) - due(b) || bySeq(a, b));
  return [...open.filter((effect) => !isAlarm(effect)).sort(bySeq), ...alarms];
}
