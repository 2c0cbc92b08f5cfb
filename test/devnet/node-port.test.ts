/** The devnet's node against the contract of its port. */

import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { idAddress } from '../../src/chain/address.ts';
import type { Epoch } from '../../src/chain/epoch.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import type { BlockTemplate } from '../../src/consensus/block-template.ts';
import type { Devnet, DevnetMiner } from '../../src/devnet/devnet.ts';
import { checkedNode } from '../../src/effects/answers/node.ts';
import type { Node } from '../../src/ports/node.ts';
import { verifiedNode } from '../../src/verified-node.ts';
import { type FullNodeRig, nodeContract } from '../contract/node-contract.ts';
import { bls, chainOf, type Mined, minedDevnet, templateOn } from './fixtures/mined.ts';

/** Epochs 3 and 4 are null rounds: nobody mines. */
const HEAD = 6;

nodeContract({ name: "devnet's", kind: 'full', tellsSince: false, tellsHeads: true, open: () => opened(({ node }) => node) });
nodeContract({ name: 'verified', kind: 'full', tellsSince: false, tellsHeads: false, open: () => opened(verified) });

/** As machines are given it: answers in their form, beacon entries drand's. */
function verified({ node, network }: Devnet): Node {
  const checked = checkedNode(node, { clock: virtualClock(0), tell: () => undefined });
  return verifiedNode(network, checked, bls).node;
}

/** A lone miner's chain; its time is the beginning of the second epoch after the head. */
async function opened(nodeOf: (devnet: Devnet) => Node): Promise<FullNodeRig> {
  const mined = minedDevnet({ seed: 'a contract', miners: 1, traffic: 8 });
  const { devnet, clock } = mined;
  const { network, world, view } = devnet;
  const node = nodeOf(devnet);
  await mined.run(1, 2);
  await mined.run(5, HEAD);
  await mined.reach(mined.beginOf(HEAD + 2));
  const tipsets = chainOf(devnet);
  const [template, laterTemplate] = [await templateAt(mined, HEAD + 1), await templateAt(mined, HEAD + 2)];
  return {
    node,
    network,
    now: () => clock.now(),
    chain: [view.tipset((tipsets[0] as Tipset).parents), ...tipsets],
    miner: (devnet.miners[0] as DevnetMiner).address,
    // As Lotus, which looks for the actor in the state of the base before it looks back.
    stranger: { address: idAddress(55), failure: { code: 'NODE_FAILED', retryable: false } },
    unknownBase: { code: 'NODE_FAILED', retryable: false },
    unknownBeacon: { epoch: HEAD + 20, code: 'NODE_NO_BEACON', retryable: true },
    nearBeacon: { epoch: HEAD + 4, reach: () => mined.reach(mined.beginOf(HEAD + 3)) },
    cutOff: { code: 'NODE_UNREACHABLE', retryable: true, begin: () => world.restart(5000) },
    blocks: { node, network, template, laterTemplate, forgetMessages: () => world.restart(0) },
  };
}

async function templateAt({ devnet }: Mined, epoch: Epoch): Promise<BlockTemplate> {
  const template = await templateOn(devnet, devnet.miners[0] as DevnetMiner, devnet.head(), epoch);
  if (template === null || template.messages.length === 0) throw new Error(`epoch ${epoch} is not won, or has no messages; choose another seed`);
  return template;
}
