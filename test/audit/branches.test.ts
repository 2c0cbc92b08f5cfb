/**
 * Branches below a second root: judged down to where they meet the chain, and what no root leads to is counted. A
 * rubbish block there passed, exit code 0.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { branchesOf } from '../../src/audit/chain/branches.ts';
import { conclusionOf } from '../../src/audit/report/conclusion.ts';
import { isWrong } from '../../src/audit/report/summary.ts';
import { type BlockHeader, blockCid, blockHeader } from '../../src/chain/block-header.ts';
import { writeCar } from '../../src/chain/car/car.ts';
import { concatBytes } from '../../src/chain/encoding/bytes.ts';
import { type CID, cidOf, parseCid } from '../../src/chain/encoding/cid.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import type { Block } from '../../src/chain/ipld/block-store.ts';
import { verdictOf } from './fixtures/audit-run.ts';
import { openDevnet } from './fixtures/devnet.ts';
import { type Original, originalAt, signed } from './fixtures/forge.ts';
import { carBytes, headerIn, judging, keyAt, reportOf, type ShortChain, shortChainTo46, withHead } from './fixtures/hostile-car.ts';

const outcome = judging();
let made: ShortChain;
let original: Original;
beforeAll(async () => {
  made = await shortChainTo46();
  original = originalAt(await openDevnet(), 45, 'f01000');
}, 60_000);

const blockOf = (header: BlockHeader): Block => ({ cid: blockCid(header), bytes: encode(blockHeader, header) });

/** The chain with these blocks, of which the last is a second root. */
const branched = (...headers: readonly BlockHeader[]) => {
  const blocks = headers.map(blockOf);
  return withHead(made.chain, [...made.chain.roots, (blocks.at(-1) as Block).cid], blocks);
};

describe('a branch below a second root', () => {
  it('is judged down to the chain: rubbish three blocks deep is wrong, and named with its base', async () => {
    const rubbish = new Uint8Array(96).fill(9);
    const bad = { ...original.header, ticket: { vrfProof: rubbish }, parentWeight: 1n, blockSig: { type: 2, data: rubbish } as const };
    const middle = { ...made.head, parents: [blockCid(bad)] };
    const top = { ...made.head, height: 47, parents: [blockCid(middle)] };
    const { blocks, summary } = await reportOf(outcome(branched(bad, middle, top), 45));
    const beside = blocks.filter(({ isBeside }) => isBeside);
    expect(beside.map(({ epoch, cid, base }) => [epoch, cid, base])).toEqual(
      [bad, middle, top].map((header) => [header.height, String(blockCid(header)), header.parents.map(String)]),
    );
    const [first] = beside;
    if (first === undefined) return expect.fail();
    for (const check of ['block-signature', 'ticket-vrf', 'parent-weight']) expect([check, verdictOf(first, check).verdict]).toEqual([check, 'wrong']);
    expect([isWrong(summary), summary.unreached]).toEqual([true, { headers: 0, isCut: false }]);
  });

  it('proves a double-fork below its root, which does not change the exit code', async () => {
    const twin = signed(original, { forkSignaling: 7n });
    const top = { ...made.head, parents: [blockCid(twin)] };
    const { summary, blocks } = await reportOf(outcome(branched(twin, top), 44));
    expect(summary.faults.find(({ epoch }) => epoch === 45)).toEqual({
      fault: 'double-fork',
      miner: 'f01000',
      epoch: 45,
      blocks: [original.cid, blockCid(twin)].map(String),
      isSigned: true,
    });
    const judged = blocks.find(({ cid }) => cid === String(blockCid(twin)));
    expect(judged?.checks.filter(({ verdict }) => verdict.verdict === 'wrong')).toEqual([]);
  });

  it('is limited to the epochs that are asked for, as the chain is, and what was left out is counted', async () => {
    const twin = signed(original, { forkSignaling: 7n });
    const middle = { ...made.head, parents: [blockCid(twin)] };
    const top = { ...made.head, height: 47, parents: [blockCid(middle)] };
    const beside = async (from: number, to?: number) => {
      const { blocks, leftOut } = await reportOf(outcome(branched(twin, middle, top), from, to));
      return [blocks.filter(({ isBeside }) => isBeside).map(({ epoch }) => epoch), leftOut];
    };
    expect(await beside(45)).toEqual([[45, 46, 47], 0]);
    expect(await beside(46)).toEqual([[46, 47], 1]);
    expect(await beside(44, 44)).toEqual([[], 3]);
  });

  it('on a part of a tipset of the chain ends there: no block is judged twice', async () => {
    const [one] = keyAt(made.chain, 45) as readonly [CID];
    const { blocks } = await reportOf(outcome(branched({ ...made.head, parents: [one] }), 44));
    expect(blocks.filter(({ isBeside }) => isBeside)).toHaveLength(1);
    expect(new Set(blocks.map(({ cid }) => cid)).size).toBe(blocks.length);
  });

  it('of more blocks than are followed is cut, and that is said', () => {
    const store = new Map<string, Uint8Array>();
    let parents = original.header.parents;
    for (let height = 1; height <= 105; height++) {
      const bytes = encode(blockHeader, { ...original.header, height, parents });
      parents = [cidOf(bytes)];
      store.set(cidOf(bytes).toString(), bytes);
    }
    const starts = { parents: [], known: [], isOnChain: (_: CID, height: number) => height <= 2 };
    const walked = branchesOf((cid) => store.get(cid.toString()), { ...starts, heads: [parents] }, 100);
    expect([walked.isCut, walked.headers, walked.tipsets.length]).toEqual([true, 100, 100]);
    expect(walked.tipsets.at(-1)).toMatchObject({ height: 105, isHead: true });
    expect(branchesOf((cid) => store.get(cid.toString()), { ...starts, heads: [parents] })).toMatchObject({ isCut: false, headers: 103 });
  });
});

describe('headers that no root leads to', () => {
  it('are counted, each once, and said', async () => {
    const stray = [7n, 8n].map((forkSignaling) => blockOf(signed(original, { forkSignaling })));
    const blocks = Array.from(made.chain.blocks, ([cid, bytes]) => ({ cid: parseCid(cid), bytes }));
    const twice = concatBytes(...writeCar(made.chain.roots, [...stray, ...blocks, ...stray, ...blocks.slice(0, 50)]));
    const { summary } = await reportOf(outcome(twice, 46));
    expect(summary.unreached).toEqual({ headers: 2, isCut: false });
    expect(conclusionOf(summary)).toMatch(/; 2 headers that no root leads to were not looked at$/);
  });

  it('are none in a chain as it was recorded', async () => {
    const { summary } = await reportOf(outcome(carBytes(made.chain), 46));
    expect([summary.unreached.headers, conclusionOf(summary)]).toEqual([0, expect.not.stringContaining('no root')]);
    expect(headerIn(made.chain, made.chain.roots[0] as CID).height).toBe(46);
  });
});
