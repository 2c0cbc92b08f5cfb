/** Some of many, drawn by a seed: the same seed, the same draw. */

import { randomOf } from '../runtime/fixtures/fuzz-turns.ts';

export function sampled<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  const random = randomOf(seed);
  const left = [...all];
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}
