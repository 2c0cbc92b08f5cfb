/**
 * Given a machine and its input, when effects answer or fail, then its state, what it asks, and its output: the pure
 * steps, without mocks, in microseconds.
 */

import type { AnyStateMachine } from 'xstate';
import type { Value } from '../../src/journal/format/value.ts';
import { loadMachine, type Machine, type MachineEvent, type Stepped } from '../../src/statechart/machine.ts';
import { stateText } from '../../src/statechart/turn.ts';

export interface Scenario {
  /** `asking.head`, as records tell it. */
  readonly state: string;
  readonly stepped: Stepped;
  /** Asked by the last step, by the invoke's id. */
  readonly asked: Readonly<Record<string, { readonly name: string; readonly input: Value }>>;
  /** Ids of all that is waited for. */
  readonly open: readonly string[];
  /** `null` while it goes on. */
  readonly output: Value;
  /** One result after another; throws where nobody waits for one. */
  when(...events: readonly MachineEvent[]): Scenario;
}

export function answered(id: string, output: unknown = null): MachineEvent {
  return { kind: 'done', id, output: output as Value };
}

export function failed(id: string, failure: unknown): MachineEvent {
  return { kind: 'failed', id, failure: failure as Value };
}

const loaded = new WeakMap<AnyStateMachine, Machine>();

export function given(machine: AnyStateMachine, input: unknown): Scenario {
  const pure = loaded.get(machine) ?? loadMachine(machine);
  loaded.set(machine, pure);
  return scenario(pure, pure.start(input as Value));
}

function scenario(machine: Machine, stepped: Stepped): Scenario {
  return {
    state: stateText(stepped.state.value),
    stepped,
    asked: Object.fromEntries(stepped.requests.map(({ id, name, input }) => [id, { name, input }])),
    open: [...stepped.invoking],
    output: stepped.state.output,
    when(...events) {
      let now = stepped;
      for (const event of events) {
        if (!now.invoking.has(event.id)) throw new Error(`${machine.name} in ${stateText(now.state.value)} does not wait for ${event.id}`);
        now = machine.step(now.state, event);
      }
      return scenario(machine, now);
    },
  };
}
