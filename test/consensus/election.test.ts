/** Sortition: Lotus' golden values, independent vectors, the exact distribution it approximates, and its laws. */

import { readFileSync } from 'node:fs';
import { blake2b } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { computeWinCount, electionDigest, electionLambda, expNeg, MAX_WIN_COUNT, winCount, winThresholds } from '../../src/consensus/election.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import vectors from '../vectors/consensus-vectors.json' with { type: 'json' };
import { poissonOracle } from './poisson-oracle.ts';

const BITS = 256n;
const ONE = 1n << BITS;

const goldens = sharedData('mainnet/goldens');

describe.skipIf(goldens.absent)(suiteName('golden values of Lotus', goldens.absent), () => {
  const golden = (name: string) => JSON.parse(readFileSync(`${goldens.path}/electionproof-${name}.json`, 'utf8'));

  it('e^-x: 256 of 256', () => {
    const rows: readonly (readonly [string, string])[] = golden('exp');
    expect(rows).toHaveLength(256);
    for (const [x, y] of rows) expect(expNeg(BigInt(x))).toBe(BigInt(y));
  });

  it('lambda: 3 of 3', () => {
    const rows: readonly { readonly power: string; readonly totalPower: string; readonly lambdaQ256: string }[] = golden('lambda');
    expect(rows).toHaveLength(3);
    for (const { power, totalPower, lambdaQ256 } of rows) expect(electionLambda(BigInt(power), BigInt(totalPower))).toBe(BigInt(lambdaQ256));
  });

  it('tails: 7 of 7, each to 15 wins (the golden file has a sixteenth, which no election reaches)', () => {
    const rows: readonly PoissonGolden[] = golden('poisson');
    expect(rows).toHaveLength(7);
    for (const { lambdaBase, lambdaShift, lambdaQ256, icdf } of rows) {
      const lambda = BigInt(lambdaQ256);
      expect(lambda).toBe((BigInt(lambdaBase) << BITS) >> BigInt(lambdaShift));
      expect(icdf).toHaveLength(MAX_WIN_COUNT + 1);
      expect(winThresholds(lambda)).toEqual(icdf.slice(0, MAX_WIN_COUNT).map(BigInt));
    }
  });
});

interface PoissonGolden {
  readonly lambdaBase: string;
  readonly lambdaShift: number;
  readonly lambdaQ256: string;
  readonly icdf: readonly string[];
}

describe('vectors of an independent implementation', () => {
  it('89 win counts', () => {
    expect(vectors.winCount).toHaveLength(89);
    for (const { vrf, power, total, wins } of vectors.winCount) expect(computeWinCount(fromHex(vrf), BigInt(power), BigInt(total))).toBe(wins);
  });

  it('6 values of e^-x', () => {
    expect(vectors.expneg).toHaveLength(6);
    for (const { x, y } of vectors.expneg) expect(expNeg(BigInt(x))).toBe(BigInt(y));
  });

  it.each([
    ['a fifth of the power', 20n, [2, 1, 2, 1, 1, 1]],
    ['all the power', 100n, [7, 4, 7, 4, 6, 5]],
  ])('proofs of one repeated byte, %s', (_, power, wins) => {
    expect([0, 1, 2, 3, 4, 5].map((byte) => computeWinCount(new Uint8Array(96).fill(byte), power, 100n))).toEqual(wins);
  });

  it('an empty proof with all the power', () => {
    expect(computeWinCount(new Uint8Array(0), 100n, 100n)).toBe(9);
  });
});

/** Powers up to the network's, and hashes as proofs give them: uniform, which is what the arithmetic is made for. */
const total = fc.bigInt({ min: 1n, max: 10n ** 20n });
const share = total.chain((all) => fc.tuple(fc.bigInt({ min: 0n, max: all }), fc.constant(all)));
const proof = fc.uint8Array({ minLength: 96, maxLength: 96 });

describe('win count', () => {
  it('is drawn with the hash of the proof, most significant byte first', () => {
    fc.assert(
      fc.property(proof, (vrf) => {
        expect(electionDigest(vrf)).toBe(BigInt(`0x${toHex(blake2b(vrf, { dkLen: 32 }))}`));
      }),
    );
  });

  it('never falls as power grows, nor rises as that of the others does', () => {
    fc.assert(
      fc.property(proof, share, fc.bigInt({ min: 0n, max: 10n ** 20n }), (vrf, [power, all], more) => {
        const wins = computeWinCount(vrf, power, all);
        const grown = power + more > all ? all : power + more;
        expect(computeWinCount(vrf, grown, all)).toBeGreaterThanOrEqual(wins);
        expect(computeWinCount(vrf, power, all + more)).toBeLessThanOrEqual(wins);
      }),
      { numRuns: 500 },
    );
  });

  it('is from 0 to 15, and 0 without power', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: ONE - 1n }), share, (digest, [power, all]) => {
        const wins = winCount(digest, electionLambda(power, all));
        expect(Number.isInteger(wins) && wins >= 0 && wins <= MAX_WIN_COUNT).toBe(true);
        expect(winCount(digest, electionLambda(0n, all))).toBe(0);
      }),
      { numRuns: 300 },
    );
    expect(winCount(0n, electionLambda(1n, 1n))).toBe(15);
    expect(winCount(ONE - 1n, electionLambda(1n, 1n))).toBe(0);
    expect(MAX_WIN_COUNT).toBe(15);
  });

  it('counts the tails above the draw, with each tail as the turning point', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: ONE - 1n }), share, (digest, [power, all]) => {
        const lambda = electionLambda(power, all);
        const tails = winThresholds(lambda);
        expect(winCount(digest, lambda)).toBe(tails.filter((tail) => digest < tail).length);
        tails.forEach((tail, k) => {
          if (k > 0) expect(tail <= (tails[k - 1] as bigint)).toBe(true);
          expect(winCount(tail, lambda)).toBeLessThanOrEqual(k);
          if (tail > 0n) expect(winCount(tail - 1n, lambda)).toBeGreaterThan(k);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('the distribution', () => {
  // The approximation is within 3.6e-30 below 1.725 and within 5e-15 up to 5 (4.91e-15 there); a tail subtracts it
  // e^lambda times over, which is below 149.
  it.each([
    ['1/1000000', 36n, 10n ** 31n],
    ['1/100', 36n, 10n ** 31n],
    ['1/2', 36n, 10n ** 31n],
    ['172/100', 36n, 10n ** 31n],
    ['3/1', 50n, 10n ** 16n],
    ['5/1', 50n, 10n ** 16n],
  ])('lambda %s is Poisson’s, as nearly as it has to be', (fraction, error, of) => {
    const [numerator, denominator] = fraction.split('/').map(BigInt) as [bigint, bigint];
    const exact = poissonOracle(numerator, denominator);
    const lambda = (numerator << BITS) / denominator;
    const bound = (ONE * error) / of;
    expect(distance(expNeg(lambda), exact.atMost(0, BITS)) < bound).toBe(true);
    winThresholds(lambda).forEach((tail, k) => {
      expect(distance(tail, ONE - exact.atMost(k, BITS)) < 149n * bound).toBe(true);
    });
  });

  it('e^0 is 1, and nothing comes of it', () => {
    expect(expNeg(0n)).toBe(ONE);
    expect(winThresholds(0n)).toEqual(new Array(MAX_WIN_COUNT).fill(0n));
  });
});

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}
