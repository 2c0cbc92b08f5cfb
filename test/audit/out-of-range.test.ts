/**
 * Headers with numbers that no header may have, in an audit of a whole chain: each gets its verdict, and all others get
 * theirs.
 */

import * as dagCbor from '@ipld/dag-cbor';
import { beforeAll, describe, expect, it } from 'vitest';
import { blockCid, blockHeader } from '../../src/chain/block-header.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import { validateBlock } from '../../src/consensus/validation/block-validation.ts';
import { roundOf } from '../../src/consensus/validation/round.ts';
import { type AuditRun, verdictOf } from './fixtures/audit-run.ts';
import { openDevnet } from './fixtures/devnet.ts';
import { judgeForgery, type Original, originalAt, roundOfForgery, signed } from './fixtures/forge.ts';
import { judging, reportOf, type ShortChain, shortChainTo46, turned, withHead } from './fixtures/hostile-car.ts';
import { WIDE_BASE } from './fixtures/mutation.ts';
import { facing, totalPower } from './fixtures/state-mutations.ts';

const outcome = judging();
let made: ShortChain;
let original: Original;
beforeAll(async () => {
  made = await shortChainTo46();
  original = originalAt(await openDevnet(), 46, 'f01000');
}, 60_000);

type Fields = unknown[];
const GREAT = 2n ** 60n;

/** The chain to 46 with these bytes as a second root. */
function withRoot(bytes: Uint8Array): Promise<AuditRun> {
  const block = { cid: cidOf(bytes), bytes };
  return reportOf(outcome(withHead(made.chain, [...made.chain.roots, block.cid], [block]), 44));
}

/** The recorded head's bytes with one field changed. */
function altered(change: (fields: Fields) => void): Uint8Array {
  const fields = dagCbor.decode(encode(blockHeader, original.header)) as Fields;
  change(fields);
  return dagCbor.encode(fields);
}

describe('a header out of range beside good ones', () => {
  it.each([
    ['a win count of 2^60', (fields: Fields) => Object.assign(fields[2] as Fields, { 0: GREAT })],
    ['a win count of -2^60', (fields: Fields) => Object.assign(fields[2] as Fields, { 0: -GREAT })],
    ['a height of 2^60', (fields: Fields) => Object.assign(fields, { 7: GREAT })],
    ['a proof of type 2^60', (fields: Fields) => Object.assign((fields[4] as Fields[])[0] as Fields, { 0: GREAT })],
  ])('with %s is wrong in its form, and no other block is touched', async (_name, change) => {
    const bytes = altered(change);
    const [run, recorded] = [await withRoot(bytes), await reportOf(outcome(made.chain, 44))];
    const odd = run.blocks.filter(({ cid }) => cid === cidOf(bytes).toString());
    expect(odd.map((block) => verdictOf(block, 'form').verdict)).toEqual(['wrong']);
    const others = run.blocks.filter((block) => !odd.includes(block));
    expect(others.map(({ cid }) => cid).toSorted()).toEqual(recorded.blocks.map(({ cid }) => cid).toSorted());
    expect(others.map(turned)).toEqual(others.map(() => ({})));
    expect(run.summary.wrongBlocks).toBe(1);
    // A made-up number of wins is nobody's.
    expect(run.summary.miners.map(({ miner, wins }) => [miner, wins])).toEqual(recorded.summary.miners.map(({ miner, wins }) => [miner, wins]));
  });

  it('with a proof of a type that nobody knows has its verdicts, and so has every other', async () => {
    const [proof] = original.header.winPoStProof;
    const header = signed(original, { winPoStProof: [{ postProof: 99, proofBytes: proof?.proofBytes as Uint8Array }] });
    const run = await withRoot(encode(blockHeader, header));
    const own = run.blocks.filter(({ cid }) => cid === blockCid(header).toString());
    expect(own.map((block) => [verdictOf(block, 'block-signature').verdict, block.checks.length])).toEqual([['ok', 23]]);
    // An insecure network takes the mock whatever its kind; that it is none is said.
    expect(own.map((block) => verdictOf(block, 'winning-post'))).toEqual([
      expect.objectContaining({ verdict: 'ok', note: expect.stringContaining('kind 99') }),
    ]);
    for (const block of run.blocks.filter((one) => !own.includes(one))) expect(turned(block)).toEqual({});
  });
});

describe('where proofs are verified', () => {
  it.each([-1, 15, 99])('a proof of kind %i is wrong: no proof library knows it', (postProof) => {
    expect(winningPostOf(postProof)).toMatchObject({ verdict: 'wrong', found: `one of kind ${postProof}` });
  });
  it.each([0, 4, 14])('one of kind %i is for the verifier', (postProof) => {
    expect(winningPostOf(postProof).verdict).toBe('not-checkable');
  });
});

/** The verdict over a proof of the right length of this kind, where no mock is taken. */
function winningPostOf(postProof: number) {
  const header = signed(original, { winPoStProof: [{ postProof, proofBytes: new Uint8Array(192) }] });
  const round = roundOfForgery(original, { header });
  const results = validateBlock({ ...round, params: { ...round.params, insecurePoSt: false } }, blockCid(header), header);
  return results.find(({ check }) => check === 'winning-post')?.verdict ?? { verdict: 'none' };
}

describe('a chain that no node goes on with', () => {
  it('of a network without power is wrong: a base in it weighs nothing', () => {
    const wide = originalAt(original.devnet, ...WIDE_BASE);
    const results = judgeForgery(
      wide,
      facing(
        wide,
        'base',
        totalPower(() => 0n),
      ),
    );
    expect(results.find(({ check }) => check === 'parent-weight')?.verdict).toMatchObject({ verdict: 'wrong' });
    const looked = judgeForgery(
      wide,
      facing(
        wide,
        'lookback',
        totalPower(() => 0n),
      ),
    );
    expect(looked.find(({ check }) => check === 'win-count')?.verdict).toMatchObject({ verdict: 'wrong' });
  });

  it('of 20 tipsets without a beacon entry is wrong', () => {
    const { devnet, cid, header } = originalAt(original.devnet, ...WIDE_BASE);
    const { view } = devnet.judge;
    const tipset: typeof view.tipset = (key) => {
      const whole = view.tipset(key);
      return { ...whole, blocks: whole.blocks.map((block) => ({ ...block, beaconEntries: [] })) };
    };
    const round = roundOf({ ...devnet.judge, view: { ...view, tipset } }, tipset(header.parents), header.height, header.parentStateRoot);
    const verdicts = validateBlock(round, cid, header);
    expect(verdicts.find(({ check }) => check === 'beacon-rounds')?.verdict).toMatchObject({ verdict: 'wrong' });
  });
});
