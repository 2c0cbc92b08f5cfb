/**
 * A node that hangs on a block: never answers, until whoever asked has given up; or answers very late, whether or not
 * anybody still waits. It heard some of them.
 */

import { formatAddress } from '../../../src/chain/address.ts';
import { blockCid } from '../../../src/chain/block-header.ts';
import type { BlockMessage } from '../../../src/chain/block-message.ts';
import { LOST_MS } from '../../../src/effects/answers/hanging-calls.ts';
import type { Node } from '../../../src/ports/node.ts';
import { beginOf, laterBy, mayStrike, nobody, type Trouble } from './trouble.ts';

/**
 * `rate`: share of the submissions; `tell` hears of a block that is sent while an earlier call with it has not ended,
 * and is not lost.
 */
export function hangingSubmit(node: Node, trouble: Trouble, rate: number, tell: (what: string) => void): Node {
  const { random, clock } = trouble;
  /** By name: when the last call was given up. */
  const underWay = new Map<string, { givenUpAt: number }>();

  /** Whoever gives up cuts it off; one that answers very late does not hear of that. */
  async function hang(block: BlockMessage, signal: AbortSignal): Promise<void> {
    const [answers, isHeard] = [random.chance(0.5), random.chance(0.5)];
    if (isHeard) await node.submitBlock(block, signal).catch(() => undefined);
    const at = answers ? laterBy(trouble, 0.5, 4) : beginOf(trouble, trouble.to + 1);
    await clock.until(at, signal).catch((why: unknown) => {
      if (!answers) throw why;
      return clock.until(at, nobody());
    });
    await node.submitBlock(block, nobody());
  }

  return {
    ...node,
    async submitBlock(block, signal) {
      const name = `${formatAddress(block.header.miner)}'s ${blockCid(block.header)} of ${block.header.height}`;
      const before = underWay.get(name);
      if (before !== undefined && clock.now() - before.givenUpAt < LOST_MS) tell(`${name} is sent again while a call with it is under way`);
      const call = { givenUpAt: Number.POSITIVE_INFINITY };
      underWay.set(name, call);
      signal.addEventListener('abort', () => {
        call.givenUpAt = clock.now();
      });
      try {
        if (mayStrike(trouble) && random.chance(rate)) await hang(block, signal);
        else await node.submitBlock(block, signal);
      } finally {
        if (underWay.get(name) === call) underWay.delete(name);
      }
    },
  };
}
