/**
 * Consensus faults that a file proves: two blocks that one worker signed and must not have, wherever in the source they
 * stand.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { conclusionOf } from '../../src/audit/report/conclusion.ts';
import { isWrong } from '../../src/audit/report/summary.ts';
import { formatAddress } from '../../src/chain/address.ts';
import { type BlockHeader, blockCid, blockHeader } from '../../src/chain/block-header.ts';
import type { CID } from '../../src/chain/encoding/cid.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import { faultsAmong, type SeenBlock } from '../../src/consensus/validation/consensus-faults.ts';
import type { AuditRun } from './fixtures/audit-run.ts';
import { openDevnet } from './fixtures/devnet.ts';
import { type Original, originalAt, signed } from './fixtures/forge.ts';
import { headerIn, judging, keyAt, reportOf, type ShortChain, shortChainTo46, withHead } from './fixtures/hostile-car.ts';

const outcome = judging();
let made: ShortChain;
let original: Original;
beforeAll(async () => {
  made = await shortChainTo46();
  original = originalAt(await openDevnet(), 46, 'f01000');
}, 60_000);

/** The chain to 46 with another block as a second root. */
function beside(header: BlockHeader): Promise<AuditRun> {
  const block = { cid: blockCid(header), bytes: encode(blockHeader, header) };
  return reportOf(outcome(withHead(made.chain, [...made.chain.roots, block.cid], [block]), 44));
}

const parentsOf = (epoch: number, miner: string): CID =>
  keyAt(made.chain, epoch).find((cid) => formatAddress(headerIn(made.chain, cid).miner) === miner) as CID;
const winsOf = ({ summary }: AuditRun) => summary.miners.find(({ miner }) => miner === 'f01000')?.wins;

describe('a source with two blocks of one miner', () => {
  it('of none is at fault, as it was recorded', async () => {
    const run = await reportOf(outcome(made.chain, 44));
    expect([run.summary.faults, conclusionOf(run.summary)]).toEqual([[], expect.not.stringContaining('fault')]);
  });

  it('in the head tipset: a double-fork, no node takes the tipset, and its wins count once', async () => {
    const header = signed(original, { forkSignaling: 7n });
    const [run, recorded] = [await beside(header), await reportOf(outcome(made.chain, 44))];
    expect(run.summary.faults).toEqual([
      { fault: 'double-fork', miner: 'f01000', epoch: 46, blocks: [original.cid, blockCid(header)].map(String), isSigned: true, isInHead: true },
    ]);
    expect(conclusionOf(run.summary)).toContain('the head tipset of epoch 46 is wrong: it has two blocks of f01000; 1 consensus fault');
    expect([isWrong(run.summary), run.summary.wrongBlocks, isWrong(recorded.summary)]).toEqual([true, 0, false]);
    expect(winsOf(run)).toBe(winsOf(recorded));
  });

  it('on one base at two heights: a time-offset, and no win for the one beside the chain', async () => {
    const header = signed(original, { height: 47, timestamp: original.header.timestamp + 4n });
    const [run, recorded] = [await beside(header), await reportOf(outcome(made.chain, 44))];
    expect(run.summary.faults).toEqual([
      { fault: 'time-offset', miner: 'f01000', epoch: 47, blocks: [original.cid, blockCid(header)].map(String), isSigned: true },
    ]);
    expect(isWrong({ ...run.summary, wrongBlocks: 0 })).toBe(false);
    expect(winsOf(run)).toBe(winsOf(recorded));
  });

  it('of which one leaves out the other for its sibling: parent-grinding', async () => {
    const [own, sibling] = [parentsOf(45, 'f01000'), parentsOf(45, 'f01002')];
    const header = signed(original, { parents: [sibling] });
    const { faults } = (await beside(header)).summary;
    expect(faults.map(({ fault }) => fault).toSorted()).toEqual(['double-fork', 'parent-grinding']);
    expect(faults.find(({ fault }) => fault === 'parent-grinding')).toEqual({
      fault: 'parent-grinding',
      miner: 'f01000',
      epoch: 46,
      blocks: [own, blockCid(header), sibling].map(String),
      isSigned: true,
    });
  });

  it('of which one is signed by somebody else proves nothing against it', async () => {
    const header = { ...signed(original, { forkSignaling: 7n }), blockSig: made.head.blockSig };
    expect((await beside(header)).summary.faults).toEqual([]);
  });
});

describe('faults among blocks', () => {
  const block = (cid: string, epoch: number, parents: readonly string[], more: Partial<SeenBlock> = {}): SeenBlock => ({
    cid,
    epoch,
    miner: 'f01',
    parents,
    isSigned: true,
    ...more,
  });
  const kinds = (...blocks: readonly SeenBlock[]) => faultsAmong(blocks).map(({ fault, isSigned }) => [fault, isSigned]);

  it('are of one miner, and of two blocks', () => {
    expect(kinds(block('a', 5, ['p']), block('b', 5, ['q']))).toEqual([['double-fork', true]]);
    expect(kinds(block('a', 5, ['p']), block('a', 5, ['p']))).toEqual([]);
    expect(kinds(block('a', 5, ['p']), block('b', 5, ['p'], { miner: 'f02' }))).toEqual([]);
    expect(kinds(block('a', 5, ['p']), block('b', 6, ['q']))).toEqual([]);
  });

  it('in a head tipset are told from those of another branch, whatever stands before them', () => {
    const head = (cid: string, more: Partial<SeenBlock> = {}): SeenBlock => block(cid, 5, ['p'], { isHead: true, ...more });
    const inHead = (...blocks: readonly SeenBlock[]) => faultsAmong(blocks).map(({ blocks: cids, isInHead }) => [cids.join(''), isInHead]);
    const others = Array.from({ length: 12 }, (_, i) => block(`${i}`, 5, ['q']));
    expect(inHead(...others, head('a'), head('b')).slice(-2)).toEqual([
      ['0a', undefined],
      ['ab', true],
    ]);
    expect(inHead(head('a'), head('b', { parents: ['q'] }))).toEqual([['ab', undefined]]);
    expect(inHead(head('a'), block('b', 5, ['p']))).toEqual([['ab', undefined]]);
    expect(faultsAmong([head('a'), head('b', { isSigned: null })])).toMatchObject([{ isInHead: true, isSigned: false }]);
  });

  it('with a signature that could not be asked say so', () => {
    expect(kinds(block('a', 5, ['p']), block('b', 5, ['q'], { isSigned: null }))).toEqual([['double-fork', false]]);
  });

  it('by parents: only the own block of the same base may not be left out', () => {
    const own = block('a', 5, ['p']);
    const sibling = block('s', 5, ['p'], { miner: 'f02' });
    expect(kinds(own, sibling, block('c', 6, ['s']))).toEqual([['parent-grinding', true]]);
    expect(kinds(own, sibling, block('c', 6, ['a', 's']))).toEqual([]);
    expect(kinds(own, block('s', 5, ['q'], { miner: 'f02' }), block('c', 6, ['s']))).toEqual([]);
  });
});
