/** The mining base: null rounds are computed, and a late look at the head only ever takes blocks away. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHeader } from '../../src/chain/block-header.ts';
import { cidOf } from '../../src/chain/cid.ts';
import { equalKeys, type Tipset, tipsetOf } from '../../src/chain/tipset.ts';
import { intersectBases, miningBase, miningEpoch } from '../../src/consensus/mining-base.ts';
import * as arb from '../arbitraries.ts';

describe('mining base', () => {
  it('counts the epochs between its tipset and the one that is mined', () => {
    fc.assert(
      fc.property(arb.tipset, fc.integer({ min: 1, max: 1000 }), (drawn, step) => {
        const tipset: Tipset = { ...drawn, height: drawn.height % 1e9 };
        const base = miningBase(tipset, tipset.height + step);
        expect(base).toEqual({ tipset, nullRounds: step - 1 });
        expect(miningEpoch(base)).toBe(tipset.height + step);
        expect(miningEpoch({ ...base, nullRounds: base.nullRounds + 1 })).toBe(tipset.height + step + 1);
      }),
      { numRuns: 40 },
    );
  });

  it('is none for an epoch that is not after it', () => {
    fc.assert(
      fc.property(arb.tipset, fc.nat(10), (tipset, back) => {
        expect(() => miningBase(tipset, tipset.height - back)).toThrow(
          expect.objectContaining({
            code: 'EPOCH_NOT_AFTER_BASE',
            message: `epoch ${tipset.height - back} cannot be mined on a tipset of height ${tipset.height}`,
          }),
        );
      }),
      { numRuns: 20 },
    );
  });
});

/** Two tipsets over one pool of blocks, and who is in which. */
const overlapping = arb.tipset.chain((pool) => {
  const some = fc.shuffledSubarray([...pool.blocks], { minLength: 1 });
  return fc.tuple(some, some).map(([old, head]) => ({ pool, old, head }));
});

describe('base refreshed at the equivocation cut-off', () => {
  it('keeps the blocks that both have, in the order of tickets', () => {
    fc.assert(
      fc.property(overlapping, ({ old, head }) => {
        const both = old.filter((block) => head.includes(block));
        const kept = intersectBases(tipsetOf(old), tipsetOf(head));
        if (both.length === 0) expect(kept).toBeNull();
        else expect(kept?.key.map(String)).toEqual(tipsetOf(both).key.map(String));
      }),
      { numRuns: 100 },
    );
  });

  it('takes nothing in: a head that has more gives back the old base', () => {
    fc.assert(
      fc.property(overlapping, ({ pool, old }) => {
        const base = tipsetOf(old);
        expect(equalKeys(intersectBases(base, pool)?.key ?? [], base.key)).toBe(true);
        expect(equalKeys(intersectBases(pool, base)?.key ?? [], base.key)).toBe(true);
        expect(equalKeys(intersectBases(base, base)?.key ?? [], base.key)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is none where the head is of another height or other parents', () => {
    fc.assert(
      fc.property(arb.tipset, (old) => {
        const moved = (change: (block: BlockHeader) => BlockHeader) => tipsetOf(old.blocks.map(change));
        expect(
          intersectBases(
            old,
            moved((block) => ({ ...block, height: block.height === 0 ? 1 : block.height - 1 })),
          ),
        ).toBeNull();
        expect(
          intersectBases(
            old,
            moved((block) => ({ ...block, parents: [...block.parents, cidOf(Uint8Array.of(1))] })),
          ),
        ).toBeNull();
        // The same blocks by name, but another height: what the tipset says counts, not only its key.
        expect(intersectBases(old, { ...old, height: old.height + 1 })).toBeNull();
        expect(intersectBases(old, { ...old, parents: [...old.parents, cidOf(Uint8Array.of(1))] })).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it('drops the miner that equivocated, and keeps the least of the tickets that are left as its own', () => {
    fc.assert(
      fc.property(arb.tipset, fc.nat(4), (old, chosen) => {
        fc.pre(old.blocks.length > 1);
        const cheat = old.blocks[chosen % old.blocks.length] as BlockHeader;
        const honest = old.blocks.filter((block) => block !== cheat);
        const kept = intersectBases(old, tipsetOf(honest));
        expect(kept?.blocks).toEqual(honest);
        expect(kept?.parents).toBe(honest[0]?.parents);
      }),
      { numRuns: 40 },
    );
  });
});
