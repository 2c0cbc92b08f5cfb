/**
 * The mining base: a higher head takes its place, a late look at its own height only ever takes blocks away, and behind
 * is not past.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { type Tipset, tipsetOf } from '../../src/chain/tipset.ts';
import { headOf } from '../../src/effects/plain.ts';
import { hasGoneOn, intersectBases, placeOf, refreshBase, sameMinTicket, standsFast } from '../../src/mining/base.ts';
import { type Head, minTicketOf } from '../../src/mining/round.ts';
import * as arb from '../arbitraries.ts';

const names = ({ blocks }: Head): string[] => blocks.map(({ cid }) => toHex(cid));

/** Two tipsets over one pool of blocks, and who is in which. */
const overlapping = arb.tipset.chain((pool) => {
  const some = fc.shuffledSubarray([...pool.blocks], { minLength: 1 });
  return fc.tuple(some, some).map(([old, head]) => ({ pool: headOf(pool), old: headOf(tipsetOf(old)), head: headOf(tipsetOf(head)) }));
});
const moved = (tipset: Tipset, by: number): Head => ({ ...headOf(tipset), height: tipset.height + by });
const isCut = fc.boolean();

describe('a base refreshed from the cut-off on (FRC-0051)', () => {
  it('keeps the blocks that both have, in the order of tickets; itself where that is none', () => {
    fc.assert(
      fc.property(overlapping, ({ old, head }) => {
        const both = names(old).filter((name) => names(head).includes(name));
        const kept = refreshBase(old, head, true);
        expect(kept).toEqual(intersectBases(old, head));
        expect(names(kept)).toEqual(both.length === 0 ? names(old) : both);
        expect({ ...kept, blocks: [] }).toEqual({ ...old, blocks: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('takes nothing in: a head that has more leaves it as it is', () => {
    fc.assert(
      fc.property(overlapping, ({ pool, old }) => {
        expect(refreshBase(old, pool, true)).toBe(old);
        expect(standsFast(old, pool, true)).toBe(true);
        expect(names(refreshBase(pool, old, true))).toEqual(names(old));
        expect(refreshBase(old, old, true)).toBe(old);
      }),
      { numRuns: 60 },
    );
  });

  it('stays where the head of its height has other parents', () => {
    fc.assert(
      fc.property(overlapping, ({ old, head }) => {
        const apart = { ...head, parents: cidOf(Uint8Array.of(1)).bytes };
        expect(refreshBase(old, apart, true)).toBe(old);
        expect(intersectBases(old, { ...head, height: head.height + 1 })).toBe(old);
      }),
      { numRuns: 30 },
    );
  });

  it('loses the miner that equivocated, and asks for another ticket only if that had the least', () => {
    fc.assert(
      fc.property(arb.tipset, fc.nat(4), (tipset, chosen) => {
        fc.pre(tipset.blocks.length > 1);
        const cheat = tipset.blocks[chosen % tipset.blocks.length];
        const [old, honest] = [headOf(tipset), headOf(tipsetOf(tipset.blocks.filter((block) => block !== cheat)))];
        const kept = refreshBase(old, honest, true);
        expect(kept).toEqual(honest);
        expect(standsFast(old, honest, true)).toBe(false);
        expect(sameMinTicket(old, kept)).toBe(toHex(minTicketOf(old)) === toHex(minTicketOf(honest)));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a base refreshed before the cut-off', () => {
  it('is whatever the head of its height is', () => {
    fc.assert(
      fc.property(overlapping, ({ old, head }) => {
        expect(names(refreshBase(old, head, false))).toEqual(names(head));
        expect(standsFast(old, head, false)).toBe(names(old).join() === names(head).join());
      }),
      { numRuns: 60 },
    );
  });
});

describe('a base, whenever it is refreshed,', () => {
  it('is the head that is higher, and never one that is lower: behind is not past', () => {
    fc.assert(
      fc.property(arb.tipset, arb.tipset, fc.integer({ min: 1, max: 50 }), isCut, (one, other, by, cut) => {
        const base = headOf(one);
        const [higher, lower] = [moved({ ...other, height: one.height }, by), moved({ ...other, height: one.height }, -by)];
        expect([placeOf(base, higher), placeOf(base, lower), placeOf(base, base)]).toEqual(['ahead', 'behind', 'same']);
        expect(refreshBase(base, higher, cut)).toBe(higher);
        expect(refreshBase(base, lower, cut)).toBe(base);
        expect([hasGoneOn(base, higher), hasGoneOn(base, lower), hasGoneOn(base, base)]).toEqual([true, false, false]);
      }),
      { numRuns: 60 },
    );
  });

  it('comes to rest: two nodes that answer in turn move it no further than up and fewer', () => {
    fc.assert(
      fc.property(overlapping, fc.integer({ min: 0, max: 1 }), ({ old, head }, up) => {
        const other = { ...head, height: head.height + up };
        let base = old;
        for (let i = 0; i < 4; i++) base = refreshBase(refreshBase(base, other, true), old, true);
        expect(standsFast(base, other, true) && standsFast(base, old, true)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
