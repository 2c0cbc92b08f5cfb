/** Weight of tipsets: mainnet's first two by hand, growth in every argument, and the order of heads. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHeader } from '../../src/chain/block-header.ts';
import { compareTickets, minTicket, type Tipset, tipsetOf } from '../../src/chain/tipset.ts';
import { isHeavier, tipsetWeight, totalWins, weightOf } from '../../src/consensus/weight.ts';
import * as arb from '../arbitraries.ts';

const weight = fc.bigInt({ min: 0n, max: 10n ** 20n });
const power = fc.bigInt({ min: 0n, max: 10n ** 22n });
const wins = fc.nat(75);

describe('weight of a tipset', () => {
  // floor(log2) of mainnet's first power, 791,648,371,998,720, is 49; 49 * 256 = 12,544, and wins add floor(12,544 wins
  // / 10).
  it.each([
    ['mainnet, genesis: 12544', 0n, 791_648_371_998_720n, 0, 12_544n],
    ['mainnet, epoch 1, one win: 12544 + 12544 + 1254', 12_544n, 791_648_371_998_720n, 1, 26_342n],
    ['five wins: 12544 + 6272', 0n, 791_648_371_998_720n, 5, 18_816n],
    ['a power of two: log2 is exact', 0n, 1n << 49n, 0, 12_544n],
    ['one less', 0n, (1n << 49n) - 1n, 0, 12_288n],
    ['power 1: log2 is 0', 7n, 1n, 9, 7n],
    ['no power', 7n, 0n, 9, 7n],
    // 10 * 256 = 2560; 2560 * 3 / 10.
    ['1 KiB, three wins', 1000n, 1024n, 3, 4328n],
  ])('%s', (_, parent, total, count, expected) => {
    expect(tipsetWeight(parent, total, count)).toBe(expected);
  });

  it('grows with the parent’s by as much, and never falls with power or wins', () => {
    fc.assert(
      fc.property(weight, power, wins, weight, power, wins, (parent, total, count, heavier, more, winsMore) => {
        const base = tipsetWeight(parent, total, count);
        expect(tipsetWeight(parent + heavier, total, count)).toBe(base + heavier);
        expect(tipsetWeight(parent, total + more, count) >= base).toBe(true);
        expect(tipsetWeight(parent, total, count + winsMore) >= base).toBe(true);
        expect(base >= parent).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('of two and more bytes of power rises with each win by a tenth of log2', () => {
    fc.assert(
      fc.property(weight, fc.integer({ min: 1, max: 70 }), wins, (parent, log2, count) => {
        const gain = tipsetWeight(parent, 1n << BigInt(log2), count + 1) - tipsetWeight(parent, 1n << BigInt(log2), count);
        const tenth = (BigInt(log2) * 256n) / 10n;
        expect(gain === tenth || gain === tenth + 1n).toBe(true);
      }),
    );
  });

  it('comes from the headers: the first one’s parent weight, the wins of all', () => {
    fc.assert(
      fc.property(arb.tipset, power, (tipset, total) => {
        const sum = tipset.blocks.reduce((all, { electionProof }) => all + (electionProof === null ? 0 : electionProof.winCount), 0);
        expect(totalWins(tipset)).toBe(sum);
        expect(weightOf(tipset, total)).toBe(tipsetWeight((tipset.blocks[0] as BlockHeader).parentWeight, total, sum));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the heavier head', () => {
  it('is that of more weight, whatever the tickets', () => {
    fc.assert(
      fc.property(arb.tipset, arb.tipset, weight, fc.bigInt({ min: 1n, max: 10n ** 9n }), (a, b, base, more) => {
        expect([isHeavier(a, base + more, b, base), isHeavier(b, base, a, base + more)]).toEqual([true, false]);
      }),
      { numRuns: 50 },
    );
  });

  it('of equal weight is that of the lesser ticket', () => {
    fc.assert(
      fc.property(arb.tipset, arb.tipset, weight, (a, b, both) => {
        const order = compareTickets(minTicket(a), minTicket(b));
        fc.pre(order !== 0);
        expect([isHeavier(a, both, b, both), isHeavier(b, both, a, both)]).toEqual([order < 0, order > 0]);
      }),
      { numRuns: 50 },
    );
  });

  it('is decided by the first pair of tickets that differs', () => {
    fc.assert(
      fc.property(arb.blockHeader, arb.ticket, arb.ticket, arb.ticket, (header, t1, t2, t3) => {
        const tipset = (...tickets: (typeof t1)[]): Tipset => tipsetOf(tickets.map((ticket) => ({ ...header, ticket })));
        const [first, second, third] = [t1, t2, t3].sort(compareTickets) as [typeof t1, typeof t1, typeof t1];
        fc.pre(compareTickets(first, second) !== 0 && compareTickets(second, third) !== 0);
        const [a, b] = [tipset(first, second), tipset(first, third)];
        expect([isHeavier(a, 1n, b, 1n), isHeavier(b, 1n, a, 1n)]).toEqual([true, false]);
        // A later pair that is the other way round does not count: {1, 3} against {2, 2'} is decided by 1 < 2.
        const [c, d] = [tipset(first, third), tipset(second)];
        expect([isHeavier(c, 1n, d, 1n), isHeavier(d, 1n, c, 1n)]).toEqual([true, false]);
        // One that goes on where the other ends, with the same tickets before: undecided.
        const [e, f] = [tipset(first), tipset(first, second)];
        expect([isHeavier(e, 1n, f, 1n), isHeavier(f, 1n, e, 1n)]).toEqual([false, false]);
      }),
      { numRuns: 50 },
    );
  });

  it('is never both, and a head is not heavier than itself', () => {
    fc.assert(
      fc.property(arb.tipset, arb.tipset, fc.bigInt({ min: 0n, max: 2n }), fc.bigInt({ min: 0n, max: 2n }), (a, b, weightA, weightB) => {
        expect(isHeavier(a, weightA, b, weightB) && isHeavier(b, weightB, a, weightA)).toBe(false);
        expect(isHeavier(a, weightA, a, weightA)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
