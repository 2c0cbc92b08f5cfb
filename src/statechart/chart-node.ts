/**
 * What is read of an XState machine's definition: its state nodes and arrows as `createMachine` resolves them. What of
 * XState 5 is leaned on is here, in chart-check.ts and machine.ts, and nowhere else.
 */

export interface Arrow {
  readonly source: ChartNode;
  /** `undefined` for one that only acts. */
  readonly target: readonly ChartNode[] | undefined;
  readonly actions: readonly unknown[];
  readonly guard?: unknown;
  readonly reenter: boolean;
}

export interface Invoke {
  readonly id: string;
  readonly src: string;
  readonly input?: unknown;
  readonly systemId?: string | undefined;
}

export interface ChartNode {
  readonly id: string;
  readonly key: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly parent: ChartNode | undefined;
  /** Place in the document: a parent before its children, those in the order they are written in. */
  readonly order: number;
  readonly states: Readonly<Record<string, ChartNode>>;
  readonly initial: { readonly target: readonly ChartNode[] };
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
  readonly invoke: readonly Invoke[];
  /** By the event that they are for. */
  readonly transitions: ReadonlyMap<string, readonly Arrow[]>;
  readonly always?: readonly Arrow[];
  readonly output?: unknown;
  readonly config: Readonly<Record<string, unknown>>;
}

export function childrenOf(node: ChartNode): readonly ChartNode[] {
  return Object.values(node.states);
}

/** From the parent upwards, `until` left out; none of a node until itself. */
export function ancestorsOf(node: ChartNode, until?: ChartNode): readonly ChartNode[] {
  const ancestors: ChartNode[] = [];
  if (node === until) return ancestors;
  for (let above = node.parent; above !== undefined && above !== until; above = above.parent) ancestors.push(above);
  return ancestors;
}

/** Strictly: no node is below itself. */
export function isBelow(node: ChartNode, above: ChartNode): boolean {
  return ancestorsOf(node).includes(above);
}

export function inOrder(nodes: Iterable<ChartNode>): readonly ChartNode[] {
  return [...nodes].sort((a, b) => a.order - b.order);
}
