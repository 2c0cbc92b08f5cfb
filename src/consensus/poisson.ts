/**
 * The interval that a Poisson count falls into with a given probability: how many wins to expect by luck
 * (docs/commands.md, «Command line»). Integer arithmetic, the same on every engine.
 */

const PRECISION = 256n;
const ONE = 1n << PRECISION;

export interface CountInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * The least interval from `low` to `high` that leaves at most `tailPerMille` of the probability on either side; 25
 * gives the 95 % interval. `mean` in Q.256 as the election's lambda, so sums of lambdas go in as they are.
 */
export function poissonInterval(mean: bigint, tailPerMille: number): CountInterval {
  if (mean <= 0n) return { low: 0, high: 0 };
  const { first, weights } = relativeWeights(mean);
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const tail = (total * BigInt(tailPerMille)) / 1000n;
  return { low: first + countUntil(weights, tail), high: first + weights.length - 1 - countUntil(weights.toReversed(), tail) };
}

/** How many weights from the beginning stay within the tail. */
function countUntil(weights: readonly bigint[], tail: bigint): number {
  let sum = 0n;
  return weights.findIndex((weight) => {
    sum += weight;
    return sum > tail;
  });
}

/**
 * Probabilities of `first`, `first + 1`, … as multiples of the mode's: no exponential is needed, and those that vanish
 * in Q.256 are left out.
 */
function relativeWeights(mean: bigint): { readonly first: number; readonly weights: readonly bigint[] } {
  const mode = mean >> PRECISION;
  const below: bigint[] = [];
  for (let k = mode, weight = ONE; k > 0n; k--) {
    weight = (weight * (k << PRECISION)) / mean;
    if (weight === 0n) break;
    below.push(weight);
  }
  const above: bigint[] = [];
  for (let k = mode + 1n, weight = ONE; ; k++) {
    weight = (weight * mean) / (k << PRECISION);
    if (weight === 0n) break;
    above.push(weight);
  }
  return { first: Number(mode) - below.length, weights: [...below.toReversed(), ONE, ...above] };
}
