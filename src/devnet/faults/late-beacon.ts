/** `late-beacon` and `missing-beacon`: the entry of an epoch as seen from a node whose drand relay lags or is gone. */

import type { Node } from '../../ports/node.ts';
import { beginOf, delayMs, type FaultContext, strike } from './plan.ts';
import { timedOut } from './port-failure.ts';

const DAY_MS = 86_400_000;

/** An epoch's entry comes so much later than its miners first ask for it. */
export function lateBeacon(node: Node, context: FaultContext): Node {
  const { plan, network, clock } = context;
  return {
    ...node,
    async beaconEntry(epoch, signal) {
      const random = strike(plan, 'late-beacon', epoch);
      if (random !== null) await clock.until(beginOf(context, epoch - 1) + network.propagationDelaySecs * 1000 + delayMs(context, random, 0.1, 1.4), signal);
      return node.beaconEntry(epoch, signal);
    },
  };
}

/** The call hangs, as Lotus' does (state.go:1996-2023: it waits for the round). */
export function missingBeacon(node: Node, { plan, clock }: FaultContext): Node {
  return {
    ...node,
    async beaconEntry(epoch, signal) {
      if (strike(plan, 'missing-beacon', epoch) === null) return node.beaconEntry(epoch, signal);
      await clock.until(clock.now() + DAY_MS, signal);
      throw timedOut('StateGetBeaconEntry', DAY_MS);
    },
  };
}
