/** `lost-submit`: the first tries to submit a block of an epoch end without an answer; the node heard some of them. */

import { formatAddress } from '../../chain/address.ts';
import type { Node } from '../../ports/node.ts';
import { countingTries, delayMs, type FaultContext, pause, strike } from './plan.ts';
import { timedOut } from './port-failure.ts';

const TRIES_MAX = 3;

export function lostSubmit(node: Node, context: FaultContext): Node {
  const tries = countingTries();
  return {
    ...node,
    async submitBlock(block, signal) {
      const { height, miner } = block.header;
      const name = formatAddress(miner);
      const random = strike(context.plan, 'lost-submit', height, name);
      const lost = random === null ? 0 : 1 + random.below(TRIES_MAX);
      const isHeard = random?.chance(0.5) ?? true;
      if (random === null || tries(height, name) > lost) return node.submitBlock(block, signal);
      if (isHeard) await node.submitBlock(block, signal).catch(() => undefined);
      const ms = delayMs(context, random, 0.05, 0.3);
      await pause(context, ms, signal);
      throw timedOut('SyncSubmitBlock', ms);
    },
  };
}
