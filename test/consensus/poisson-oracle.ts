/**
 * The Poisson distribution by its definition, in exact integers: e^m from its Taylor series, every tail a sum of terms
 * m^j / j!. Slow, and independent of what it judges.
 */

/** Fraction bits of an oracle's numbers: e^-2000 has 2,886 zeros behind the point. */
const BITS = 4096n;

export interface PoissonOracle {
  /** P(X <= k) times 2^bits, for k = -1, 0, 1 …, rounded down. */
  atMost(k: number, bits: bigint): bigint;
}

/** Distribution of the mean `numerator / denominator`. */
export function poissonOracle(numerator: bigint, denominator: bigint): PoissonOracle {
  const terms: bigint[] = [];
  for (let term = 1n << BITS, j = 1n; term > 0n; j++) {
    terms.push(term);
    term = (term * numerator) / (denominator * j);
  }
  const sums: bigint[] = [];
  let sum = 0n;
  for (const term of terms) {
    sum += term;
    sums.push(sum);
  }
  return { atMost: (k, bits) => (k < 0 ? 0n : ((sums[Math.min(k, sums.length - 1)] as bigint) << bits) / sum) };
}
