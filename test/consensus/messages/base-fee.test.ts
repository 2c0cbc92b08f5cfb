/**
 * The base fee by both of its rules: vectors computed by hand, every boundary of height, and the bounds it moves
 * within. The chains themselves are judged by the audit.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BaseFeeInput,
  baseFeeBounds,
  baseFeeByGas,
  baseFeeByPremium,
  INITIAL_BASE_FEE,
  MINIMUM_BASE_FEE,
  nextBaseFee,
} from '../../../src/consensus/messages/base-fee.ts';
import { CALIBNET, devnet2k, MAINNET } from '../../../src/consensus/network/networks.ts';
import { type Bid, GIGA, messages } from './base-fee-bids.ts';

function base(height: number, baseFee: bigint, ...bids: readonly Bid[]): BaseFeeInput {
  return { height, baseFee, blocks: 1, messages: messages(...bids) };
}

describe('by gas: vectors by hand', () => {
  // used = gas / blocks after Smoke, 5 gas / (4 blocks) before; delta = used - 5e9, held within 5e9 either way;
  // change = floor(floor(fee * delta / 5e9) / 8); next = max(100, fee + change).
  it.each([
    // delta 0.
    ['the target, exactly', 100_000_000n, 5n * GIGA, 1, true, 100_000_000n],
    // delta -5e9: floor(-1e8 / 8) = -12,500,000.
    ['nothing', 100_000_000n, 0n, 1, true, 87_500_000n],
    // delta 5e9: 1e8 / 8 = 12,500,000.
    ['a full block', 100_000_000n, 10n * GIGA, 1, true, 112_500_000n],
    // 30e9 in 2 blocks: used 15e9, delta 10e9, held to 5e9.
    ['more than there is room for: held to an eighth', 100_000_000n, 30n * GIGA, 2, true, 112_500_000n],
    // used 4e9, delta -1e9: floor(1e8 * -1/5) = -2e7, an eighth of it -2,500,000.
    ['4/5 of the target after Smoke', 100_000_000n, 4n * GIGA, 1, true, 97_500_000n],
    // used 5 * 4e9 / 4 = 5e9, delta 0.
    ['4/5 of the target before Smoke is the target', 100_000_000n, 4n * GIGA, 1, false, 100_000_000n],
    // used 12.5e9, delta 7.5e9, held to 5e9.
    ['a full block before Smoke: held to an eighth', 100_000_000n, 10n * GIGA, 1, false, 112_500_000n],
    // 5 * 7 / (3 * 4) = 2 (35 / 12 rounded down), delta 2 - 5e9; 1e8 * that / 5e9 = -99,999,999.96, down to -1e8; an
    // eighth -12,500,000.
    ['the division of the gas is cut, before Smoke', 100_000_000n, 7n, 3, false, 87_500_000n],
    // 7 / 3 = 2.
    ['the division of the gas is cut, after Smoke', 5_000_000_000n, 7n, 3, true, 4_375_000_000n],
    ['nor below 100', 100n, 0n, 1, true, 100n],
    // floor(-114 / 8) = -15: 99, lifted to 100.
    ['nor from just above to below it', 114n, 0n, 1, true, 100n],
  ])('%s', (_, fee, gas, blocks, afterSmoke, expected) => {
    expect(baseFeeByGas(fee, gas, blocks, afterSmoke)).toBe(expected);
  });

  // Go's Div floors where BigInt's division cuts: 42 of 48 mainnet blocks differ.
  it.each([
    // -1001 / 8 = -125.125: floors to -126, would cut to -125.
    ['the eighth is floored', 1001n, 0n, 875n],
    // delta -1: 1001 * -1 / 5e9 floors to -1 (would cut to 0), floor(-1 / 8) = -1.
    ['so is the share of the target', 1001n, 5n * GIGA - 1n, 1000n],
    // Mainnet's third fee: 87,500,000 -> -10,937,500 exactly; its fourth: 76,562,500 / 8 = 9,570,312.5 floors to
    // -9,570,313.
    ['mainnet’s early fees, the second step', 87_500_000n, 0n, 76_562_500n],
    ['mainnet’s early fees, the third step', 76_562_500n, 0n, 66_992_187n],
    // Upwards the floor is the cut: 1001 / 8 = 125.125.
    ['up, it is the same', 1001n, 10n * GIGA, 1126n],
  ])('%s', (_, fee, gas, expected) => {
    expect(baseFeeByGas(fee, gas, 1, true)).toBe(expected);
  });
});

describe('by premium: vectors by hand', () => {
  // maxAdj = ceil(fee / 8); next = max(100, fee + min(maxAdj, P - maxAdj)).
  it.each([
    // Lotus' own four examples (basefee_test.go) first.
    // maxAdj 13: 100 + min(13, -13) = 87, lifted.
    [100n, 0n, 100n],
    // maxAdj 13: 100 + min(13, 1).
    [100n, 14n, 101n],
    // maxAdj ceil(100.125) = 101: 801 - 101.
    [801n, 0n, 700n],
    // maxAdj 101: 808 + min(101, 201 - 101 = 100).
    [808n, 201n, 908n],
    // maxAdj 101, P - maxAdj = 101: the most there is.
    [808n, 202n, 909n],
    // P beyond twice maxAdj changes nothing more.
    [808n, 10n ** 18n, 909n],
    // P = maxAdj holds the fee.
    [808n, 101n, 808n],
    // One less lowers it by one.
    [808n, 100n, 807n],
    // 1e8: maxAdj 12,500,000; P 20,000,000 gives + 7,500,000.
    [100_000_000n, 20_000_000n, 107_500_000n],
    // ceil(104 / 8) = 13 exactly: 104 + (0 - 13) = 91, lifted.
    [104n, 0n, 100n],
    // 115 - ceil(115 / 8 = 14.375) = 115 - 15 = 100, just not lifted.
    [115n, 0n, 100n],
    // 116 - 15.
    [116n, 0n, 101n],
  ])('fee %i, premium %i: %i', (fee, premium, expected) => {
    expect(baseFeeByPremium(fee, premium)).toBe(expected);
  });
});

describe('which rule, by the height of the base', () => {
  const fee = 100_000_000n;
  /** 4e9 gas without premium: 97,500,000 by gas after Smoke, unchanged before it, 87,500,000 by premium. */
  const load: Bid = { gas: 4n * GIGA, premium: 0n };

  it.each([
    ['mainnet’s genesis', MAINNET, 0, fee],
    ['at Breeze: as ever', MAINNET, 41_280, fee],
    ['after Breeze: held down', MAINNET, 41_281, MINIMUM_BASE_FEE],
    ['the last of 119 epochs', MAINNET, 41_399, MINIMUM_BASE_FEE],
    ['after them', MAINNET, 41_400, fee],
    ['at Smoke: 4/5 of the target still are the target', MAINNET, 51_000, fee],
    ['after Smoke', MAINNET, 51_001, 97_500_000n],
    ['before FireHorse', MAINNET, 6_052_799, 97_500_000n],
    ['at FireHorse: by premium', MAINNET, 6_052_800, 87_500_000n],
    ['calibnet, where Breeze is negative', CALIBNET, 0, 97_500_000n],
    ['calibnet before FireHorse', CALIBNET, 3_694_533, 97_500_000n],
    ['calibnet at FireHorse', CALIBNET, 3_694_534, 87_500_000n],
    ['a 2k devnet', devnet2k(0n), 0, 87_500_000n],
  ])('%s', (_, params, height, expected) => {
    expect(nextBaseFee(params, base(height, fee, load))).toBe(expected);
  });

  it('holds Breeze’s window as long as the network says, from epoch 0 on too', () => {
    const at = (breeze: number, duration: number, height: number) =>
      nextBaseFee({ upgrades: { ...MAINNET.upgrades, breeze }, breezeGasTampingDuration: duration }, base(height, fee, load));
    expect([0, 1, 2, 3].map((height) => at(0, 3, height))).toEqual([fee, 100n, 100n, fee]);
    expect(at(10, 0, 11)).toBe(fee);
    expect(at(-1, 120, 5)).toBe(fee);
  });

  it('reads the premium over the base’s own fee', () => {
    // 9e9 gas, premium 30,000,000, cap 115,000,000: worth 15,000,000 over 1e8. maxAdj 12,500,000; 1e8 + min(12.5e6,
    // 2.5e6).
    const bid: Bid = { gas: 9n * GIGA, premium: 30_000_000n, cap: 115_000_000n };
    expect(nextBaseFee(MAINNET, base(6_052_800, fee, bid))).toBe(102_500_000n);
    // At a fee of 90,000,000 it is worth 25,000,000: maxAdj 11,250,000; 25e6 - 11.25e6 = 13.75e6 is more than maxAdj.
    expect(nextBaseFee(MAINNET, base(6_052_800, 90_000_000n, bid))).toBe(101_250_000n);
  });

  it('starts at 100,000,000 attoFIL', () => {
    expect([INITIAL_BASE_FEE, MINIMUM_BASE_FEE]).toEqual([100_000_000n, 100n]);
  });
});

describe('bounds', () => {
  const fee = fc.oneof(fc.bigInt({ min: 100n, max: 2000n }), fc.bigInt({ min: 100n, max: 10n ** 18n }));
  const within = (before: bigint, after: bigint) => {
    const eighth = (before + 7n) / 8n;
    expect(after >= MINIMUM_BASE_FEE).toBe(true);
    expect(after <= before + eighth && (after >= before - eighth || after === MINIMUM_BASE_FEE)).toBe(true);
  };

  it('by gas: at least 100, an eighth at most either way; no less for more gas', () => {
    fc.assert(
      fc.property(
        fee,
        fc.bigInt({ min: 0n, max: 200n * GIGA }),
        fc.bigInt({ min: 0n, max: 10n * GIGA }),
        fc.integer({ min: 1, max: 15 }),
        fc.boolean(),
        (was, gas, more, blocks, smoke) => {
          const next = baseFeeByGas(was, gas, blocks, smoke);
          within(was, next);
          expect(next <= was + was / 8n).toBe(true);
          expect(baseFeeByGas(was, gas + more, blocks, smoke) >= next).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('by premium: at least 100, an eighth at most either way; no less for more premium', () => {
    fc.assert(
      fc.property(fee, fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 10n ** 18n }), (was, premium, more) => {
        const next = baseFeeByPremium(was, premium);
        within(was, next);
        expect(baseFeeByPremium(was, premium + more) >= next).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('at any height of mainnet', () => {
    const bid = fc.record({ gas: fc.bigInt({ min: 1n, max: 10n * GIGA }), premium: fc.bigInt({ min: 0n, max: 10n ** 10n }) });
    fc.assert(
      fc.property(fee, fc.oneof(fc.nat(100_000), fc.integer({ min: 6_000_000, max: 6_100_000 })), fc.array(bid, { maxLength: 6 }), (was, height, bids) => {
        const next = nextBaseFee(MAINNET, base(height, was, ...bids));
        if (height > 41_280 && height < 41_400) expect(next).toBe(MINIMUM_BASE_FEE);
        else within(was, next);
        const { least, most } = baseFeeBounds(MAINNET, { height, baseFee: was });
        expect(next >= least && next <= most).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
