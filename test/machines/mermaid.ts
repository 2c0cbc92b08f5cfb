/** A machine as a Mermaid state diagram, drawn from its definition alone. */

import type { AnyStateMachine, AnyStateNode } from 'xstate';

interface Drawn {
  readonly eventType: string;
  readonly guard?: unknown;
  readonly target?: readonly AnyStateNode[] | undefined;
}

/** Guards and actions by their names; an invoke's end is told by the invoke's id. */
export function mermaid(machine: AnyStateMachine): string {
  return ['```mermaid', 'stateDiagram-v2', ...inside(machine.root, '  '), '```'].join('\n');
}

function inside(node: AnyStateNode, indent: string): readonly string[] {
  const children = Object.values(node.states) as readonly AnyStateNode[];
  if (node.type === 'parallel') return children.flatMap((child, i) => [...(i > 0 ? [`${indent}--`] : []), ...box(child, indent)]);
  const first = node.initial?.target?.map((target) => `${indent}[*] --> ${idOf(target as AnyStateNode)}`) ?? [];
  return [...first, ...children.flatMap((child) => [...box(child, indent), ...arrows(child, indent)])];
}

function box(node: AnyStateNode, indent: string): readonly string[] {
  const asks = node.invoke.map(({ id, src }) => (id === src ? id : `${id} (${String(src)})`));
  const name = `${indent}state "${[node.key, ...asks].join('<br>')}" as ${idOf(node)}`;
  if (Object.keys(node.states).length === 0) return [name];
  return [`${name} {`, ...inside(node, `${indent}  `), `${indent}}`];
}

function arrows(node: AnyStateNode, indent: string): readonly string[] {
  if (node.type === 'final') return [`${indent}${idOf(node)} --> [*]`];
  const own = drawnFrom(node).filter(({ target }) => !leaves(regionOf(node), target));
  // Mermaid draws no arrow out of a region from within: what leaves it is told by the state that holds it.
  const leaving = node.type === 'parallel' ? descendants(node).flatMap((inner) => drawnFrom(inner).filter(({ target }) => leaves(node, target))) : [];
  return [...own, ...leaving].flatMap((drawn) => (drawn.target ?? [node]).map((target) => `${indent}${idOf(node)} --> ${idOf(target)}: ${labelOf(drawn)}`));
}

function drawnFrom(node: AnyStateNode): readonly Drawn[] {
  return [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
}

/** Every state of a machine, its root first. */
export function statesOf(machine: AnyStateMachine): readonly AnyStateNode[] {
  return [machine.root, ...descendants(machine.root)];
}

function descendants(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(node.states).flatMap((child) => [child as AnyStateNode, ...descendants(child as AnyStateNode)]);
}

/** The parallel state that holds it. */
function regionOf(node: AnyStateNode): AnyStateNode | undefined {
  return node.parent === undefined || node.parent.type === 'parallel' ? node.parent : regionOf(node.parent);
}

function leaves(region: AnyStateNode | undefined, target: Drawn['target']): boolean {
  return region !== undefined && target !== undefined && !target.some(({ id }) => id.startsWith(`${region.id}.`));
}

function labelOf({ eventType, guard }: Drawn): string {
  const end = /^xstate\.(done|error)\.actor\.(.*)$/.exec(eventType);
  const event = end === null ? (eventType.startsWith('xstate.done.state') ? 'both done' : 'at once') : `${end[2]}${end[1] === 'done' ? '' : ' failed'}`;
  const name = typeof guard === 'string' ? guard : (guard as { readonly type?: string } | undefined)?.type;
  return name === undefined ? event : `${event} [${name}]`;
}

function idOf(node: AnyStateNode): string {
  return node.path.join('_');
}
