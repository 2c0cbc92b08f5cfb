/**
 * The last look before a block leaves the house: what goes out is what is bound, whatever a machine or a record says.
 */

import { expect, it } from 'vitest';
import { blockCid } from '../../src/chain/block-header.ts';
import { type BlockMessage, blockMessage } from '../../src/chain/block-message.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import type { Perform, PerformContext } from '../../src/runtime/options.ts';
import { bls, rigOf, startEpoch } from './fixtures/run-epochs.ts';
import { beginOf, MINER, smallChain } from './fixtures/small-chain.ts';

/** A block that was bound and waits for its epoch, the ports' own way to submit it, and what the machine would ask. */
async function boundBlock() {
  const [chain, store] = [smallChain(bls), memoryStore()];
  let perform: Perform | undefined;
  const around = (performing: Perform): Perform => {
    perform = performing;
    return performing;
  };
  const { runtime, clock } = rigOf({ open: async () => store, node: chain.node, now: beginOf(0), around });
  await runtime.start();
  await startEpoch(runtime, 1);
  await runUntilIdle(runtime, clock, beginOf(1) - 1);
  const block = chain.created[0] as BlockMessage;
  const cid = blockCid(block.header).bytes;
  const other: BlockMessage = { ...block, header: { ...block.header, timestamp: block.header.timestamp + 1n } };
  const context = (bound: Uint8Array | undefined): PerformContext => ({
    signal: new AbortController().signal,
    stream: `${MINER}/1`,
    key: [0, 0],
    blob: runtime.journal().blob,
    share: (value) => value,
    boundCid: () => bound,
  });
  const submit = (sent: BlockMessage, named: Uint8Array, bound: Uint8Array | null = cid) => {
    const input: Value = { miner: MINER, epoch: 1, cid: named, block: encode(blockMessage, sent), base: null, by: Number.MAX_SAFE_INTEGER };
    return (perform as Perform)('submitBlock', input, context(bound ?? undefined));
  };
  return { chain, block, cid, other, otherCid: blockCid(other.header).bytes, submit };
}

it('lets the bound block out', async () => {
  const { chain, block, cid, submit } = await boundBlock();
  expect(await submit(block, cid)).toEqual({ at: expect.any(Number) });
  expect(chain.submitted.map(({ header }) => blockCid(header).bytes)).toEqual([cid]);
});

it('keeps the bytes of another block back that are asked for under the bound one’s CID', async () => {
  const { chain, cid, other, submit } = await boundBlock();
  await expect(submit(other, cid)).rejects.toMatchObject({ code: 'SUBMIT_NOT_BOUND' });
  expect(chain.submitted).toEqual([]);
});

it('keeps the bound block’s bytes back that are asked for under another CID', async () => {
  const { chain, block, otherCid, submit } = await boundBlock();
  await expect(submit(block, otherCid)).rejects.toMatchObject({ code: 'SUBMIT_NOT_BOUND' });
  expect(chain.submitted).toEqual([]);
});

it('keeps a block back whose epoch is bound to another, or to none', async () => {
  const { chain, cid, block, other, otherCid, submit } = await boundBlock();
  for (const bound of [otherCid, null]) await expect(submit(block, cid, bound)).rejects.toMatchObject({ code: 'SUBMIT_NOT_BOUND' });
  await expect(submit(other, otherCid)).rejects.toMatchObject({ code: 'SUBMIT_NOT_BOUND' });
  expect(chain.submitted).toEqual([]);
});
