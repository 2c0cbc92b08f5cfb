/**
 * What every make of the node port holds: src/ports/node.ts in tests. What is asked of a chain is here, what is done to
 * it in node-blocks.ts.
 */

import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { type Address, equalAddress } from '../../src/chain/address.ts';
import type { BeaconEntry } from '../../src/chain/beacon-entry.ts';
import type { Epoch } from '../../src/chain/epoch.ts';
import { equalKeys, firstBlock, type Tipset } from '../../src/chain/tipset.ts';
import { beaconRound } from '../../src/consensus/beacon.ts';
import { verifyBeaconEntry } from '../../src/consensus/network/drand.ts';
import { beaconNetwork, type NetworkParams } from '../../src/consensus/network/network.ts';
import { nodeAnswers } from '../../src/effects/answers/node.ts';
import { checkOfNetwork } from '../../src/effects/answers/of-network.ts';
import { baseInfoFault } from '../../src/mining/base-info-check.ts';
import type { MiningBaseInfo, Node } from '../../src/ports/node.ts';
import { ABSENT } from '../audit/fixtures/devnet.ts';
import { type BlockRig, blockContract, headsContract, readOnlyContract } from './node-blocks.ts';
import { expectEnded, expectFailure, NEVER, type PortFailure } from './port-failure.ts';

export interface NodeRig {
  readonly node: Node;
  readonly network: NetworkParams;
  /** Milliseconds since 1970. */
  now(): number;
  /** The head's chain, from genesis on; null rounds are among it. */
  readonly chain: readonly Tipset[];
  /** Tipsets above the head that `tipsetAt` tells too: of a chain that is there whole, whatever the clock says. */
  readonly ahead?: readonly Tipset[];
  /** May mine on the head. */
  readonly miner: Address;
  /** No miner, and what the node says of it: `null`, as the lookback state does, or no. */
  readonly stranger: { readonly address: Address; readonly failure: PortFailure | null };
  readonly unknownBase: PortFailure;
  /** No entry is told of it, now or soon. */
  readonly unknownBeacon: PortFailure & { readonly epoch: Epoch };
}

/** Of a node that makes and takes blocks. */
export interface FullNodeRig extends NodeRig {
  /** An epoch whose round is not there, but soon, and how its time comes. */
  readonly nearBeacon: { readonly epoch: Epoch; readonly reach: () => Promise<void> };
  /** Lets nobody reach the node for a while. */
  readonly cutOff: PortFailure & { readonly begin: () => void };
  readonly blocks: BlockRig;
}

/** `open` gives another one, in the same state, each time. */
interface NodeTraits {
  readonly name: string;
  /** Whether it knows since when its head is that. */
  readonly tellsSince: boolean;
  /** Whether it says when its head may be another one. */
  readonly tellsHeads: boolean;
}

/** `full`: it takes blocks and messages; `read-only`: it refuses them with `NODE_READ_ONLY`. */
export type NodeMake =
  | (NodeTraits & { readonly kind: 'full'; open(): Promise<FullNodeRig> })
  | (NodeTraits & { readonly kind: 'read-only'; open(): Promise<NodeRig> });

const { bls } = loadBls();
const UNKNOWN_BASE = [ABSENT];

const headOf = ({ chain }: NodeRig): Tipset => chain.at(-1) as Tipset;
/** Of plain bytes, whatever kind of them a reader gives. */
const plain = (entry: unknown): BeaconEntry => nodeAnswers.beaconEntry(entry, 'entry');
/** The last one of at most this height. */
const standsAt = (tipsets: readonly Tipset[], height: Epoch): Tipset => tipsets.findLast((tipset) => tipset.height <= height) as Tipset;

export function nodeContract(make: NodeMake): void {
  describe(`the ${make.name} node`, () => {
    const asked = once<NodeRig>(make.open);
    traits(asked, make);
    tipsets(asked);
    beacons(asked);
    infos(asked);
    it('ends each question whose signal is aborted', async () => {
      for (const question of questionsOf(await asked())) await expectEnded(question);
    });
    if (make.kind === 'read-only') {
      readOnlyContract(async () => (await asked()).node);
      return;
    }
    waits(make.open);
    const blocks = async (): Promise<BlockRig> => (await make.open()).blocks;
    blockContract(once(blocks), blocks);
    if (make.tellsHeads) headsContract(blocks);
  });
}

/** For tests that change nothing: they share one. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

function questionsOf(rig: NodeRig): readonly ((signal: AbortSignal) => Promise<unknown>)[] {
  const { node, miner } = rig;
  const { height, parents } = headOf(rig);
  return [
    (signal) => node.head(signal),
    (signal) => node.beaconEntry(2, signal),
    (signal) => node.miningBaseInfo(miner, height, parents, signal),
    (signal) => node.selectMessages(parents, 0.5, signal),
    (signal) => node.tipsetAt(1, signal),
  ];
}

function traits(asked: () => Promise<NodeRig>, { tellsSince, tellsHeads }: NodeTraits): void {
  it(`tells ${tellsSince ? '' : 'not '}since when its head is that, and ${tellsHeads ? '' : 'not '}when it is another one`, async () => {
    const { node, now } = await asked();
    expect(node.headSince !== undefined).toBe(tellsSince);
    expect(node.onHead !== undefined).toBe(tellsHeads);
    const since = node.headSince?.(await node.head(NEVER));
    if (since === undefined) return;
    expect(Number.isSafeInteger(since)).toBe(true);
    expect(since).toBeLessThanOrEqual(now());
  });
}

function tipsets(asked: () => Promise<NodeRig>): void {
  it('tells its head, a tipset of its network, and the same one until it is another', async () => {
    const rig = await asked();
    const head = nodeAnswers.head(await rig.node.head(NEVER), 'head');
    expect(() => checkOfNetwork(rig.network, head)).not.toThrow();
    expect(head.key).toEqual(headOf(rig).key);
    expect((await rig.node.head(NEVER)).key).toEqual(head.key);
  });

  it('tells what stands at every height of the chain: in a null round the tipset below it, above the head the head', async () => {
    const { node, chain, ahead = [] } = await asked();
    const all = [...chain, ...ahead];
    const top = (all.at(-1) as Tipset).height;
    let nulls = 0;
    for (let height = 0; height <= top + 3; height++) {
      const found = nodeAnswers.tipsetAt(await node.tipsetAt(height, NEVER), 'tipsetAt');
      if (height <= top && found.height < height) nulls++;
      expect(found.key).toEqual(standsAt(all, height).key);
    }
    expect(nulls, 'null rounds of the rig').toBeGreaterThan(0);
  });
}

function beacons(asked: () => Promise<NodeRig>): void {
  it("gives every epoch's beacon entry, null rounds among them: of its round, drand's, the same again", async () => {
    const rig = await asked();
    const { node, network } = rig;
    for (let epoch = 2; epoch <= headOf(rig).height; epoch++) {
      const entry = plain(await node.beaconEntry(epoch, NEVER));
      expect(entry.round).toBe(beaconRound(network, epoch));
      const { data } = await node.beaconEntry(epoch - 1, NEVER);
      expect(verifyBeaconEntry(bls, beaconNetwork(network, epoch), entry, data)).toBe(true);
      expect(plain(await node.beaconEntry(epoch, NEVER))).toEqual(entry);
    }
  });

  it('refuses the entry of an epoch that nobody knows', async () => {
    const { node, unknownBeacon } = await asked();
    const { epoch, code, retryable } = unknownBeacon;
    await expectFailure(node.beaconEntry(epoch, NEVER), { code, retryable });
  });
}

function infos(asked: () => Promise<NodeRig>): void {
  const infoOf = async ({ node, miner }: NodeRig, epoch: Epoch, base: Tipset): Promise<MiningBaseInfo | null> =>
    nodeAnswers.miningBaseInfo(await node.miningBaseInfo(miner, epoch, base.key, NEVER), 'miningBaseInfo');

  it('tells what a miner can mine with on its chain, of the own worker and the rounds of a block there, null rounds among them', async () => {
    const rig = await asked();
    const { chain, miner, network } = rig;
    let mined = 0;
    for (const tipset of chain.filter(({ height }) => height > 1)) {
      const base = chain.find(({ key }) => equalKeys(key, tipset.parents)) as Tipset;
      const info = (await infoOf(rig, tipset.height, base)) as MiningBaseInfo;
      expect(baseInfoFault(info)).toBeNull();
      const rounds = Array.from({ length: tipset.height - base.height }, (_, i) => beaconRound(network, base.height + 1 + i));
      expect(info.beaconEntries.map(({ round }) => round)).toEqual(rounds);
      const own = tipset.blocks.find((block) => equalAddress(block.miner, miner));
      if (own === undefined) continue;
      mined++;
      expect(info.eligible).toBe(true);
      expect(info.beaconEntries).toEqual(own.beaconEntries.map(plain));
    }
    expect(mined, 'blocks of the miner of the rig').toBeGreaterThan(0);
  });

  it('tells the same of an old base as of a new one, and the same again', async () => {
    const rig = await asked();
    const [base] = rig.chain.slice(-2) as [Tipset];
    const first = await infoOf(rig, base.height + 1, base);
    await infoOf(rig, headOf(rig).height, base);
    expect(await infoOf(rig, base.height + 1, base)).toEqual(first);
    expect(first?.previousBeacon).toEqual(plain(firstBlock(base).beaconEntries.at(-1)));
  });

  it('says of who is no miner that there is none', async () => {
    const rig = await asked();
    const [{ node, stranger }, head] = [rig, headOf(rig)];
    const call = node.miningBaseInfo(stranger.address, head.height, head.parents, NEVER);
    if (stranger.failure === null) expect(await call).toBeNull();
    else await expectFailure(call, stranger.failure);
  });

  it('refuses a base that it does not know', async () => {
    const { node, miner, unknownBase } = await asked();
    await expectFailure(node.miningBaseInfo(miner, 2, UNKNOWN_BASE, NEVER), unknownBase);
  });

  it('chooses messages in their form for its head', async () => {
    const rig = await asked();
    const chosen = await rig.node.selectMessages(headOf(rig).key, 0.5, NEVER);
    expect(nodeAnswers.selectMessages(chosen, 'selectMessages')).toEqual(chosen);
  });
}

function waits(open: () => Promise<FullNodeRig>): void {
  it('waits for the round of a near epoch, until it is there or nobody wants it any more', async () => {
    const { node, network, nearBeacon } = await open();
    const { epoch, reach } = nearBeacon;
    const [call, why] = [new AbortController(), new Error('nobody waits for it any more')];
    const givenUp = node.beaconEntry(epoch, call.signal);
    const waiting = node.beaconEntry(epoch, NEVER);
    const early = await Promise.race([waiting, givenUp, new Promise((resolve) => setImmediate(resolve, 'waits'))]);
    expect(early).toBe('waits');
    call.abort(why);
    await expect(givenUp).rejects.toBe(why);
    await reach();
    expect((await waiting).round).toBe(beaconRound(network, epoch));
  });

  it('fails each question, to be asked again, while it cannot be reached', async () => {
    const rig = await open();
    const { begin, code, retryable } = rig.cutOff;
    begin();
    expect(retryable).toBe(true);
    for (const question of questionsOf(rig)) await expectFailure(question(NEVER), { code, retryable });
  });
}
