/** Which tipset is the head: the heaviest that the accepted blocks form, without those of a miner that made two. */

import { describe, expect, it } from 'vitest';
import { blockCid } from '../../src/chain/block-header.ts';
import type { BlockMessage } from '../../src/chain/block-message.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import { signHeader } from '../../src/consensus/block-template.ts';
import type { DevnetMiner } from '../../src/devnet/devnet.ts';
import { bls, chainOf, type Mined, minedDevnet, mineOn, signal } from './fixtures/mined.ts';

const FAR = 20;

/** Two miners that win nearly every epoch, and time enough for blocks of any. */
async function farOn(): Promise<Mined> {
  const mined = minedDevnet({ seed: 'forks', miners: 2, powers: [2n ** 40n], traffic: 0 });
  await mined.devnet.stop();
  await mined.reach(mined.beginOf(FAR));
  return mined;
}

async function blockOf({ devnet }: Mined, miner: number, base: Tipset, from: number): Promise<BlockMessage> {
  for (let epoch = from; ; epoch++) {
    const [block] = await mineOn(devnet, devnet.miners[miner] as DevnetMiner, base, epoch);
    if (block !== undefined) return block;
  }
}

/** Blocks of both miners at one epoch on the base. */
async function bothOn(mined: Mined, base: Tipset, from: number): Promise<readonly [BlockMessage, BlockMessage]> {
  for (let epoch = from; ; epoch++) {
    const [one, two] = [await blockOf(mined, 0, base, epoch), await blockOf(mined, 1, base, epoch)];
    if (one.header.height === two.header.height) return [one, two];
    expect(epoch).toBeLessThan(FAR);
  }
}

function winsOf({ header }: BlockMessage): number {
  return header.electionProof?.winCount ?? 0;
}

describe('the head', () => {
  it('takes in a sibling that comes late, and does not mind the order', async () => {
    const keys: string[] = [];
    for (const order of [0, 1]) {
      const mined = await farOn();
      const { node, head } = mined.devnet;
      const both = await bothOn(mined, head(), 1);
      for (const block of order === 0 ? both : [...both].reverse()) await node.submitBlock(block, signal);
      expect(head().blocks).toHaveLength(2);
      keys.push(head().key.join());
    }
    expect(keys[0]).toBe(keys[1]);
  });

  it('stays where a lighter chain comes along: the node takes no notice of its block', async () => {
    const mined = await farOn();
    const { node, head } = mined.devnet;
    const genesis = head();
    await node.submitBlock(await blockOf(mined, 0, genesis, 1), signal);
    await node.submitBlock(await blockOf(mined, 0, head(), head().height + 1), signal);
    const before = head();
    const light = await blockOf(mined, 1, genesis, 1);
    await node.submitBlock(light, signal);
    expect(head()).toBe(before);
    const cid = blockCid(light.header).toString();
    expect(mined.events.filter((event) => event.type === 'accepted' && event.cid.toString() === cid)).toEqual([]);
  });

  it('goes over to the heavier of two tipsets on one base, whatever their heights, and says what that undid', async () => {
    const mined = await farOn();
    const { node, head } = mined.devnet;
    const genesis = head();
    const blocks = async (miner: number): Promise<readonly BlockMessage[]> => {
      const all = await Promise.all(Array.from({ length: FAR - 1 }, (_, i) => mineOn(mined.devnet, mined.devnet.miners[miner] as DevnetMiner, genesis, i + 1)));
      return all.flat().sort((a, b) => winsOf(a) - winsOf(b));
    };
    const [weak] = (await blocks(0)) as [BlockMessage];
    const strong = (await blocks(1)).findLast(({ header }) => header.height !== weak.header.height) as BlockMessage;
    expect(winsOf(strong)).toBeGreaterThan(winsOf(weak));
    for (const block of [weak, strong]) await node.submitBlock(block, signal);
    expect(head().key.map(String)).toEqual([blockCid(strong.header).toString()]);
    const undone = mined.events.flatMap((event) => (event.type === 'head' ? event.reverted : []));
    expect(undone.map(({ key }) => key.map(String))).toEqual([[blockCid(weak.header).toString()]]);
  });

  it('leaves out both blocks of a miner that made two, also on different bases', async () => {
    const mined = await farOn();
    const { devnet } = mined;
    const genesis = devnet.head();
    const first = await blockOf(mined, 0, genesis, 1);
    await devnet.node.submitBlock(first, signal);
    const two = await blockOf(mined, 1, devnet.head(), first.header.height + 1);
    await devnet.node.submitBlock(two, signal);
    devnet.world.restart(0);
    const { privateKey } = devnet.miners[1] as DevnetMiner;
    const winPoStProof = two.header.winPoStProof.map((proof) => ({ ...proof, postProof: 4 }));
    await devnet.node.submitBlock({ ...two, header: signHeader(bls, privateKey, { ...two.header, winPoStProof }) }, signal);
    expect(devnet.head().height).toBe(first.header.height);
    const [told] = mined.events.filter((event) => event.type === 'equivocation');
    expect(told).toMatchObject({ epoch: two.header.height });
    expect(chainOf(devnet).flatMap(({ blocks }) => blocks)).toHaveLength(1);
    const on = await blockOf(mined, 0, devnet.head(), two.header.height + 1);
    await devnet.node.submitBlock(on, signal);
    expect(devnet.head().parents.map(String)).toEqual([blockCid(first.header).toString()]);
  });
});
