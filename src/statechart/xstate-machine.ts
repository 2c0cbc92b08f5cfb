/**
 * The second make of {@link Machine}: XState steps the chart itself. Slow, and sure: what our own walk (machine.ts) is
 * held against, and what `replay --engine xstate` folds a journal with. Its `transition` is pure only as it is used
 * here: one scope for all steps, actors that do nothing, no children kept, an end to microsteps (docs/architecture.md 3
 * «XState»).
 */

import { type AnyActorRef, type AnyMachineSnapshot, type AnyStateMachine, createEmptyActor } from 'xstate';
import type { Value } from '../journal/format/value.ts';
import { checkChart, noRest, refused, unheard } from './chart-check.ts';
import type { ChartNode } from './chart-node.ts';
import { isMachine, type Machine, type MachineEvent, type MachineState, MICROSTEPS_MAX, type Request, type Stepped } from './machine.ts';

const NOTHING = { status: 'active', output: undefined, error: undefined } as const;
/**
 * Stands for every actor that a chart invokes: XState makes one at each spawn, and of a child machine it would run the
 * context factory twice.
 */
const INERT = { transition: () => NOTHING, getInitialSnapshot: () => NOTHING, getPersistedSnapshot: () => NOTHING };

interface Spawned {
  readonly id: string;
  readonly src: unknown;
  readonly input: unknown;
}

/** Loads a machine and its children; refuses what `loadMachine` does, and throws what its machines do. */
export function loadXStateMachine(machine: AnyStateMachine): Machine {
  const children = new Map<string, Machine>();
  const effects = new Set<string>();
  for (const [src, logic] of Object.entries(machine.implementations.actors)) {
    if (isMachine(logic)) children.set(src, loadXStateMachine(logic));
    else effects.add(src);
  }
  checkChart(machine, machine.root as unknown as ChartNode, new Set([...children.keys(), ...effects]));
  const inert = machine.provide({ actors: Object.fromEntries(Object.keys(machine.implementations.actors).map((src) => [src, INERT])) } as never);
  inert.options = { ...inert.options, maxIterations: MICROSTEPS_MAX };
  let spawned: Spawned[] = [];
  const scope = scopeOf(createEmptyActor(), (type, params) => collect(machine.id, spawned, type, params)) as never;
  /** What XState makes of a state, while that very state lives; without its children, as after a restore. */
  const held = new WeakMap<MachineState, object>();
  const run = (act: (scope: never) => AnyMachineSnapshot, event?: MachineEvent): Stepped => {
    spawned = [];
    const snapshot = settled(machine.id, () => act(scope), event);
    const strange = Object.keys(snapshot.children).find((id) => !spawned.some((spawn) => spawn.id === id));
    if (strange !== undefined) throw refused(machine.id, `an assign that spawns ${strange}: invoke it`);
    const result = stepped(snapshot, spawned, (src) => (children.has(src) ? 'child' : 'effect'));
    held.set(result.state, { ...snapshot, children: {} });
    return result;
  };
  return {
    name: machine.id,
    children,
    effects,
    start: (input) => run((scope) => inert.getInitialSnapshot(scope, input as never) as AnyMachineSnapshot),
    step: (state, event) =>
      run((scope) => {
        const snapshot = held.get(state) ?? inert.resolveState({ value: state.value, context: state.context, status: state.status } as never);
        return inert.transition(snapshot as never, xstateEvent(event) as never, scope) as AnyMachineSnapshot;
      }, event),
  };
}

function xstateEvent(event: MachineEvent): object {
  const { kind, id } = event;
  return kind === 'done'
    ? { type: `xstate.done.actor.${id}`, output: event.output, actorId: id }
    : { type: `xstate.error.actor.${id}`, error: event.failure, actorId: id };
}

function scopeOf(self: AnyActorRef, execute: (type: string, params: unknown) => void) {
  return {
    self,
    system: self.system,
    id: self.id,
    sessionId: 'pure',
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    actionExecutor: (action: { readonly type: string; readonly params: unknown }) => execute(action.type, action.params),
  };
}

/** Keeps a spawn, passes over a stop (what leaves the set of invokes is void anyway), refuses the rest. */
function collect(machine: string, spawned: Spawned[], type: string, params: unknown): void {
  if (type === 'xstate.spawnChild') spawned.push(params as Spawned);
  else if (type !== 'xstate.stopChild') throw refused(machine, `the action ${type}: a step only assigns and invokes`);
}

/** What a step came to. What it throws, or XState keeps as a state of error, is thrown as our own walk would. */
function settled(machine: string, act: () => AnyMachineSnapshot, event: MachineEvent | undefined): AnyMachineSnapshot {
  let snapshot: AnyMachineSnapshot;
  try {
    snapshot = act();
  } catch (error) {
    throw ownError(machine, error);
  }
  if (snapshot.status !== 'error') return snapshot;
  throw event?.kind === 'failed' ? unheard(machine, event.id, event.failure) : ownError(machine, snapshot.error);
}

/** A guard's error without the place that XState puts before it. */
function ownError(machine: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.message.startsWith('Infinite loop detected')) return noRest(machine, MICROSTEPS_MAX);
  const guarded = /^Unable to evaluate guard .*:\n/.exec(error.message);
  return guarded === null ? error : new Error(error.message.slice(guarded[0].length), { cause: error });
}

function stepped(snapshot: AnyMachineSnapshot, spawned: readonly Spawned[], kindOf: (src: string) => Request['kind']): Stepped {
  const invoking = new Set<string>();
  if (snapshot.status === 'active') for (const node of snapshot._nodes) for (const { id } of node.invoke) invoking.add(id);
  const latest = new Map(spawned.map((spawn) => [spawn.id, spawn]));
  const requests = [...latest.values()].filter(({ id }) => invoking.has(id));
  return {
    state: {
      status: snapshot.status as MachineState['status'],
      value: snapshot.value as Value,
      context: snapshot.context as Value,
      output: (snapshot.output ?? null) as Value,
    },
    requests: requests.map(({ id, src, input }) => ({ id, kind: kindOf(String(src)), name: String(src), input: (input ?? null) as Value })),
    invoking,
    entered: new Set(latest.keys()),
  };
}
