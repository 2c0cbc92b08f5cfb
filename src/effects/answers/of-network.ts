/** Whether a tipset is one of this network, by its time. */

import { epochTimestamp } from '../../chain/epoch.ts';
import type { Tipset } from '../../chain/tipset.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import { PortError } from '../../errors/port-error.ts';

/**
 * A node of another network, or a tipset that is made up: the time of a block is its height's. Throws `PORT_ANSWER`.
 */
export function checkOfNetwork(network: Pick<NetworkParams, 'name' | 'genesisTimestamp' | 'blockDelaySecs'>, { height, blocks }: Tipset): void {
  const expected = epochTimestamp(network, height);
  const other = blocks.find(({ timestamp }) => timestamp !== expected);
  if (other === undefined) return;
  const message = `the node's tipset of height ${height} is of time ${other.timestamp}, which on ${network.name} is ${expected}; is it a node of this network?`;
  throw new PortError('PORT_ANSWER', message, { retryable: false });
}
