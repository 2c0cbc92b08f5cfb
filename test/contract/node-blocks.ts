/**
 * What a node owes to whoever makes blocks: it makes them, takes them however often they come, and tells of the heads
 * they lead to; or it says that it takes none.
 */

import { describe, expect, it, vi } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { formatAddress } from '../../src/chain/address.ts';
import { blockCid } from '../../src/chain/block-header.ts';
import type { BlockMessage } from '../../src/chain/block-message.ts';
import { type SignedMessage, signedMessageCid } from '../../src/chain/message.ts';
import { firstBlock, type Tipset } from '../../src/chain/tipset.ts';
import { type BlockTemplate, blockOfTemplate } from '../../src/consensus/block-template.ts';
import type { NetworkParams } from '../../src/consensus/network/network.ts';
import { nodeAnswers } from '../../src/effects/answers/node.ts';
import { ownBlockFault } from '../../src/mining/own-block.ts';
import type { MiningBaseInfo, Node } from '../../src/ports/node.ts';
import { ABSENT } from '../audit/fixtures/devnet.ts';
import { expectEnded, expectFailure, NEVER } from './port-failure.ts';

export interface BlockRig {
  readonly node: Node;
  readonly network: NetworkParams;
  /** Of a block that was won on the node's head, with messages that its pool has; its time has come. */
  readonly template: BlockTemplate;
  /** The same miner's, of the epoch after, on the same base; its time has come too. */
  readonly laterTemplate: BlockTemplate;
  /** Empties the node's pool of messages. */
  forgetMessages(): void;
}

const { bls } = loadBls();
const REFUSED = { code: 'NODE_REJECTED', retryable: false };
const READ_ONLY = { code: 'NODE_READ_ONLY', retryable: false };

const create = async ({ node, template }: BlockRig, change: Partial<BlockTemplate> = {}): Promise<BlockMessage> =>
  nodeAnswers.createBlock(await node.createBlock({ ...template, ...change }, NEVER), 'createBlock');
/** Another block of the same miner and epoch, as good as the first. */
const createOther = async (rig: BlockRig): Promise<BlockMessage> => {
  const [proof] = rig.template.winPoStProof as [BlockTemplate['winPoStProof'][number]];
  return create(rig, { winPoStProof: [{ ...proof, postProof: proof.postProof - 1 }] });
};
const cidsOf = (tipset: Tipset): readonly string[] => tipset.key.map(String);
const headCids = async ({ node }: BlockRig): Promise<readonly string[]> => cidsOf(await node.head(NEVER));
const nameOf = ({ header }: BlockMessage): string => blockCid(header).toString();

/** `shared`: one for the tests that change nothing; `open`: another one, in the same state, each time. */
export function blockContract(shared: () => Promise<BlockRig>, open: () => Promise<BlockRig>): void {
  describe('makes blocks:', () => creations(shared));
  describe('takes blocks:', () => submissions(open));
  describe('has a pool:', () => messages(shared, open));
}

function creations(shared: () => Promise<BlockRig>): void {
  it('what the template asks for, signed by the worker, and sends it to nobody', async () => {
    const rig = await shared();
    const { node, network, template } = rig;
    const before = await node.head(NEVER);
    const block = await create(rig);
    const info = await node.miningBaseInfo(template.miner, template.epoch, template.parents, NEVER);
    const { height, parentBaseFee: baseFee, parentWeight: weight } = firstBlock(before);
    const context = { bls, params: network, workerKey: formatAddress((info as MiningBaseInfo).workerKey), base: { height, baseFee, weight } };
    expect(await ownBlockFault(template, block, context)).toBeNull();
    expect((await node.head(NEVER)).key).toEqual(before.key);
    expect(nameOf(await create(rig))).toBe(nameOf(block));
  });

  it('none on a base that it does not know', async () => {
    const rig = await shared();
    await expect(create(rig, { parents: [ABSENT] })).rejects.toMatchObject({ code: expect.stringMatching(/^NODE_[A-Z]+$/), retryable: false });
  });

  it('none for a signal that is aborted', async () => {
    const { node, template } = await shared();
    await expectEnded((signal) => node.createBlock(template, signal));
  });
}

function submissions(open: () => Promise<BlockRig>): void {
  it('a good one, and again however often it comes', async () => {
    const rig = await open();
    const block = await create(rig);
    for (let i = 0; i < 3; i++) {
      await rig.node.submitBlock(block, NEVER);
      expect(await headCids(rig)).toEqual([nameOf(block)]);
    }
  });

  it('no other one of the same epoch, before or after the first is sent again', async () => {
    const rig = await open();
    const [block, other] = [await create(rig), await createOther(rig)];
    await rig.node.submitBlock(block, NEVER);
    await expectFailure(rig.node.submitBlock(other, NEVER), REFUSED);
    await rig.node.submitBlock(block, NEVER);
    await expectFailure(rig.node.submitBlock(other, NEVER), REFUSED);
    expect(await headCids(rig)).toEqual([nameOf(block)]);
  });

  it('no other one on the same parents', async () => {
    const rig = await open();
    await rig.node.submitBlock(await create(rig), NEVER);
    await expectFailure(rig.node.submitBlock(await rig.node.createBlock(rig.laterTemplate, NEVER), NEVER), REFUSED);
  });

  it('none that nobody signed, and none on parents that it does not know', async () => {
    const rig = await open();
    const before = await headCids(rig);
    const block = await create(rig);
    const lost = blockOfTemplate(bls, { ...rig.template, parents: [ABSENT] }, { stateRoot: ABSENT, receiptsRoot: ABSENT, weight: 1n, baseFee: 100n });
    await expectFailure(rig.node.submitBlock({ ...lost, header: { ...lost.header, blockSig: block.header.blockSig } }, NEVER), REFUSED);
    await expectFailure(rig.node.submitBlock({ ...block, header: { ...block.header, blockSig: null } }, NEVER), REFUSED);
    expect(await headCids(rig)).toEqual(before);
  });

  it('with all their messages: it says by a code of its own that it has not one of them, and takes the block when it has', async () => {
    const rig = await open();
    const block = await create(rig);
    const lacking = { ...block, blsMessages: [...block.blsMessages, ABSENT] };
    await expectFailure(rig.node.submitBlock(lacking, NEVER), { code: 'NODE_MESSAGES_MISSING', retryable: false });
    await rig.node.submitBlock(block, NEVER);
    expect(await headCids(rig)).toEqual([nameOf(block)]);
  });

  it('none for a signal that is aborted', async () => {
    const rig = await open();
    const [block, before] = [await create(rig), await headCids(rig)];
    await expectEnded((signal) => rig.node.submitBlock(block, signal));
    expect(await headCids(rig)).toEqual(before);
    // Nor does it hold the block against another one.
    const other = await createOther(rig);
    await rig.node.submitBlock(other, NEVER);
    expect(await headCids(rig)).toEqual([nameOf(other)]);
  });
}

/** Of a node that says when its head may be another one; more often than it is, if it likes. */
export function headsContract(open: () => Promise<BlockRig>): void {
  it('tells of a new head whoever listens, who is given it then, and nobody who has ended that', async () => {
    const rig = await open();
    const onHead = rig.node.onHead as Required<Node>['onHead'];
    const [told, others]: Promise<Tipset>[][] = [[], []];
    const block = await create(rig);
    const end = onHead(() => told?.push(rig.node.head(NEVER)));
    const endOther = onHead(() => others?.push(rig.node.head(NEVER)));
    endOther();
    endOther();
    await rig.node.submitBlock(block, NEVER);
    await vi.waitFor(async () => expect(cidsOf((await told?.at(-1)) as Tipset)).toEqual([nameOf(block)]));
    expect(others).toEqual([]);
    end();
  });
}

function messages(shared: () => Promise<BlockRig>, open: () => Promise<BlockRig>): void {
  const names = (chosen: readonly SignedMessage[]): readonly string[] => chosen.map((signed) => signedMessageCid(signed).toString());

  it('what is pushed is chosen for a block, once, however often it is pushed', async () => {
    const { node, template, forgetMessages } = await open();
    const [first] = await node.selectMessages(template.parents, 0.5, NEVER);
    if (first === undefined) throw new Error('the pool of the rig is empty; choose another seed');
    forgetMessages();
    expect(await node.selectMessages(template.parents, 0.5, NEVER)).toEqual([]);
    await node.pushMessage(first, NEVER);
    // It may say that it has the message.
    await node.pushMessage(first, NEVER).catch((error) => expect(error).toMatchObject({ code: expect.any(String), retryable: false }));
    expect(names(await node.selectMessages(template.parents, 0.5, NEVER))).toEqual(names([first]));
  });

  it('what the sender did not sign is refused for good', async () => {
    const { node, template, forgetMessages } = await open();
    const [first] = template.messages as [SignedMessage];
    forgetMessages();
    const forged = { ...first, message: { ...first.message, value: first.message.value + 1n } };
    await expectFailure(node.pushMessage(forged, NEVER), { code: 'MPOOL_REFUSED', retryable: false });
    expect(await node.selectMessages(template.parents, 0.5, NEVER)).toEqual([]);
  });

  it('a question about a base that it does not know is refused, and one whose signal is aborted ends', async () => {
    const { node, template } = await shared();
    await expect(node.selectMessages([ABSENT], 0.5, NEVER)).rejects.toMatchObject({ code: expect.stringMatching(/^NODE_[A-Z]+$/), retryable: false });
    await expectEnded((signal) => node.pushMessage(template.messages[0] as SignedMessage, signal));
  });
}

/** A chain that takes nothing says so, for good, whatever it is given. */
export function readOnlyContract(open: () => Promise<Node>): void {
  it('takes no blocks and no messages, and says that it will not', async () => {
    const node = await open();
    // What is made of them is never looked at.
    const nothing = {} as never;
    for (const call of [node.createBlock, node.submitBlock, node.pushMessage]) {
      await expectFailure(call(nothing, NEVER), READ_ONLY);
      await expectEnded((signal) => call(nothing, signal));
    }
    expect(await node.selectMessages([ABSENT], 0.5, NEVER)).toEqual([]);
  });
}
