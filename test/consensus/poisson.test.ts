/** Intervals of Poisson counts: quantiles of tables, and an exact computation from the definition. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { electionLambda } from '../../src/consensus/election.ts';
import { poissonInterval } from '../../src/consensus/poisson.ts';
import { poissonOracle } from './poisson-oracle.ts';

const Q256 = 256n;

/** By the definition: the least interval with at most the tail on either side. */
function exactInterval(numerator: bigint, denominator: bigint, tailPerMille: number) {
  const bits = 512n;
  const oracle = poissonOracle(numerator, denominator);
  const tail = ((1n << bits) * BigInt(tailPerMille)) / 1000n;
  let low = 0;
  while (oracle.atMost(low, bits) <= tail) low++;
  let high = low;
  while ((1n << bits) - oracle.atMost(high, bits) > tail) high++;
  return { low, high };
}

describe('poisson interval', () => {
  // Quantiles at 2.5 % and 97.5 % of printed tables.
  it.each([
    [1, 0, 3],
    [5, 1, 10],
    [10, 4, 17],
    [20, 12, 29],
    [100, 81, 120],
  ])('95 %% of mean %i is %i to %i', (mean, low, high) => {
    expect(poissonInterval(BigInt(mean) << Q256, 25)).toEqual({ low, high });
  });

  it.each(['1/10', '1/3', '1/1', '23/10', '5/1', '71/7', '40/1', '123/1', '500/1', '1999/2', '2000/1'])('is the exact one for mean %s', (fraction) => {
    const [numerator, denominator] = fraction.split('/').map(BigInt) as [bigint, bigint];
    for (const tail of [1, 25, 50, 250]) {
      expect({ tail, ...poissonInterval((numerator << Q256) / denominator, tail) }).toEqual({ tail, ...exactInterval(numerator, denominator, tail) });
    }
  });

  it('is the exact one for any mean of thousandths up to 60', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 60_000n }), fc.integer({ min: 1, max: 400 }), (thousandths, tail) => {
        expect(poissonInterval((thousandths << Q256) / 1000n, tail)).toEqual(exactInterval(thousandths, 1000n, tail));
      }),
      { numRuns: 40 },
    );
  });

  it('moves up with the mean and holds it, and widens as the tails shrink', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 6n }), fc.bigInt({ min: 1n, max: 10n ** 5n }), (mean, more) => {
        const [a, b] = [poissonInterval((mean << Q256) / 1000n, 25), poissonInterval(((mean + more) << Q256) / 1000n, 25)];
        expect(b.low).toBeGreaterThanOrEqual(a.low);
        expect(b.high).toBeGreaterThanOrEqual(a.high);
        expect(BigInt(a.low) * 1000n <= mean && mean <= BigInt(a.high + 1) * 1000n).toBe(true);
        const wider = poissonInterval((mean << Q256) / 1000n, 5);
        expect(wider.low <= a.low && wider.high >= a.high).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('takes lambdas of elections as they are', () => {
    const epochs = 2880n;
    // 1/100 of the power: 2880 * 5 / 100 = 144 wins a day.
    expect(poissonInterval(electionLambda(1n, 100n) * epochs, 25)).toEqual(exactInterval(144n, 1n, 25));
  });

  it('expects nothing of no mean', () => {
    expect(poissonInterval(0n, 25)).toEqual({ low: 0, high: 0 });
    expect(poissonInterval(-1n, 25)).toEqual({ low: 0, high: 0 });
    expect(poissonInterval(1n, 25)).toEqual({ low: 0, high: 0 });
  });
});
