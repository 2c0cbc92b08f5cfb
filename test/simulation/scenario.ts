/**
 * What a seed stands for: who mines, what goes wrong until when, and when processes die. Everything else follows from
 * the seed too.
 */

import { FAULT_NAMES, type Fault, needsRival } from '../../src/devnet/faults/fault.ts';
import { type SeededRandom, seededRandom } from '../../src/devnet/setting/seed.ts';

export interface Scenario {
  readonly seed: string;
  /** Processes that mine with the same keys on the same node; more than one share a fence. */
  readonly instances: number;
  readonly miners: number;
  readonly rivals: number;
  readonly faults: readonly Fault[];
  /** First and last epoch in which anything goes wrong. */
  readonly from: number;
  readonly to: number;
  /** Last epoch that is begun. */
  readonly epochs: number;
  /** How many times each instance dies at most. */
  readonly crashes: number;
  /** Share of results that come a second time. */
  readonly repeats: number;
  /** Share of the fence's answers that are lost. */
  readonly unsure: number;
  /** Share of the journal's batches whose write fails. */
  readonly refused: number;
  /** Share of the disk's reads and writes after which somebody else flushes the journal. */
  readonly flushes: number;
  /** Share of the calls of every port that are answered oddly. */
  readonly odd: number;
  /** How likely the node goes away as an epoch begins, and comes back behind its own head. */
  readonly lags: number;
  /** How likely a miner's clock jumps as an epoch begins, and is put right. */
  readonly jumps: number;
  /** Share of the submissions that the node does not answer, or very late. */
  readonly hangs: number;
}

export const EPOCHS = 20;
const [FROM, TO] = [3, 11];
const RATES = [0.15, 0.3, 0.6];
const REFUSED = 0.03;

const CALM = { faults: [], crashes: 0, repeats: 0, unsure: 0, refused: 0, flushes: 0, odd: 0, lags: 0, jumps: 0, hangs: 0 };

/** One seed in eight is calm: nothing goes wrong at all. */
export function scenarioOf(seed: string): Scenario {
  const random = seededRandom(seed, 'scenario');
  const instances = weighted(random, [6, 3, 1]);
  const miners = weighted(random, [7, 3]);
  const base = { seed, instances, miners, from: FROM, to: TO, epochs: EPOCHS };
  if (random.below(8) === 0) return { ...base, ...CALM, rivals: random.chance(0.3) ? 1 : 0 };
  const share = random.pick([0.1, 0.25, 0.5]);
  const faults = FAULT_NAMES.filter(() => random.chance(share)).map((name) => ({ name, rate: random.pick(RATES) }));
  return {
    ...base,
    rivals: faults.some(needsRival) || random.chance(0.3) ? 1 : 0,
    faults,
    crashes: random.pick([0, 1, 2, 4]),
    repeats: random.pick([0, 0.1, 0.4]),
    unsure: instances === 1 ? 0 : random.pick([0, 0.2, 0.5]),
    refused: seededRandom(seed, 'scenario', 'disk').pick([0, 0, 0, 0, REFUSED]),
    flushes: seededRandom(seed, 'scenario', 'flushes').pick([0, 0.05, 0.3]),
    odd: seededRandom(seed, 'scenario', 'odd').pick([0, 0, 0, 0.05, 0.25]),
    lags: seededRandom(seed, 'scenario', 'lags').pick([0, 0, 0, 0.3]),
    jumps: seededRandom(seed, 'scenario', 'jumps').pick([0, 0, 0, 0.3]),
    hangs: seededRandom(seed, 'scenario', 'hangs').pick([0, 0, 0, 0.3]),
  };
}

/** Nothing goes wrong that a miner could lose an epoch to. */
export function isCalm({ faults, crashes, repeats, unsure, refused, odd, lags, jumps, hangs }: Scenario): boolean {
  return faults.length === 0 && crashes + repeats + unsure + refused + odd + lags + jumps + hangs === 0;
}

/** 1 for the first weight, 2 for the second … */
function weighted(random: SeededRandom, weights: readonly number[]): number {
  let left = random.below(weights.reduce((sum, weight) => sum + weight, 0));
  for (const [i, weight] of weights.entries()) {
    if (left < weight) return i + 1;
    left -= weight;
  }
  return weights.length;
}
