/** Every mutant, by the part of the heart that it breaks. */

import { chain } from './list/chain.ts';
import { charts } from './list/charts.ts';
import { recovered } from './list/recovery.ts';
import type { Mutant } from './mutant.ts';

const PARTS: Readonly<Record<string, Readonly<Record<string, Mutant>>>> = { chain, charts, recovery: recovered };

/** By name, `chain: prev`. */
export const MUTANTS: Readonly<Record<string, Mutant>> = Object.fromEntries(
  Object.entries(PARTS).flatMap(([part, mutants]) => Object.entries(mutants).map(([name, mutant]) => [`${part}: ${name}`, mutant])),
);
