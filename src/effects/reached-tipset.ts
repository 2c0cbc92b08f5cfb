/** What stands at a height, of a node that knows: one that lags, or was away, has not heard of it yet. */

import type { Epoch } from '../chain/epoch.ts';
import type { Tipset } from '../chain/tipset.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { PortError } from '../errors/port-error.ts';
import type { Node } from '../ports/node.ts';
import { checkOfNetwork } from './answers/of-network.ts';

export interface TipsetAsked {
  readonly height: Epoch;
  /** The node's own head must be at least there. */
  readonly reached?: Epoch | undefined;
}

/**
 * The last tipset of at most the height. A lower one is a null round only where the head has come to the height, and
 * one that was looked up before says nothing of that. Rejects with `NODE_BEHIND`, to be asked again, with
 * `PORT_ANSWER`, and as the node does.
 */
export async function reachedTipset(node: Pick<Node, 'head' | 'tipsetAt'>, network: NetworkParams, asked: TipsetAsked, signal: AbortSignal): Promise<Tipset> {
  const { height } = asked;
  const tipset = await found(node, asked, signal);
  checkOfNetwork(network, tipset);
  if (tipset.height <= height) return tipset;
  throw new PortError('PORT_ANSWER', `node.tipsetAt: expected a height of at most ${height}, got ${tipset.height}`, { retryable: false });
}

async function found(node: Pick<Node, 'head' | 'tipsetAt'>, { height, reached }: TipsetAsked, signal: AbortSignal): Promise<Tipset> {
  if (reached === undefined) {
    const tipset = await node.tipsetAt(height, signal);
    if (tipset.height >= height) return tipset;
  }
  const head = await node.head(signal);
  if (head.height >= (reached ?? height)) return node.tipsetAt(height, signal);
  const said = `the node's head is at ${head.height}: it does not know yet what stands at ${height}${reached === undefined ? '' : ` once the chain is at ${reached}`}`;
  throw new PortError('NODE_BEHIND', said, { retryable: true });
}
