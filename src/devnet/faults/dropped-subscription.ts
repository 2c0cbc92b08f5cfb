/**
 * `dropped-subscription`: the channel over which the node tells of new heads is dead, and nobody was told of that:
 * heads are seen only by whoever asks. The miner asks three times an epoch and takes its base from an answer of that
 * moment, so this alone loses nothing: heads are seen late, and no record is another one.
 */

import type { Node } from '../../ports/node.ts';
import { epochAhead, type FaultContext, strike } from './plan.ts';

export function droppedSubscription(node: Node, context: FaultContext): Node {
  const { onHead } = node;
  if (onHead === undefined) return node;
  return { ...node, onHead: (listener) => onHead(() => strike(context.plan, 'dropped-subscription', epochAhead(context)) === null && listener()) };
}
