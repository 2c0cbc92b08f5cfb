/**
 * Which of many blocks are judged: all with the addon, every fourth where each signature takes tens of milliseconds.
 */

import type { Bls } from '../../src/consensus/signatures/bls.ts';

const EVERY = 4;

export interface Sampling {
  sample<T>(all: readonly T[]): readonly T[];
  /** For the names of tests. */
  readonly extent: string;
}

export function sampling(bls: Bls): Sampling {
  const step = bls.name === 'noble' ? EVERY : 1;
  return { sample: (all) => all.filter((_, i) => i % step === 0), extent: step === 1 ? '' : ' (every fourth: no addon)' };
}
