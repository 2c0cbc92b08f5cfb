/** A miner's ports with the planned faults around them. */

import type { Clock } from '../../ports/clock.ts';
import type { Node } from '../../ports/node.ts';
import type { Prover } from '../../ports/prover.ts';
import { skewedClock } from './clock-skew.ts';
import { droppedSubscription } from './dropped-subscription.ts';
import { failingCall, failingProve } from './failing.ts';
import { checkFault, type FaultName } from './fault.ts';
import { lateBeacon, missingBeacon } from './late-beacon.ts';
import { lostSubmit } from './lost-submit.ts';
import { type FaultContext, isPlanned } from './plan.ts';
import { slowCreate, slowHead, slowProve, slowSelect } from './slow.ts';

export interface FaultyPorts {
  readonly node: Node;
  readonly prover: Prover;
  readonly clock: Clock;
}

/** In the order of calls: a slow call may fail after it was slow. */
const AROUND_NODE: readonly (readonly [FaultName, (node: Node, context: FaultContext) => Node])[] = [
  ['lost-submit', lostSubmit],
  ['failing-call', failingCall],
  ['slow-head', slowHead],
  ['slow-create', slowCreate],
  ['slow-select', slowSelect],
  ['late-beacon', lateBeacon],
  ['missing-beacon', missingBeacon],
  ['dropped-subscription', droppedSubscription],
];

/**
 * `clock` of the context is the world's: by it the faults wait, and the clock that comes back is the miner's own. See
 * world.ts for the faults that are no port's.
 */
export function withFaults({ node, prover }: Pick<FaultyPorts, 'node' | 'prover'>, context: FaultContext): FaultyPorts {
  const { plan } = context;
  for (const { name, rate } of plan.faults) checkFault(name, rate);
  let [faultyNode, faultyProver] = [node, prover];
  for (const [name, around] of AROUND_NODE) if (isPlanned(plan, name)) faultyNode = around(faultyNode, context);
  if (isPlanned(plan, 'failing-prove')) faultyProver = failingProve(faultyProver, context);
  if (isPlanned(plan, 'slow-prove')) faultyProver = slowProve(faultyProver, context);
  return { node: faultyNode, prover: faultyProver, clock: skewedClock(context.clock, context) };
}
