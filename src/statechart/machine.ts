/**
 * A machine as a pure function: state and event in, state and requests out (docs/architecture.md 3 «XState»). The chart
 * is XState's, as `createMachine` understood it; walking it is done here, and
 * test/statechart/machine-oracle.slow.test.ts holds every step against XState's own.
 */

import type { AnyStateMachine } from 'xstate';
import type { Value } from '../journal/format/value.ts';
import { type Configuration, chartOf, type Passage } from './chart.ts';
import { checkChart, namedAs, noRest, refused, unheard } from './chart-check.ts';
import type { Act } from './chart-move.ts';
import type { Arrow, ChartNode, Invoke } from './chart-node.ts';

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
  readonly entered: Pick<ReadonlySet<string>, 'has' | 'keys'>;
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

/** A chart that takes more in one step loops without an end. */
export const MICROSTEPS_MAX = 1000;

/** What guards, actions and inputs are called with. */
interface ChartData {
  readonly context: Value;
  readonly event: ChartEvent;
}

type ChartEvent = { readonly type: string; readonly [key: string]: unknown };
type Rule = (held: object, params: unknown) => unknown;

/** A step in the making. */
interface Walk {
  at: Configuration;
  context: Value;
  event: ChartEvent;
  done: boolean;
  output: Value;
  readonly spawned: Map<string, Request>;
  /** Of states that were completed on the way. */
  readonly raised: ChartEvent[];
}

/** Loads a machine and its children; throws `MACHINE_REFUSED` naming what a pure step cannot carry. */
export function loadMachine(machine: AnyStateMachine): Machine {
  const children = new Map<string, Machine>();
  const effects = new Set<string>();
  for (const [src, logic] of Object.entries(machine.implementations.actors)) {
    if (isMachine(logic)) children.set(src, loadMachine(logic));
    else effects.add(src);
  }
  const root = machine.root as unknown as ChartNode;
  checkChart(machine, root, new Set([...children.keys(), ...effects]));
  const chart = chartOf(machine.id, root);
  const rules = rulesOf(machine, (src) => (children.has(src) ? 'child' : 'effect'));
  /** Where a state stands on the chart, while that very state lives. */
  const held = new WeakMap<MachineState, Configuration>();
  const stepped = (walk: Walk): Stepped => {
    settle(rules, walk);
    const state = { status: walk.done ? ('done' as const) : ('active' as const), value: walk.at.value, context: walk.context, output: walk.output };
    held.set(state, walk.at);
    const invoking = walk.done ? NOBODY : walk.at.invoking;
    return { state, requests: requestsOf(walk, invoking), invoking, entered: walk.spawned };
  };
  return {
    name: machine.id,
    children,
    effects,
    start(input) {
      const walk = walkFrom(chart.begin.to, contextOf(machine, input), { type: 'xstate.init', input });
      pass(rules, walk, chart.begin);
      return stepped(walk);
    },
    step(state, event) {
      const walk = walkFrom(held.get(state) ?? chart.at(state.value), state.context, chartEvent(event));
      const arrow = firstOpen(rules, walk, walk.at.arrows(walk.event.type));
      if (arrow !== undefined) pass(rules, walk, walk.at.move(arrow));
      else if (event.kind === 'failed') throw unheard(machine.id, event.id, event.failure);
      return stepped(walk);
    },
  };
}

const NOBODY: ReadonlySet<string> = new Set();

function requestsOf({ spawned }: Walk, invoking: ReadonlySet<string>): readonly Request[] {
  const requests: Request[] = [];
  for (const [id, request] of spawned) if (invoking.has(id)) requests.push(request);
  return requests;
}

function walkFrom(at: Configuration, context: Value, event: ChartEvent): Walk {
  return { at, context, event, done: false, output: null, spawned: new Map(), raised: [] };
}

function chartEvent(event: MachineEvent): ChartEvent {
  const { done, failed } = eventNames(event.id);
  return event.kind === 'done' ? { type: done, output: event.output, actorId: event.id } : { type: failed, error: event.failure, actorId: event.id };
}

interface EventNames {
  readonly done: string;
  readonly failed: string;
}

/** Of the ids that charts have, which are few; a name that is put together anew is hashed anew. */
const namesById = new Map<string, EventNames>();

function eventNames(id: string): EventNames {
  const known = namesById.get(id);
  if (known !== undefined) return known;
  const names = { done: `xstate.done.actor.${id}`, failed: `xstate.error.actor.${id}` };
  if (namesById.size < NAMES_MAX) namesById.set(id, names);
  return names;
}

const NAMES_MAX = 1024;

function contextOf({ id, config }: AnyStateMachine, input: Value): Value {
  const context: unknown = config.context ?? {};
  return (typeof context === 'function' ? context({ input, spawn: noSpawn(id) }) : context) as Value;
}

/** Until no arrow is open that waits for no event. */
function settle(rules: Rules, walk: Walk): void {
  for (let microsteps = 0; !walk.done; ) {
    if (++microsteps > MICROSTEPS_MAX) throw noRest(rules.machine, MICROSTEPS_MAX);
    let arrow = firstOpen(rules, walk, walk.at.always);
    if (arrow === undefined) {
      const next = walk.raised.shift();
      if (next === undefined) return;
      walk.event = next;
      arrow = firstOpen(rules, walk, walk.at.arrows(next.type));
    }
    if (arrow !== undefined) pass(rules, walk, walk.at.move(arrow));
  }
}

function firstOpen(rules: Rules, walk: Walk, arrows: readonly Arrow[]): Arrow | undefined {
  return arrows.find(({ guard }) => guard === undefined || Boolean(rules.guard(guard, walk)));
}

function pass(rules: Rules, walk: Walk, { acts, to, done }: Passage): void {
  for (const act of acts) perform(rules, walk, act);
  walk.at = to;
  walk.done = done;
}

function perform(rules: Rules, walk: Walk, act: Act): void {
  if (act.kind === 'assign') walk.context = { ...(walk.context as object), ...(rules.assign(act.action, walk) as object) } as Value;
  else if (act.kind === 'spawn') walk.spawned.set(act.invoke.id, rules.request(act.invoke, walk));
  else if (act.kind === 'raise') walk.raised.push({ type: act.type, output: resolved(act.output, walk) });
  else walk.output = rules.output(act.completed, walk);
}

/** What a chart's names stand for. */
interface Rules {
  readonly machine: string;
  guard(reference: unknown, held: ChartData): unknown;
  /** What of the context changes. */
  assign(reference: unknown, held: ChartData): unknown;
  request(invoke: Invoke, held: ChartData): Request;
  output(completed: ChartNode, held: ChartData): Value;
}

function rulesOf({ id: machine, implementations, root }: AnyStateMachine, kindOf: (src: string) => Request['kind']): Rules {
  const spawn = noSpawn(machine);
  return {
    machine,
    guard(reference, { context, event }) {
      const rule = typeof reference === 'function' ? reference : implementations.guards[namedAs(reference)];
      return (rule as unknown as Rule)({ context, event }, paramsOf(reference, { context, event }));
    },
    assign(reference, { context, event }) {
      const action = typeof reference === 'function' ? reference : implementations.actions[namedAs(reference)];
      const { assignment } = action as unknown as { readonly assignment: Rule | Readonly<Record<string, unknown>> };
      const params = paramsOf(reference, { context, event });
      const given = { context, event, spawn };
      if (typeof assignment === 'function') return assignment(given, params);
      const update: Record<string, unknown> = {};
      for (const key of Object.keys(assignment)) {
        const value = assignment[key];
        update[key] = typeof value === 'function' ? value(given, params) : value;
      }
      return update;
    },
    request: ({ id, src, input }, held) => ({ id, kind: kindOf(src), name: src, input: (resolved(input, held) ?? null) as Value }),
    output(completed, { context, event }) {
      const done = {
        type: `xstate.done.state.${completed.id}`,
        output: completed.parent === undefined ? undefined : resolved(completed.output, { context, event }),
      };
      return (resolved(root.output, { context, event: done }) ?? null) as Value;
    },
  };
}

/** Params of a guard or an action, as its reference in the chart gives them. */
function paramsOf(reference: unknown, held: ChartData): unknown {
  return typeof reference === 'object' && reference !== null ? resolved((reference as { readonly params?: unknown }).params, held) : undefined;
}

function resolved(given: unknown, { context, event }: ChartData): unknown {
  return typeof given === 'function' ? given({ context, event }) : given;
}

/** The one thing an assign could do that is neither pure nor seen. */
function noSpawn(machine: string): (src: unknown) => never {
  return (src) => {
    throw refused(machine, `an assign that spawns ${typeof src === 'string' ? src : 'an actor'}: invoke it`);
  };
}

export function isMachine(logic: unknown): logic is AnyStateMachine {
  return typeof logic === 'object' && logic !== null && 'definition' in logic && 'root' in logic;
}
