/**
 * Chains made to harm, audited whole: heads that are none, circles, heights and numbers without bounds, trees that
 * unfold; a report, or one clear error.
 */

import { create as createDigest } from 'multiformats/hashes/digest';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockReport } from '../../../src/audit/report/block-report.ts';
import { createTally } from '../../../src/audit/report/summary.ts';
import { idOf } from '../../../src/chain/address.ts';
import { type BlockHeader, blockHeader } from '../../../src/chain/block-header.ts';
import { writeCar } from '../../../src/chain/car/car.ts';
import { concatBytes, fromHex } from '../../../src/chain/encoding/bytes.ts';
import { CID, CODEC_DAG_CBOR, cidOf, parseCid } from '../../../src/chain/encoding/cid.ts';
import { decode, encode } from '../../../src/chain/encoding/codec.ts';
import type { Block } from '../../../src/chain/ipld/block-store.ts';
import { message } from '../../../src/chain/message.ts';
import { SIGNATURE_SECP256K1 } from '../../../src/chain/signature.ts';
import { claimOf, readPower } from '../../../src/chain/state/power.ts';
import type { StateTree } from '../../../src/chain/state/state-tree.ts';
import { electionLambda } from '../../../src/consensus/election.ts';
import { BLOCK_GAS_LIMIT } from '../../../src/consensus/messages/gas.ts';
import { validateBlock } from '../../../src/consensus/validation/block-validation.ts';
import { type AuditRun, verdictOf } from '../fixtures/audit-run.ts';
import { openDevnet } from '../fixtures/devnet.ts';
import { type Forgery, type Original, originalAt, roundOfForgery } from '../fixtures/forge.ts';
import {
  carBytes,
  headed,
  judging,
  keyAt,
  outcomeOf,
  reportOf,
  type ShortChain,
  type Store,
  scratch,
  shortChainTo46,
  turned,
  withHead,
} from '../fixtures/hostile-car.ts';
import { messageBomb } from '../fixtures/message-bomb.ts';
import { WIDE_BASE } from '../fixtures/mutation.ts';
import { facing, qualityAdj, totalPower } from '../fixtures/state-mutations.ts';

const outcome = judging();
const file = scratch();
let made: ShortChain;
let chain: Store;
let head: BlockHeader;
beforeAll(async () => {
  made = await shortChainTo46();
  chain = made.chain;
  head = made.head;
}, 60_000);

const reportOn = (store: Store, from?: number): Promise<AuditRun> => reportOf(outcome(store, from));

function blocksOf({ blocks }: Store): Block[] {
  return Array.from(blocks, ([cid, bytes]) => ({ cid: parseCid(cid), bytes }));
}

describe('a chain that is none', () => {
  it('of no bytes, no roots, no blocks, roots that are not there', async () => {
    const rootless = concatBytes(...writeCar([], blocksOf(chain)));
    const empty = concatBytes(...writeCar(chain.roots, []));
    for (const [bytes, code] of [
      [new Uint8Array(0), 'SOURCE_NOT_CAR'],
      [rootless, 'SNAPSHOT_HEAD'],
      [concatBytes(...writeCar([], [])), 'SNAPSHOT_HEAD'],
      [empty, 'CAR_ROOT_MISSING'],
    ] as const) {
      expect((await outcome(bytes)).code).toBe(code);
    }
  });

  it('whose roots are a message, a state, a MsgMeta, not CBOR', async () => {
    const noise: Block = { bytes: fromHex('ff00ff'), cid: cidOf(fromHex('ff00ff')) };
    for (const root of [head.messages, head.parentStateRoot, made.message]) {
      expect((await outcome({ ...chain, roots: [root] })).code).toBe('CHAIN_HEADER');
      const beside = await reportOn({ ...chain, roots: [...chain.roots, root] }, 46);
      expect(beside.blocks.map((block) => [block.cid === root.toString(), verdictOf(block, 'form').verdict])).toEqual([
        [false, 'ok'],
        [true, 'wrong'],
      ]);
      const ofOneMiner = await reportOf(outcomeOf(file(carBytes({ ...chain, roots: [...chain.roots, root] })), { from: 46, miners: ['f01000'] }));
      expect(ofOneMiner.blocks).toHaveLength(1);
    }
    expect((await outcome(withHead(chain, [noise.cid], [noise]))).code).toMatch(/^(CHAIN_HEADER|CBOR_\w+)$/);
  });

  it('whose header names a message or a state among its parents', async () => {
    for (const parent of [head.parentStateRoot, head.messages, made.message]) {
      for (const parents of [[parent], [...head.parents, parent]]) {
        const run = await reportOn(headed(chain, { ...head, parents }), 46);
        expect(verdictOf(run.blocks[0] as BlockReport, 'parents')).toMatchObject({ verdict: 'wrong', found: expect.stringContaining('no block header') });
      }
    }
  });

  it('whose heights do not fall', async () => {
    for (const height of [45, 44, -1]) {
      const run = await reportOn(headed(chain, { ...head, height }), 44);
      const last = run.blocks.at(-1) as BlockReport;
      expect([last.epoch, last.isBeside, verdictOf(last, height < 0 ? 'form' : 'parents').verdict]).toEqual([height, true, 'wrong']);
      // Those below are judged as ever.
      expect(run.blocks.filter(({ isBeside }) => !isBeside).map((block) => [block.epoch, turned(block)])).toEqual([44, 44, 45, 45].map((epoch) => [epoch, {}]));
    }
    expect((await outcome(headed(chain, { ...head, height: 0 }))).code).toBe('NETWORK_MISMATCH');
  });

  it('that goes in a circle, as one can with a hash that nobody knows', async () => {
    // A CID of a private hash function: any bytes may go by it, so a header may name itself.
    const cid = CID.createV1(CODEC_DAG_CBOR, createDigest(0x300001, new Uint8Array(32)));
    const bytes = encode(blockHeader, { ...head, parents: [cid] });
    expect((await outcome(withHead(chain, [cid], [{ cid, bytes }]))).code).toBe('CHAIN_HEADER');
    const run = await reportOn(headed(chain, { ...head, parents: [cid] }, [{ cid, bytes }]), 46);
    expect(run.blocks.map((block) => verdictOf(block, 'parents').verdict)).toEqual(['wrong']);
  });

  it('whose messages unfold to 16 million, to 32,768, to 4,096 of a megabyte each, signed or not', { timeout: 60_000 }, async () => {
    const small = decode(message, chain.blocks.get(made.message.toString()) as Uint8Array);
    // So that all may be in a block by their own fields, and be looked at by every check.
    const large = { ...small, params: new Uint8Array(1_000_000), gasLimit: BLOCK_GAS_LIMIT };
    const signed = { message: large, signature: { type: SIGNATURE_SECP256K1, data: new Uint8Array(65) } } as const;
    for (const [one, levels] of [
      [small, 8],
      [small, 5],
      [large, 4],
      [signed, 4],
    ] as const) {
      const { root, blocks } = messageBomb(one, levels);
      const [start, before] = [performance.now(), process.memoryUsage().rss];
      const run = await reportOn(headed(chain, { ...head, messages: root }, blocks), 46);
      expect(turned(run.blocks.at(-1) as BlockReport)).toMatchObject(
        levels > 4 ? { 'messages-root': 'wrong' } : { 'message-inclusion': 'wrong', senders: 'wrong' },
      );
      expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
      expect(performance.now() - start).toBeLessThan(20_000);
    }
  });

  it('whose state goes in a circle', async () => {
    const cid = CID.createV1(CODEC_DAG_CBOR, createDigest(0x300001, new Uint8Array(32)));
    // A HAMT node whose every slot leads to itself, and a state root of version 5 over it.
    const link = concatBytes(fromHex('d82a58'), Uint8Array.of(cid.bytes.length + 1, 0), cid.bytes);
    const node = concatBytes(fromHex('825820'), new Uint8Array(32).fill(255), fromHex('9820'), ...new Array<Uint8Array>(32).fill(link));
    const bitfield32 = concatBytes(fromHex('8244ffffffff9820'), ...new Array<Uint8Array>(32).fill(link));
    for (const bytes of [node, bitfield32]) {
      const root = concatBytes(fromHex('8305'), link, link);
      const store = headed(chain, { ...head, parentStateRoot: cidOf(root) }, [
        { cid, bytes },
        { cid: cidOf(root), bytes: root },
      ]);
      const run = await reportOn(store, 46);
      expect(verdictOf(run.blocks[0] as BlockReport, 'senders').verdict).not.toBe('ok');
    }
  });

  it('with a head of two heights, of one block twice, of parents that are no tipset', async () => {
    const lower = keyAt(chain, 45)[0] as CID;
    const two = await reportOn({ ...chain, roots: [lower, ...chain.roots] }, 45);
    // Each on its own base, whichever is named first; all of them are good.
    expect([two.summary.wrongBlocks, two.blocks.some(({ isBeside }) => isBeside)]).toEqual([0, true]);
    expect((await reportOn({ ...chain, roots: [chain.roots[0], chain.roots[0]] as readonly CID[] }, 46)).summary).toMatchObject({ blocks: 1, wrongBlocks: 0 });
    for (const parents of [
      [head.parents[0], head.parents[0]],
      [head.parents[0], keyAt(chain, 44)[0]],
    ] as (readonly CID[])[]) {
      const run = await reportOn(headed(chain, { ...head, parents }), 46);
      expect(verdictOf(run.blocks[0] as BlockReport, 'parents')).toMatchObject({ verdict: 'wrong', expected: 'a tipset' });
    }
    expect((await outcome(headed(chain, { ...head, parents: [] }), 46)).run?.summary.wrongBlocks).toBe(1);
  });
});

describe('numbers without bounds', () => {
  const wrongHead = async (header: BlockHeader, more: readonly Block[] = []): Promise<BlockReport> => {
    const run = await reportOn(headed(chain, header, more), 46);
    return run.blocks.at(-1) as BlockReport;
  };

  it.each([100_000, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])('a height of %d', async (height) => {
    expect(verdictOf(await wrongHead({ ...head, height }), 'beacon-rounds').verdict).toBe('wrong');
  });

  it('a round, a weight, a fee, a time, wins as great as can be written', async () => {
    const round = 2n ** 64n - 1n;
    const great = 2n ** 1000n;
    const beaconEntries = head.beaconEntries.map(({ data }) => ({ round, data }));
    expect(turned(await wrongHead({ ...head, beaconEntries }))).toMatchObject({ 'beacon-rounds': 'wrong' });
    expect(turned(await wrongHead({ ...head, parentWeight: great, parentBaseFee: -great, timestamp: round, forkSignaling: round }))).toMatchObject({
      'parent-weight': 'wrong',
      'base-fee': 'wrong',
      timestamp: 'wrong',
    });
    const vrfProof = head.electionProof?.vrfProof as Uint8Array;
    for (const winCount of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      expect(turned(await wrongHead({ ...head, electionProof: { winCount, vrfProof } }))).toMatchObject({ 'win-count': 'wrong' });
    }
  });

  it('powers of nothing, below nothing and beyond all bounds in the lookback state', async () => {
    const devnet = await openDevnet();
    const original = originalAt(devnet, ...WIDE_BASE);
    const great = 2n ** 1000n;
    for (const [claimed, total] of [
      [1n, 0n],
      [0n, 0n],
      [-5n, 5n],
      [5n, -5n],
      [great, 1n],
      [1n, great],
      [-great, -great],
    ] as const) {
      const forgery = facing(original, 'lookback', (a) => totalPower(() => total)(qualityAdj(original, claimed)(a)));
      const start = performance.now();
      const { expected, verdict } = luckOf(original, forgery);
      expect([claimed, total, verdict.verdict]).toEqual([claimed, total, 'wrong']);
      const tally = createTally();
      tally.add({ blocks: [], expected: new Map([['f01000', expected]]), epochs: 1 });
      expect(tally.summary().miners[0]?.expected).toBeGreaterThanOrEqual(0);
      expect(performance.now() - start).toBeLessThan(5000);
    }
  });

  /** What the miner is to expect by the altered state, and what is said of its wins. */
  function luckOf(original: Original, forgery: Forgery) {
    const round = roundOfForgery(original, forgery);
    const power = readPower(round.lookbackState()?.tree as StateTree);
    const verdict = validateBlock(round, original.cid, original.header).find(({ check }) => check === 'win-count')?.verdict ?? expect.fail();
    return { expected: electionLambda(claimOf(power, idOf(original.header.miner))?.qualityAdjPower ?? 0n, power.totalQualityAdjPower), verdict };
  }
});
