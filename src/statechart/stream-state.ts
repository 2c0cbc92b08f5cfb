/** The living actors of a stream as a value, and back: what a checkpoint keeps of records that are given up. */

import { asValue, type Value } from '../journal/format/value.ts';
import type { Machine, MachineState } from './machine.ts';
import type { ChartActor, ChartActors, Open } from './turn.ts';

interface ActorFields {
  readonly machine: string;
  readonly state: MachineState;
  readonly open: readonly (readonly [id: string, waiting: Open])[];
}

export function actorsValue(actors: ChartActors): Value {
  const rows = [...actors].map(([path, { machine, state, open }]) => [path, { machine: machine.name, state, open: [...open] }]);
  return asValue(rows);
}

/** `null` for no actors, and for those of a machine that is not there any more. */
export function actorsOf(value: Value, machines: ReadonlyMap<string, Machine>): ChartActors | null {
  if (value === null) return null;
  const known = new Map<string, Machine>();
  const learn = (machine: Machine): void => {
    known.set(machine.name, machine);
    for (const child of machine.children.values()) learn(child);
  };
  for (const machine of machines.values()) learn(machine);
  const actors = new Map<string, ChartActor>();
  for (const [path, { machine: name, state, open }] of value as unknown as readonly (readonly [string, ActorFields])[]) {
    const machine = known.get(name);
    if (machine === undefined) return null;
    actors.set(path, { machine, state, open: new Map(open) });
  }
  return actors;
}
