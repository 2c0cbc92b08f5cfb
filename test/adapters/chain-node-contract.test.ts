/** A recorded chain as a node, halfway through it, against the contract of the port. */

import { chainNode } from '../../src/adapters/chain-node.ts';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { tableView } from '../../src/audit/chain/table-view.ts';
import { idAddress } from '../../src/chain/address.ts';
import { epochTimestamp } from '../../src/chain/epoch.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import { openDevnet } from '../audit/fixtures/devnet.ts';
import { type NodeRig, nodeContract } from '../contract/node-contract.ts';

const HEAD = 40;

nodeContract({ name: "recorded chain's", kind: 'read-only', tellsSince: true, tellsHeads: false, open: opened });

async function opened(): Promise<NodeRig> {
  const { judge, get, table } = await openDevnet();
  const [network, view] = [judge.params, tableView(get, table)];
  const clock = virtualClock(Number(epochTimestamp(network, HEAD)) * 1000);
  const tipsets: Tipset[] = [];
  for (let tipset = view.head; ; tipset = view.tipset(tipset.parents)) {
    tipsets.unshift(tipset);
    if (tipset.height === 0) break;
  }
  return {
    node: chainNode(view, judge, clock),
    network,
    now: () => clock.now(),
    chain: tipsets.filter(({ height }) => height <= HEAD),
    ahead: tipsets.filter(({ height }) => height > HEAD),
    miner: idAddress(1000),
    stranger: { address: idAddress(55), failure: null },
    unknownBase: { code: 'BLOCK_MISSING', retryable: false },
    unknownBeacon: { epoch: view.head.height + 1, code: 'NODE_NO_BEACON', retryable: false },
  };
}
