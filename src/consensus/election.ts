/**
 * Poisson sortition: how many times a miner wins an epoch (docs/protocol.md 2.4; lotus chain/types/electionproof.go).
 * All arithmetic is on integers in Q.256: a value times 2^256.
 */

import { toUintBE } from '../chain/encoding/bytes.ts';
import { blake2b256 } from '../chain/encoding/hash.ts';

const PRECISION = 256n;
const ONE = 1n << PRECISION;

/** Wins that an epoch gives on average. */
export const BLOCKS_PER_EPOCH = 5n;

export const MAX_WIN_COUNT = 15;

/** e^-x as a quotient of two polynomials, highest order first; written in Q.128 as the source has them. */
const EXP_NUMERATOR = [
  -648770010757830093818553637600n,
  67469480939593786226847644286976n,
  -3197587544499098424029388939001856n,
  89244641121992890118377641805348864n,
  -1579656163641440567800982336819953664n,
  17685496037279256458459817590917169152n,
  -115682590513835356866803355398940131328n,
  340282366920938463463374607431768211456n,
].map(toQ256);

const EXP_DENOMINATOR = [
  1225524182432722209606361n,
  114095592300906098243859450n,
  5665570424063336070530214243n,
  194450132448609991765137938448n,
  5068267641632683791026134915072n,
  104716890604972796896895427629056n,
  1748338658439454459487681798864896n,
  23704654329841312470660182937960448n,
  259380097567996910282699886670381056n,
  2250336698853390384720606936038375424n,
  14978272436876548034486263159246028800n,
  72144088983913131323343765784380833792n,
  224599776407103106596571252037123047424n,
  340282366920938463463374607431768211456n,
].map(toQ256);

/**
 * Expected wins of a miner in an epoch, in Q.256: none without power, its own or the network's. Powers are
 * quality-adjusted, of the lookback state.
 */
export function electionLambda(power: bigint, totalPower: bigint): bigint {
  if (power <= 0n || totalPower <= 0n) return 0n;
  return ((power * BLOCKS_PER_EPOCH) << PRECISION) / totalPower;
}

/** e^-x of x >= 0, both in Q.256; within 5e-15 up to 5, the largest lambda there is. */
export function expNeg(x: bigint): bigint {
  return (polynomial(EXP_NUMERATOR, x) << PRECISION) / polynomial(EXP_DENOMINATOR, x);
}

/** The sortition's uniform draw: the VRF proof's blake2b-256 as an integer below 2^256. */
export function electionDigest(vrfProof: Uint8Array): bigint {
  return toUintBE(blake2b256(vrfProof));
}

/** Wins, 0 to 15: how often the draw lies below the tail of the Poisson distribution of this lambda. */
export function winCount(digest: bigint, lambda: bigint): number {
  let wins = 0;
  let pmf = expNeg(lambda);
  let tail = ONE - pmf;
  while (digest < tail && wins < MAX_WIN_COUNT) {
    wins++;
    pmf = ((pmf / BigInt(wins)) * lambda) >> PRECISION;
    tail -= pmf;
  }
  return wins;
}

/** Win count of an election proof; 0 is a lost election. */
export function computeWinCount(vrfProof: Uint8Array, power: bigint, totalPower: bigint): number {
  return winCount(electionDigest(vrfProof), electionLambda(power, totalPower));
}

/**
 * The tails against which the draw is held, T(k) = P(wins > k) for k = 0 ... 14: `explain` shows by how much one
 * missed.
 */
export function winThresholds(lambda: bigint): readonly bigint[] {
  let pmf = expNeg(lambda);
  let tail = ONE - pmf;
  return Array.from({ length: MAX_WIN_COUNT }, (_, k) => {
    if (k > 0) {
      pmf = ((pmf / BigInt(k)) * lambda) >> PRECISION;
      tail -= pmf;
    }
    return tail;
  });
}

/** Horner's rule; `>>` floors, as Go's Rsh does, below zero too. */
function polynomial(coefficients: readonly bigint[], x: bigint): bigint {
  return coefficients.reduce((sum, coefficient) => ((sum * x) >> PRECISION) + coefficient);
}

function toQ256(q128: bigint): bigint {
  return q128 << 128n;
}
