/**
 * The lookback: each case by hand, the change from 10 to 900 epochs, and a chain of 2,400 epochs against a naive walk.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lookback, lookbackEpoch, lookbackOf } from '../../src/consensus/lookback.ts';
import type { NetworkParams } from '../../src/consensus/network/network.ts';
import { CALIBNET, devnet2k, MAINNET } from '../../src/consensus/network/networks.ts';

const DEVNET = devnet2k(0n);
const before = (epoch: number): Lookback => ({ kind: 'before', epoch });

describe('lookback', () => {
  it.each([
    // Up to version 3: 10 epochs.
    ['mainnet’s first epoch: genesis is the base', MAINNET, 1, 0, { kind: 'after-base' }],
    ['mainnet, epoch 10: 10 back is genesis', MAINNET, 10, 9, before(1)],
    ['mainnet, epoch 11: the state after the tipset of 1', MAINNET, 11, 10, before(2)],
    ['mainnet, epoch 38', MAINNET, 38, 37, before(29)],
    ['as many null rounds as the lookback: the base itself', MAINNET, 110, 100, { kind: 'after-base' }],
    ['one fewer', MAINNET, 109, 100, before(100)],
    ['more of them: the base itself', MAINNET, 500, 100, { kind: 'after-base' }],
    // Assembly at 138,720 is the last epoch of version 3.
    ['the last epoch of version 3', MAINNET, 138_720, 138_719, before(138_711)],
    ['the first of version 4: 900 epochs', MAINNET, 138_721, 138_720, before(137_822)],
    ['version 3, over null rounds: the base itself', MAINNET, 138_720, 138_700, { kind: 'after-base' }],
    ['version 4, 900 epochs after the base: none', MAINNET, 139_600, 138_700, { kind: 'none' }],
    ['version 4, 899 epochs after it', MAINNET, 139_599, 138_700, before(138_700)],
    ['the epoch’s version counts, not the base’s', MAINNET, 138_721, 138_700, before(137_822)],
    // Ignition brings version 3 and changes nothing here.
    ['Ignition', MAINNET, 94_000, 93_999, before(93_991)],
    ['after Ignition', MAINNET, 94_001, 94_000, before(93_992)],
    ['calibnet at Assembly', CALIBNET, 30, 29, before(21)],
    ['calibnet after Assembly: 900 reach genesis', CALIBNET, 31, 30, before(1)],
    // Born with 900.
    ['a devnet’s first epoch', DEVNET, 1, 0, { kind: 'after-base' }],
    ['a devnet after any null rounds, on genesis', DEVNET, 5000, 0, { kind: 'after-base' }],
    ['a devnet, epoch 368', DEVNET, 368, 367, before(1)],
    ['a devnet, epoch 900', DEVNET, 900, 899, before(1)],
    ['a devnet, epoch 901', DEVNET, 901, 900, before(2)],
    ['a devnet, 900 epochs after its first block: none', DEVNET, 901, 1, { kind: 'none' }],
    ['a devnet, 899 epochs after its first block', DEVNET, 900, 1, before(1)],
  ] satisfies [string, NetworkParams, number, number, Lookback][])('%s', (_, params, epoch, base, expected) => {
    expect(lookbackOf(params, epoch, base)).toEqual(expected);
  });

  it.each([
    [MAINNET, 5, 0],
    [MAINNET, 10, 0],
    [MAINNET, 11, 1],
    [MAINNET, 138_720, 138_710],
    [MAINNET, 138_721, 137_821],
    [DEVNET, 900, 0],
    [DEVNET, 901, 1],
  ])('$name of $1 is $2', (params, epoch, expected) => {
    expect(lookbackEpoch(params, epoch)).toBe(expected);
  });
});

/** Heights of a chain of 2,400 epochs: a quarter of them null rounds, and here and there a long silence. */
const chain = fc
  .array(fc.oneof({ weight: 30, arbitrary: fc.constantFrom(1, 1, 1, 2) }, { weight: 1, arbitrary: fc.integer({ min: 3, max: 1100 }) }), {
    minLength: 1900,
    maxLength: 1900,
  })
  .map((steps) => {
    const heights = [0];
    for (const step of steps) heights.push((heights.at(-1) ?? 0) + step);
    return heights;
  });

/** Lotus' walk (docs/protocol.md 2.13 step 2): height of the lookback tipset, or null where there is none. */
function naive(heights: readonly number[], base: number, epoch: number, lookback: number): number | null {
  const target = epoch > lookback ? epoch - lookback : 0;
  if (target >= base) return lookback === 10 || base === 0 ? base : null;
  let i = heights.indexOf(base);
  while ((heights[i - 1] ?? -1) >= target + 1) i--;
  return heights[i - 1] ?? 0;
}

/** The same from what the rule says. */
function resolved(params: NetworkParams, heights: readonly number[], base: number, epoch: number): number | null {
  const lookback = lookbackOf(params, epoch, base);
  if (lookback.kind === 'none') return null;
  if (lookback.kind === 'after-base') return base;
  const next = heights.findIndex((height) => height >= lookback.epoch);
  return heights[next - 1] ?? 0;
}

describe('on a chain of thousands of epochs, over Assembly', () => {
  it('finds the tipset that the walk finds: the last at or before the epoch looked back to', () => {
    const params: NetworkParams = { ...MAINNET, upgrades: { ...MAINNET.upgrades, breeze: -1, smoke: -2, ignition: -3, refuel: -4, assembly: 1000 } };
    const found = { base: 0, genesis: 0, early: 0, late: 0, none: 0 };
    fc.assert(
      fc.property(chain, fc.array(fc.tuple(fc.nat(1900), fc.integer({ min: 1, max: 1200 })), { minLength: 40, maxLength: 40 }), (heights, rounds) => {
        for (const [at, step] of rounds) {
          const base = heights[at] as number;
          const epoch = base + (step % 3 === 0 ? step : 1);
          const lookback = epoch <= 1000 ? 10 : 900;
          const tipset = resolved(params, heights, base, epoch);
          expect(tipset).toBe(naive(heights, base, epoch, lookback));
          if (tipset === null) found.none++;
          else if (tipset === base) found.base++;
          else {
            const target = Math.max(0, epoch - lookback);
            expect(tipset).toBe(heights.findLast((height) => height <= target));
            found[tipset === 0 ? 'genesis' : lookback === 10 ? 'early' : 'late']++;
          }
        }
      }),
      { numRuns: 60 },
    );
    for (const count of Object.values(found)) expect(count).toBeGreaterThan(5);
  });
});
