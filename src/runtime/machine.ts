/**
 * A machine as a pure function: state and event in, state and requests out. The only file that knows how XState does it
 * (architecture.md 3 «XState»; checked by test/runtime/machine.test.ts against the pinned version).
 */

import { type AnyActorRef, type AnyMachineSnapshot, type AnyStateMachine, createEmptyActor } from 'xstate';
import { MineOneError } from '../chain/error.ts';
import type { Value } from '../journal/value.ts';

/** A request that a step made: an effect for the world, or a child machine to start. */
export interface Request {
  /** The invoke's id: unique in its machine. */
  readonly id: string;
  readonly kind: 'effect' | 'child';
  /** Name of the effect, or of the child's machine. */
  readonly name: string;
  readonly input: Value;
}

/** What of a machine's state is kept and compared: plain data. */
export interface MachineState {
  readonly status: 'active' | 'done';
  readonly value: Value;
  readonly context: Value;
  readonly output: Value;
}

export interface Stepped {
  readonly state: MachineState;
  /** In order; those of an invoke that the same step left again are not among them. */
  readonly requests: readonly Request[];
  /** Ids of all invokes of the states it is in. */
  readonly invoking: ReadonlySet<string>;
  /** Ids that were entered anew by this step: what was asked under them before is void. */
  readonly entered: ReadonlySet<string>;
}

export type MachineEvent =
  | { readonly kind: 'done'; readonly id: string; readonly output: Value }
  | { readonly kind: 'failed'; readonly id: string; readonly failure: Value };

export interface Machine {
  readonly name: string;
  /** Child machines by the name they are requested by. */
  readonly children: ReadonlyMap<string, Machine>;
  readonly effects: ReadonlySet<string>;
  start(input: Value): Stepped;
  step(state: MachineState, event: MachineEvent): Stepped;
}

const MICROSTEPS_MAX = 1000;
const NOTHING = { status: 'active', output: undefined, error: undefined } as const;
/** Something to point at: never started, takes nothing. */
const INERT = { transition: () => NOTHING, getInitialSnapshot: () => NOTHING, getPersistedSnapshot: () => NOTHING };

interface Spawned {
  readonly id: string;
  readonly src: unknown;
  readonly input: unknown;
}

/** Loads a machine and its children; throws `MACHINE_REFUSED` naming what a pure step cannot carry. */
export function loadMachine(machine: AnyStateMachine): Machine {
  const children = new Map<string, Machine>();
  const effects = new Set<string>();
  for (const [src, logic] of Object.entries(machine.implementations.actors)) {
    if (isMachine(logic)) children.set(src, loadMachine(logic));
    else effects.add(src);
  }
  checkChart(machine, new Set([...children.keys(), ...effects]));
  const inert = machine.provide({ actors: Object.fromEntries(Object.keys(machine.implementations.actors).map((src) => [src, INERT])) } as never);
  inert.options = { ...inert.options, maxIterations: MICROSTEPS_MAX };
  const self = createEmptyActor();
  const scope = scopeOf(self, (type, params) => collect(machine.id, spawned, type, params)) as never;
  /** What XState makes of a state, while that very state lives; without its children, as after a restore. */
  const held = new WeakMap<MachineState, object>();
  let spawned: Spawned[] = [];
  const run = (act: (scope: never) => AnyMachineSnapshot): Stepped => {
    spawned = [];
    const snapshot = act(scope);
    const strange = Object.keys(snapshot.children).find((id) => !spawned.some((spawn) => spawn.id === id));
    if (strange !== undefined) throw refused(machine.id, `the actor ${strange}, which no invoke started`);
    const result = stepped(machine.id, snapshot, spawned, (src) => (children.has(src) ? 'child' : 'effect'));
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
      }),
  };
}

function xstateEvent(event: MachineEvent): { readonly type: string } {
  return event.kind === 'done'
    ? ({ type: `xstate.done.actor.${event.id}`, output: event.output, actorId: event.id } as { readonly type: string })
    : ({ type: `xstate.error.actor.${event.id}`, error: event.failure, actorId: event.id } as { readonly type: string });
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
  else if (type !== 'xstate.stopChild') throw refused(machine, `the action ${type}: a step only invokes`);
}

function stepped(machine: string, snapshot: AnyMachineSnapshot, spawned: readonly Spawned[], kindOf: (src: string) => Request['kind']): Stepped {
  if (snapshot.status === 'error')
    throw snapshot.error instanceof Error ? snapshot.error : refused(machine, `its state is an error: ${String(snapshot.error)}`);
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

function isMachine(logic: unknown): logic is AnyStateMachine {
  return typeof logic === 'object' && logic !== null && 'definition' in logic && 'root' in logic;
}

interface Acting {
  readonly actions: readonly unknown[];
}

/** Whatever a state does on its way in, out and onwards. */
function actionsOf(node: ChartNode): readonly unknown[] {
  const transitions = [...node.transitions.values(), node.always ?? []].flat();
  return [...node.entry, ...node.exit, ...transitions.flatMap(({ actions }) => actions), ...(node.type === 'compound' ? node.initial.actions : [])];
}

/** `xstate.assign`, `xstate.sendTo` …; `undefined` for a function of one's own. */
function kindOfAction(machine: AnyStateMachine, action: unknown): string | undefined {
  const named = typeof action === 'string' ? action : (action as { readonly type?: string }).type;
  const made = typeof action === 'function' ? action : machine.implementations.actions[named as string];
  return (made as { readonly type?: string } | undefined)?.type;
}

function nameOfAction(machine: AnyStateMachine, action: unknown): string {
  const named = typeof action === 'string' ? action : (action as { readonly type?: string }).type;
  return kindOfAction(machine, action) ?? named ?? 'without a name';
}

interface ChartNode {
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
  readonly transitions: ReadonlyMap<string, readonly Acting[]>;
  readonly always?: readonly Acting[];
  readonly initial: Acting;
  readonly id: string;
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly invoke: readonly { readonly id: string; readonly src: unknown; readonly systemId?: string | undefined }[];
  readonly states: Readonly<Record<string, ChartNode>>;
}

/** Refuses what does not survive a pure step, a restore or another version of XState. */
function checkChart(machine: AnyStateMachine, named: ReadonlySet<string>): void {
  const ids = new Set<string>();
  const visit = (node: ChartNode): void => {
    const deny = (what: string): never => {
      throw refused(machine.id, `${what} in the state ${node.id}`);
    };
    if (node.type === 'history') deny('a history state');
    if ('after' in node.config) deny('`after`: time is an effect, `alarm`');
    for (const action of actionsOf(node))
      if (kindOfAction(machine, action) !== 'xstate.assign') deny(`the action ${nameOfAction(machine, action)}: a step only assigns and invokes`);
    if (Object.keys((node.config['on'] ?? {}) as object).some((event) => event.includes('*'))) deny('a wildcard event');
    const always = [node.config['always'] ?? []].flat() as readonly unknown[];
    if (always.some((transition) => typeof transition !== 'object' || transition === null || !('target' in transition))) deny('an `always` without a target');
    const invokes = [node.config['invoke'] ?? []].flat() as readonly { readonly id?: string; readonly src?: unknown; readonly systemId?: string }[];
    for (const { id, src, systemId } of invokes) {
      if (id === undefined) deny('an invoke without an id');
      if (ids.has(id as string)) deny(`the invoke id ${id} for the second time`);
      ids.add(id as string);
      if (typeof src !== 'string' || !named.has(src)) deny(`the invoke ${id} of an actor without a name`);
      if (systemId !== undefined) deny(`a systemId of the invoke ${id}`);
    }
    for (const child of Object.values(node.states)) visit(child);
  };
  visit(machine.root as unknown as ChartNode);
}

function refused(machine: string, what: string): MineOneError {
  return new MineOneError('MACHINE_REFUSED', `machine ${machine}: ${what}`);
}
