/**
 * `slow-head`, `slow-create`, `slow-select` and `slow-prove`: the right answer, after a third of a block delay or one
 * and a half, so that some of them come in time.
 */

import { formatAddress } from '../../chain/address.ts';
import type { Node } from '../../ports/node.ts';
import type { Prover } from '../../ports/prover.ts';
import type { SeededRandom } from '../setting/seed.ts';
import { delayMs, epochAhead, type FaultContext, pause, strike } from './plan.ts';

const [LEAST, MOST] = [0.3, 1.5];

export function slowHead(node: Node, context: FaultContext): Node {
  return {
    ...node,
    async head(signal) {
      await linger(context, strike(context.plan, 'slow-head', epochAhead(context)), signal);
      return node.head(signal);
    },
  };
}

export function slowCreate(node: Node, context: FaultContext): Node {
  return {
    ...node,
    async createBlock(template, signal) {
      await linger(context, strike(context.plan, 'slow-create', template.epoch, formatAddress(template.miner)), signal);
      return node.createBlock(template, signal);
    },
  };
}

export function slowSelect(node: Node, context: FaultContext): Node {
  return {
    ...node,
    async selectMessages(base, quality, signal) {
      await linger(context, strike(context.plan, 'slow-select', epochAhead(context), String(quality)), signal);
      return node.selectMessages(base, quality, signal);
    },
  };
}

export function slowProve(prover: Prover, context: FaultContext): Prover {
  return {
    async winningPost(request, signal) {
      await linger(context, strike(context.plan, 'slow-prove', request.epoch, formatAddress(request.miner)), signal);
      return prover.winningPost(request, signal);
    },
  };
}

async function linger(context: FaultContext, random: SeededRandom | null, signal: AbortSignal): Promise<void> {
  if (random !== null) await pause(context, delayMs(context, random, LEAST, MOST), signal);
}
