/**
 * The ports, the form of every answer looked at before anybody is given it: a wrong one is a failure `PORT_ANSWER` of
 * the call that it came back from, and of nothing else.
 */

import type { Clock } from '../../ports/clock.ts';
import type { Fence } from '../../ports/fence.ts';
import type { Node } from '../../ports/node.ts';
import type { Prover } from '../../ports/prover.ts';
import type { Signer } from '../../ports/signer.ts';
import { checkedClock } from './checked-clock.ts';
import { checkedFence } from './fence.ts';
import type { PortWatch } from './hanging-calls.ts';
import { checkedNode } from './node.ts';
import { checkedProver } from './prover.ts';
import { checkedSigner } from './signer.ts';

export interface AskedPorts {
  readonly clock: Clock;
  readonly node: Node;
  readonly signer: Signer;
  readonly prover: Prover;
  readonly fence: Fence;
}

/** `tell` hears of calls that hang: `PORT_HANGS`. */
export function checkedPorts({ clock: told, node, signer, prover, fence }: AskedPorts, tell: PortWatch['tell']): AskedPorts {
  const clock = checkedClock(told);
  const watch = { clock, tell };
  return {
    clock,
    node: checkedNode(node, watch),
    signer: checkedSigner(signer, watch),
    prover: checkedProver(prover, watch),
    fence: checkedFence(fence, watch),
  };
}
