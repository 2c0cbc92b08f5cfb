/**
 * A chart ready to be walked: the sets of states that it can be in, and for each what an arrow does there, worked out
 * once and kept. XState works the same out anew at every step, and makes an actor for every invoke, which a journal's
 * turn cannot use (measured: `npm run bench replay`).
 */

import { MineOneError } from '../errors/mineone-error.ts';
import type { Value } from '../journal/format/value.ts';
import { type Act, moveOf, startOf } from './chart-move.ts';
import { type Arrow, type ChartNode, childrenOf } from './chart-node.ts';

/** A set of states that are active together. */
export interface Configuration {
  readonly value: Value;
  /** Ids of the invokes of all of them. */
  readonly invoking: ReadonlySet<string>;
  /** Arrows for an event, in the order in which their guards are asked. */
  arrows(event: string): readonly Arrow[];
  /** Arrows without an event, likewise. */
  readonly always: readonly Arrow[];
  /** What an arrow does from here. */
  move(arrow: Arrow): Passage;
}

export interface Passage {
  readonly acts: readonly Act[];
  readonly to: Configuration;
  readonly done: boolean;
}

export interface Chart {
  readonly begin: Passage;
  /** The configuration with this value; throws `MACHINE_STATE` for one that the chart does not have. */
  at(value: Value): Configuration;
}

const NONE: readonly Arrow[] = [];

export function chartOf(machine: string, root: ChartNode): Chart {
  const known = new Map<string, Configuration>();
  const intern = (nodes: readonly ChartNode[]): Configuration => {
    const name = nodes.map(({ id }) => id).join('\n');
    const found = known.get(name) ?? configuration(root, nodes, passages);
    known.set(name, found);
    return found;
  };
  const passages = (from: readonly ChartNode[]): ((arrow: Arrow) => Passage) => {
    const kept = new Map<Arrow, Passage>();
    return (arrow) => {
      let passage = kept.get(arrow);
      if (passage === undefined) {
        const { acts, nodes, done } = moveOf(root, from, arrow);
        passage = { acts, to: intern(nodes), done };
        kept.set(arrow, passage);
      }
      return passage;
    };
  };
  return {
    begin: passages([])(startOf(root)),
    at: (value) => intern(nodesAt(machine, root, value)),
  };
}

function configuration(root: ChartNode, nodes: readonly ChartNode[], passages: (from: readonly ChartNode[]) => (arrow: Arrow) => Passage): Configuration {
  // An invoke's id and a state's are each one node's alone: no event has arrows of two of them.
  const byEvent = new Map(nodes.flatMap(({ transitions }) => [...transitions]));
  return {
    value: valueIn(root, new Set(nodes)),
    invoking: new Set(nodes.flatMap(({ invoke }) => invoke.map(({ id }) => id))),
    arrows: (event) => byEvent.get(event) ?? NONE,
    always: nodes.toReversed().flatMap(({ always = NONE }) => always),
    move: passages(nodes),
  };
}

/** `idle`, `{asking: 'head'}`, `{preparing: {ticket: 'drawing', proof: 'proving'}}`. */
function valueIn(node: ChartNode, active: ReadonlySet<ChartNode>): Value {
  const within = childrenOf(node).filter((child) => active.has(child));
  const [only] = within;
  if (node.type === 'compound' && only !== undefined && childrenOf(only).length === 0) return only.key;
  return Object.fromEntries(within.map((child) => [child.key, valueIn(child, active)]));
}

function nodesAt(machine: string, node: ChartNode, value: Value): readonly ChartNode[] {
  const inner = typeof value === 'string' ? { [value]: {} } : (value as { readonly [key: string]: Value });
  const below = Object.entries(inner).map(([key, rest]) => [node.states[key], rest] as const);
  const fits = node.type === 'compound' ? below.length === 1 : below.length === childrenOf(node).length;
  if (!fits || below.some(([child]) => child === undefined))
    throw new MineOneError('MACHINE_STATE', `machine ${machine} has no states ${JSON.stringify(value)} in ${node.id}; other code wrote them`);
  return [node, ...below.flatMap(([child, rest]) => nodesAt(machine, child as ChartNode, rest))];
}
