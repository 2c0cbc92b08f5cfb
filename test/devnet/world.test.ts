/**
 * The world's hooks, seen through the node: a miner that may not mine, a head that changes over, epochs of nobody, a
 * node that is away.
 */

import { describe, expect, it } from 'vitest';
import { idAddress } from '../../src/chain/address.ts';
import { blockCid } from '../../src/chain/block-header.ts';
import type { BlockMessage } from '../../src/chain/block-message.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import { signHeader } from '../../src/consensus/block-template.ts';
import type { Devnet, DevnetMiner } from '../../src/devnet/devnet.ts';
import type { MinerChange } from '../../src/devnet/setting/world.ts';
import type { Ineligibility } from '../../src/mining/outcome.ts';
import { bls, chainOf, type Mined, minedDevnet, mineOn, signal } from './fixtures/mined.ts';

const STRONG = { power: 2n ** 41n };

async function reasonAt({ node, head, miners }: Devnet, epoch: number): Promise<Ineligibility | null | undefined> {
  const [, second] = miners as readonly [DevnetMiner, DevnetMiner];
  return (await node.miningBaseInfo(second.address, epoch, head().key, signal))?.reason;
}

describe('setMiner', () => {
  it.for<readonly [MinerChange, Ineligibility]>([
    [{ feeDebt: 1n }, 'fee-debt'],
    [{ consensusFaultElapsed: 10_000 }, 'consensus-fault'],
    [{ power: 0n }, 'no-power-at-lookback'],
  ])('%o makes the miner ineligible from its epoch on, and no sooner', async ([change, reason]) => {
    const mined = minedDevnet({ seed: 'world', powers: [2n ** 41n, 2n ** 36n] });
    mined.devnet.world.setMiner(idAddress(1001), change, 5);
    const reasons: (Ineligibility | null | undefined)[] = [];
    for (let epoch = 1; epoch <= 7; epoch++) {
      // Epoch by epoch, on the base that is there when it is asked.
      reasons.push(await reasonAt(mined.devnet, epoch));
      await mined.run(epoch, epoch);
    }
    expect(chainOf(mined.devnet)).toHaveLength(7);
    expect(reasons).toEqual([null, null, null, null, reason, reason, reason]);
  });

  it('ends as it began, and a late one takes the next base', async () => {
    const mined = minedDevnet({ seed: 'world', powers: [2n ** 41n, 2n ** 36n] });
    await mined.run(1, 3);
    mined.devnet.world.setMiner(idAddress(1001), { feeDebt: 5n }, 1);
    await mined.run(4, 5);
    expect(await reasonAt(mined.devnet, 6)).toBe('fee-debt');
    mined.devnet.world.setMiner(idAddress(1001), { feeDebt: 0n }, 8);
    await mined.run(6, 8);
    expect(await reasonAt(mined.devnet, 9)).toBeNull();
  });

  it('knows its miners', () => {
    expect(() => minedDevnet().devnet.world.setMiner(idAddress(999), { feeDebt: 1n }, 1)).toThrow(/no miner of this devnet/);
  });
});

describe('reorg', () => {
  it('changes the head over to a chain that nobody had seen, and says what it undid', async () => {
    const mined = minedDevnet({ rivals: [STRONG], traffic: 20 });
    await mined.run(1, 3);
    mined.devnet.world.reorg();
    await mined.run(4, 12);
    const undone = mined.events.flatMap((event) =>
      event.type === 'head' ? event.reverted.filter(({ height }) => height < event.head.height || height > 3) : [],
    );
    expect(undone.length).toBeGreaterThanOrEqual(1);
    const chain = chainOf(mined.devnet);
    const lost = undone.filter((tipset) => !chain.some((kept) => kept.key.join() === tipset.key.join()));
    expect(lost.length).toBeGreaterThanOrEqual(1);
    expect(mined.devnet.head().height).toBe(12);
  });
});

describe('null rounds', () => {
  it('are epochs in which no rival mines, and the chain goes on with the beacon of each', async () => {
    const mined = minedDevnet({ miners: 0, rivals: [STRONG] });
    mined.devnet.world.nullRounds(3, 5);
    await mined.run(1, 8);
    const heights = chainOf(mined.devnet).map(({ height }) => height);
    expect(heights.filter((height) => height >= 3 && height <= 5)).toEqual([]);
    const after = chainOf(mined.devnet).find(({ height }) => height > 5) as Tipset;
    const [base] = chainOf(mined.devnet)
      .filter(({ height }) => height < 3)
      .slice(-1) as [Tipset];
    expect(after.blocks[0]?.beaconEntries).toHaveLength(after.height - base.height);
  });
});

describe('restart', () => {
  it('is away for its time, and has forgotten messages and submitted blocks', async () => {
    const mined = minedDevnet({ traffic: 30 });
    await mined.run(1, 2);
    const { node, world, head } = mined.devnet;
    expect(await node.selectMessages(head().key, 1, signal)).not.toEqual([]);
    world.restart(5000);
    await expect(node.head(signal)).rejects.toMatchObject({ code: 'NODE_UNREACHABLE', retryable: true });
    await mined.reach(mined.clock.now() + 5000);
    expect(await node.selectMessages(head().key, 1, signal)).toEqual([]);
    await mined.run(3, 4);
    expect(head().height).toBe(4);
  });
});

/** Another block of the same winner on the same base. */
function other({ miners }: Devnet, block: BlockMessage): BlockMessage {
  const { privateKey } = miners[0] as DevnetMiner;
  return {
    ...block,
    header: signHeader(bls, privateKey, {
      ...block.header,
      winPoStProof: [{ postProof: 4, proofBytes: block.header.winPoStProof[0]?.proofBytes as Uint8Array }],
    }),
  };
}

describe('the node', () => {
  async function wonBlock(mined: Mined): Promise<BlockMessage> {
    const { devnet } = mined;
    for (let epoch = 1; ; epoch++) {
      await mined.reach(mined.beginOf(epoch));
      const [block] = await mineOn(devnet, devnet.miners[0] as DevnetMiner, devnet.head(), epoch);
      if (block !== undefined) return block;
    }
  }

  it("has Lotus' slash filter: another block of the epoch is refused with the first for a witness, the same one is not", async () => {
    const mined = minedDevnet({ miners: 1 });
    const block = await wonBlock(mined);
    await mined.devnet.node.submitBlock(block, signal);
    await mined.devnet.node.submitBlock(block, signal);
    const refused = mined.devnet.node.submitBlock(other(mined.devnet, block), signal);
    await expect(refused).rejects.toMatchObject({
      code: 'NODE_REJECTED',
      message: `<!!> SLASH FILTER DETECTED FAULT due to witness ${blockCid(block.header)}`,
    });
  });

  it('remembers a block that it refuses', async () => {
    const mined = minedDevnet({ miners: 1 });
    const block = await wonBlock(mined);
    const bad = { ...block, header: { ...block.header, blockSig: null } };
    await expect(mined.devnet.node.submitBlock(bad, signal)).rejects.toThrow(/block had nil signature/);
    await expect(mined.devnet.node.submitBlock(block, signal)).rejects.toThrow(/SLASH FILTER DETECTED FAULT/);
  });

  it('refuses a block of the future, and takes it a second before its time', async () => {
    const mined = minedDevnet({ miners: 1, blockDelaySecs: 10 });
    const block = await wonBlock(mined);
    const [next] = [block.header.height + 1];
    await mined.devnet.node.submitBlock(block, signal);
    const [early] = await mineOn(mined.devnet, mined.devnet.miners[0] as DevnetMiner, mined.devnet.head(), next);
    if (early === undefined) throw new Error('the miner has all the power: it wins 993 of 1000; choose another seed');
    await expect(mined.devnet.node.submitBlock(early, signal)).rejects.toThrow(/block was from the future/);
    await mined.reach(mined.beginOf(next) - 1000);
    await mined.devnet.node.submitBlock(early, signal);
    expect(mined.devnet.head().height).toBe(next);
  });

  it('says of strangers what Lotus says', async () => {
    const { node, head } = minedDevnet().devnet;
    await expect(node.miningBaseInfo(idAddress(55), 1, head().key, signal)).rejects.toThrow('loading miner in current state: actor not found');
    await expect(node.beaconEntry(9, signal)).rejects.toMatchObject({ code: 'NODE_NO_BEACON', retryable: true });
  });
});
