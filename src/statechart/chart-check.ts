/**
 * What a chart may have. Refused is whatever does not survive a pure step, a restore, or another version of XState
 * (docs/architecture.md 3, «Refused when a machine is loaded»), and whatever no machine has and no random chart of the
 * tests holds against XState: that XState knows it does not mean that our walk does as XState would.
 */

import type { AnyStateMachine } from 'xstate';
import { MineOneError } from '../errors/mineone-error.ts';
import { type Arrow, ancestorsOf, type ChartNode, childrenOf } from './chart-node.ts';

/** Throws `MACHINE_REFUSED` naming what and where. `named` are the actors that it may invoke. */
export function checkChart(machine: AnyStateMachine, root: ChartNode, named: ReadonlySet<string>): void {
  const ids = new Set<string>();
  const visit = (node: ChartNode): void => {
    const deny = (what: string): never => {
      throw refused(machine.id, `${what} in the state ${node.id}`);
    };
    checkNode(node, deny);
    for (const action of actionsOf(node))
      if (kindOfAction(machine, action) !== 'xstate.assign') deny(`the action ${nameOfAction(machine, action)}: a step only assigns and invokes`);
    checkEvents(machine, node, deny);
    checkInvokes(node, ids, named, deny);
    checkAllKnown(node, deny);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
}

export function refused(machine: string, what: string): MineOneError {
  return new MineOneError('MACHINE_REFUSED', `machine ${machine}: ${what}`);
}

/** A loop that no guard ends. */
export function noRest(machine: string, microsteps: number): MineOneError {
  return refused(machine, `it comes to no rest in ${microsteps} microsteps`);
}

/** A failure that no state it is in has an arrow for. */
export function unheard(machine: string, id: string, failure: unknown): MineOneError {
  const { message } = (failure ?? {}) as { readonly message?: string };
  return new MineOneError('MACHINE_UNHEARD', `machine ${machine}: nothing takes the failure of ${id}: ${message ?? String(failure)}`);
}

type Deny = (what: string) => never;

/** What is read of a definition, and so all that may stand in one. */
const KNOWN = {
  root: new Set(['id', 'context', 'schemas', 'type', 'initial', 'states', 'entry', 'exit', 'invoke', 'always', 'onDone', 'output']),
  state: new Set(['type', 'initial', 'states', 'entry', 'exit', 'invoke', 'always', 'onDone', 'output']),
  invoke: new Set(['id', 'src', 'input', 'onDone', 'onError']),
  arrow: new Set(['target', 'actions', 'guard', 'reenter']),
};

function checkNode(node: ChartNode, deny: Deny): void {
  if (node.type === 'history') deny('a history state');
  if ('after' in node.config) deny('`after`: time is an effect, `alarm`');
  if (typeof node.config['initial'] === 'object') deny('an `initial` that is more than a name');
  for (const arrow of arrowsOf(node)) if ((arrow.target ?? []).length > 1) deny('an arrow to several states');
  checkAlways(node, deny);
}

/**
 * XState ends a loop of such arrows where a round changes nothing, which our walk would not see: it begins in a state
 * without others within and leads out of it.
 */
function checkAlways(node: ChartNode, deny: Deny): void {
  const always = [node.config['always'] ?? []].flat() as readonly unknown[];
  if (always.some((arrow) => typeof arrow !== 'object' || arrow === null || !('target' in arrow))) deny('an `always` without a target');
  if (always.length === 0) return;
  const above = ancestorsOf(node);
  if (above.some(({ type }) => type === 'parallel')) deny('an `always` below parallel states');
  if (childrenOf(node).length > 0) deny('an `always` of a state with others within');
  for (const { target = [] } of node.always ?? [])
    if (target.some((to) => to === node || above.includes(to))) deny('an `always` that leads back to its own state');
}

function checkKnown(what: string, found: object, known: ReadonlySet<string>, deny: Deny): void {
  const other = Object.keys(found).find((key) => !known.has(key));
  if (other !== undefined) deny(`\`${other}\` of ${what}: no step reads it`);
}

function checkAllKnown({ parent, config }: ChartNode, deny: Deny): void {
  const listed = (given: unknown): readonly object[] => [given ?? []].flat().filter((one) => typeof one === 'object' && one !== null);
  const invokes = listed(config['invoke']) as readonly Readonly<Record<string, unknown>>[];
  checkKnown('a state', config, parent === undefined ? KNOWN.root : KNOWN.state, deny);
  for (const invoke of invokes) checkKnown('an invoke', invoke, KNOWN.invoke, deny);
  const arrows = [config['always'], config['onDone'], ...invokes.flatMap(({ onDone, onError }) => [onDone, onError])].flatMap(listed);
  for (const arrow of arrows) checkKnown('an arrow', arrow, KNOWN.arrow, deny);
}

function checkEvents(machine: AnyStateMachine, node: ChartNode, deny: Deny): void {
  const events = Object.keys((node.config['on'] ?? {}) as object);
  if (events.some((event) => event.includes('*'))) deny('a wildcard event');
  if (events.length > 0) deny(`the event ${events[0]}: nothing comes in but the results of invokes`);
  for (const { guard } of arrowsOf(node)) {
    if (guard === undefined) continue;
    const name = nameOfGuard(guard);
    const rule = typeof guard === 'function' ? guard : machine.implementations.guards[name];
    if (typeof rule !== 'function' || 'check' in rule) deny(`the guard ${name}: a guard is a function that \`setup\` knows by name`);
  }
}

function checkInvokes({ config }: ChartNode, ids: Set<string>, named: ReadonlySet<string>, deny: Deny): void {
  for (const { id, src, systemId, onSnapshot } of [config['invoke'] ?? []].flat() as unknown as readonly Readonly<Record<string, unknown>>[]) {
    if (id === undefined) deny('an invoke without an id');
    if (ids.has(id as string)) deny(`the invoke id ${id} for the second time`);
    ids.add(id as string);
    if (typeof src !== 'string' || !named.has(src)) deny(`the invoke ${id} of an actor without a name`);
    if (systemId !== undefined) deny(`a systemId of the invoke ${id}`);
    if (onSnapshot !== undefined) deny(`an onSnapshot of the invoke ${id}`);
  }
}

function arrowsOf(node: ChartNode): readonly Arrow[] {
  return [...node.transitions.values(), node.always ?? []].flat();
}

/** Whatever a state does on its way in, out and onwards. */
function actionsOf(node: ChartNode): readonly unknown[] {
  return [...node.entry, ...node.exit, ...arrowsOf(node).flatMap(({ actions }) => actions)];
}

/** `xstate.assign`, `xstate.sendTo` …; `undefined` for a function of one's own. */
function kindOfAction(machine: AnyStateMachine, action: unknown): string | undefined {
  const made = typeof action === 'function' ? action : machine.implementations.actions[namedAs(action)];
  return (made as { readonly type?: string } | undefined)?.type;
}

function nameOfAction(machine: AnyStateMachine, action: unknown): string {
  return kindOfAction(machine, action) ?? namedAs(action) ?? 'without a name';
}

/** As it is referred to: by its name alone, or in an object with params. */
export function namedAs(reference: unknown): string {
  return (typeof reference === 'string' ? reference : (reference as { readonly type?: string }).type) as string;
}

function nameOfGuard(guard: unknown): string {
  return typeof guard === 'function' ? (guard.name === '' ? 'without a name' : guard.name) : namedAs(guard);
}
