/**
 * The premium that the base fee follows from FireHorse on: at which message the rank lies, what is counted once, what a
 * fee cap leaves.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idAddress } from '../../../src/chain/address.ts';
import { effectiveGasPremium, premiumAtRank } from '../../../src/consensus/messages/base-fee.ts';
import { type Bid, GIGA, messages } from './base-fee-bids.ts';

/** Of 10e9 gas a block, 80 % less one: the rank at which the premium is read. */
const RANK = 7_999_999_999n;

describe('the premium that counts', () => {
  // Ranked from the highest premium down, the one in whose gas unit number 7,999,999,999 (counted from 0) lies.
  it.each([
    // 8e9 > rank: in the first message.
    ['8,000,000,000 gas of one message: one above', 700n, [{ gas: RANK + 1n, premium: 700n }]],
    // 7,999,999,999 is not more than the rank, and there is nothing else.
    ['7,999,999,999 gas of one message: not reached', 0n, [{ gas: RANK, premium: 700n }]],
    ['7,999,999,998 gas: one below', 0n, [{ gas: RANK - 1n, premium: 700n }]],
    // The second message holds the unit.
    [
      'one below, and two units of a lower premium',
      9n,
      [
        { gas: RANK - 1n, premium: 700n },
        { gas: 2n, premium: 9n },
      ],
    ],
    [
      'exactly at it, and one unit of a lower premium',
      9n,
      [
        { gas: RANK, premium: 700n },
        { gas: 1n, premium: 9n },
      ],
    ],
    [
      'one above, and one unit of a lower premium',
      700n,
      [
        { gas: RANK + 1n, premium: 700n },
        { gas: 1n, premium: 9n },
      ],
    ],
    // 3e9 + 3e9 + 3e9: sums 3e9, 6e9, 9e9; the third passes the rank, by premium 50, 40, 30.
    [
      'three of 3e9, in any order',
      30n,
      [
        { gas: 3n * GIGA, premium: 40n },
        { gas: 3n * GIGA, premium: 30n },
        { gas: 3n * GIGA, premium: 50n },
      ],
    ],
    // 3e9 + 5e9 = 8e9 passes it.
    [
      '3e9 and 5e9',
      40n,
      [
        { gas: 3n * GIGA, premium: 50n },
        { gas: 5n * GIGA, premium: 40n },
        { gas: 9n * GIGA, premium: 30n },
      ],
    ],
    // The same premium twice.
    [
      'equal premiums',
      40n,
      [
        { gas: 6n * GIGA, premium: 40n },
        { gas: 6n * GIGA, premium: 40n },
      ],
    ],
    ['a tipset of five full blocks: the dearest 8e9 alone', 60n, [10n, 20n, 60n, 30n, 40n].map((premium) => ({ gas: 10n * GIGA, premium }))],
    ['no message at all', 0n, []],
    ['free messages only', 0n, [{ gas: 10n * GIGA, premium: 0n }]],
  ] satisfies [string, bigint, Bid[]][])('%s', (_, expected, bids) => {
    expect(premiumAtRank(messages(...bids), 100n)).toBe(expected);
  });

  it('is no more than the fee cap leaves over the base fee, and never negative', () => {
    // Cap 150 over fee 100 leaves 50 of a premium of 700.
    expect(premiumAtRank(messages({ gas: 9n * GIGA, premium: 700n, cap: 150n }), 100n)).toBe(50n);
    expect(premiumAtRank(messages({ gas: 9n * GIGA, premium: 700n, cap: 100n }), 100n)).toBe(0n);
    expect(premiumAtRank(messages({ gas: 9n * GIGA, premium: 700n, cap: 99n }), 100n)).toBe(0n);
    expect(premiumAtRank(messages({ gas: 9n * GIGA, premium: 700n, cap: 800n }), 100n)).toBe(700n);
    expect(effectiveGasPremium({ gasPremium: 700n, gasFeeCap: 799n }, 100n)).toBe(699n);
  });

  it('is ranked by what is effective, not by what is bid', () => {
    // Bids 900 (worth 10) and 20 (worth 20), 5e9 each: the dearer is the second, the unit lies in the first.
    const bids = [
      { gas: 5n * GIGA, premium: 900n, cap: 110n },
      { gas: 5n * GIGA, premium: 20n },
    ];
    expect(premiumAtRank(messages(...bids), 100n)).toBe(10n);
  });

  it('counts each nonce of a sender once: the first that stands in the tipset', () => {
    const [a, b] = [idAddress(100n), idAddress(200n)];
    const twice = [
      { gas: 5n * GIGA, premium: 50n, from: a, nonce: 7n },
      { gas: 5n * GIGA, premium: 40n, from: a, nonce: 7n },
    ];
    // 5e9 alone does not reach the rank.
    expect(premiumAtRank(messages(...twice), 100n)).toBe(0n);
    expect(premiumAtRank(messages(...twice.map((bid, i) => ({ ...bid, nonce: BigInt(i) }))), 100n)).toBe(40n);
    expect(premiumAtRank(messages(...twice.map((bid, i) => ({ ...bid, from: i === 0 ? a : b }))), 100n)).toBe(40n);
    // Which of the two counts shows beside a third: 5e9 at 50 or 5e9 at 1, with 5e9 at 30.
    const third = { gas: 5n * GIGA, premium: 30n, from: b };
    expect(premiumAtRank(messages({ ...third, premium: 50n, from: a, nonce: 7n }, { ...third, premium: 1n, from: a, nonce: 7n }, third), 100n)).toBe(30n);
    expect(premiumAtRank(messages({ ...third, premium: 1n, from: a, nonce: 7n }, { ...third, premium: 50n, from: a, nonce: 7n }, third), 100n)).toBe(1n);
  });

  it('is the highest that messages of at least it fill the rank with', () => {
    const bid = fc.record({ gas: fc.bigInt({ min: 1n, max: 4n * GIGA }), premium: fc.bigInt({ min: 0n, max: 30n }), cap: fc.bigInt({ min: 90n, max: 130n }) });
    fc.assert(
      fc.property(fc.array(bid, { maxLength: 12 }), (bids) => {
        const worth = bids.map(({ gas, premium, cap }) => ({ gas, worth: cap - 100n < 0n ? 0n : cap - 100n < premium ? cap - 100n : premium }));
        const fills = (least: bigint) => worth.filter((one) => one.worth >= least).reduce((sum, { gas }) => sum + gas, 0n) > RANK;
        const expected = worth.map((one) => one.worth).reduce((best, least) => (least > best && fills(least) ? least : best), 0n);
        expect(premiumAtRank(messages(...bids), 100n)).toBe(expected);
        expect(premiumAtRank(messages(...bids).toReversed(), 100n)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
