/**
 * What an arrow does to a chart that is in certain states: what is left, done and entered, in the order of SCXML's
 * algorithm (w3.org/TR/scxml, appendix D), which XState keeps too.
 */

import { type Arrow, ancestorsOf, type ChartNode, childrenOf, type Invoke, inOrder, isBelow } from './chart-node.ts';

/** One thing done on the way; the context changes only with `assign`. */
export type Act =
  | { readonly kind: 'assign'; readonly action: unknown }
  | { readonly kind: 'spawn'; readonly invoke: Invoke }
  /** A state is complete: its own arrow follows, with the final state's output. */
  | { readonly kind: 'raise'; readonly type: string; readonly output: unknown }
  /** The machine is done. */
  | { readonly kind: 'end'; readonly completed: ChartNode };

export interface Move {
  readonly acts: readonly Act[];
  /** All active nodes after it, in order. */
  readonly nodes: readonly ChartNode[];
  readonly done: boolean;
}

/** From no states at all, along {@link startOf}: the machine begins. */
export function moveOf(root: ChartNode, from: readonly ChartNode[], arrow: Arrow): Move {
  const isStart = from.length === 0;
  const domain = isStart ? undefined : domainOf(root, arrow);
  const left = isStart || arrow.target === undefined ? [] : from.filter((node) => domain === undefined || leaves(node, domain, arrow));
  const acts: Act[] = left.toReversed().flatMap(({ exit }) => assigns(exit));
  acts.push(...assigns(arrow.actions));
  const active = new Set(from.filter((node) => !left.includes(node)));
  const done = enter(inOrder(entryOf(arrow, domain)), active, acts);
  const nodes = inOrder(active);
  if (done) acts.push(...nodes.toReversed().flatMap(({ exit }) => assigns(exit)));
  return { acts, nodes, done };
}

/** The arrow by which a machine begins: to its first states, from nowhere. */
export function startOf(root: ChartNode): Arrow {
  return { source: root, target: [root], actions: [], reenter: true };
}

function assigns(actions: readonly unknown[]): Act[] {
  return actions.map((action) => ({ kind: 'assign', action }));
}

/** The node within which everything happens; `undefined` for the whole chart, its root too. */
function domainOf(root: ChartNode, { source, target = [], reenter }: Arrow): ChartNode | undefined {
  if (!reenter && target.every((node) => node === source || isBelow(node, source))) return source;
  const [first, ...rest] = [...target, source];
  const common = ancestorsOf(first as ChartNode).find((above) => rest.every((node) => isBelow(node, above)));
  return common ?? (reenter ? undefined : root);
}

function leaves(node: ChartNode, domain: ChartNode, { source, reenter }: Arrow): boolean {
  return isBelow(node, domain) || (reenter && source === domain && node === domain);
}

/** All nodes that an arrow enters. */
function entryOf(arrow: Arrow, domain: ChartNode | undefined): ReadonlySet<ChartNode> {
  const entering = new Set<ChartNode>();
  for (const node of arrow.target ?? []) {
    if (arrow.source !== node || arrow.source !== domain || arrow.reenter) entering.add(node);
    addBelow(entering, node);
  }
  const within = arrow.source.parent === undefined && arrow.reenter ? undefined : domain;
  for (const node of arrow.target ?? []) {
    const above = ancestorsOf(node, domain);
    for (const ancestor of domain?.type === 'parallel' ? [...above, domain] : above) addAncestor(entering, ancestor, within);
  }
  return entering;
}

function addBelow(entering: Set<ChartNode>, node: ChartNode): void {
  const below =
    node.type === 'compound' ? node.initial.target : node.type === 'parallel' ? childrenOf(node).filter((child) => !isEntered(entering, child)) : [];
  for (const child of below) {
    entering.add(child);
    addBelow(entering, child);
  }
}

function addAncestor(entering: Set<ChartNode>, ancestor: ChartNode, within: ChartNode | undefined): void {
  if (within === undefined || isBelow(ancestor, within)) entering.add(ancestor);
  if (ancestor.type !== 'parallel') return;
  for (const child of childrenOf(ancestor).filter((region) => !isEntered(entering, region))) {
    entering.add(child);
    addBelow(entering, child);
  }
}

function isEntered(entering: ReadonlySet<ChartNode>, region: ChartNode): boolean {
  return [...entering].some((node) => isBelow(node, region));
}

/** @returns whether the machine is done. */
function enter(entering: readonly ChartNode[], active: Set<ChartNode>, acts: Act[]): boolean {
  const completed = new Set<ChartNode>();
  let done = false;
  for (const node of entering) {
    active.add(node);
    acts.push(...assigns(node.entry), ...node.invoke.map((invoke): Act => ({ kind: 'spawn', invoke })));
    if (node.type === 'final') done = complete(node, active, completed, acts) || done;
  }
  return done;
}

/**
 * A final state completes its parent, and with that perhaps the parallel state above, and with the root the machine.
 */
function complete(node: ChartNode, active: ReadonlySet<ChartNode>, completed: Set<ChartNode>, acts: Act[]): boolean {
  const { parent } = node;
  if (parent?.type === 'compound') acts.push({ kind: 'raise', type: doneState(parent), output: node.output });
  let above = parent?.type === 'parallel' ? parent : parent?.parent;
  let last = above ?? node;
  while (above?.type === 'parallel' && !completed.has(above) && isComplete(above, active)) {
    completed.add(above);
    acts.push({ kind: 'raise', type: doneState(above), output: undefined });
    last = above;
    above = above.parent;
  }
  if (above !== undefined) return false;
  acts.push({ kind: 'end', completed: last });
  return true;
}

function doneState({ id }: ChartNode): string {
  return `xstate.done.state.${id}`;
}

function isComplete(node: ChartNode, active: ReadonlySet<ChartNode>): boolean {
  if (node.type === 'compound') return childrenOf(node).some((child) => child.type === 'final' && active.has(child));
  return node.type === 'parallel' ? childrenOf(node).every((child) => isComplete(child, active)) : node.type === 'final';
}
