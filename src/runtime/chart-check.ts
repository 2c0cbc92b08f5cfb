/** What a chart may not have: whatever does not survive a pure step, a restore, or another version of XState (docs/architecture.md 3, «Refused when a machine is loaded»). */

import type { AnyStateMachine } from 'xstate';
import { MineOneError } from '../chain/error.ts';
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
    for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
}

export function refused(machine: string, what: string): MineOneError {
  return new MineOneError('MACHINE_REFUSED', `machine ${machine}: ${what}`);
}

type Deny = (what: string) => never;

function checkNode(node: ChartNode, deny: Deny): void {
  if (node.type === 'history') deny('a history state');
  if ('after' in node.config) deny('`after`: time is an effect, `alarm`');
  const always = [node.config['always'] ?? []].flat() as readonly unknown[];
  if (always.some((arrow) => typeof arrow !== 'object' || arrow === null || !('target' in arrow))) deny('an `always` without a target');
  if (always.length > 0 && ancestorsOf(node).some(({ type }) => type === 'parallel')) deny('an `always` below parallel states');
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
  return [...node.entry, ...node.exit, ...arrowsOf(node).flatMap(({ actions }) => actions), ...(node.type === 'compound' ? node.initial.actions : [])];
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
