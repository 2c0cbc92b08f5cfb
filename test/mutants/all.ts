/** Every mutant, by the part of the heart that it breaks. */

import { binds } from './list/bind.ts';
import { chain } from './list/chain.ts';
import { charts } from './list/charts.ts';
import { deliveries } from './list/deliver.ts';
import { recovered } from './list/recovery.ts';
import { retained } from './list/retention.ts';
import { stops } from './list/stop.ts';
import { streams } from './list/streams.ts';
import { submits } from './list/submit.ts';
import { turns } from './list/turn.ts';
import type { Mutant } from './mutant.ts';

const PARTS: Readonly<Record<string, Readonly<Record<string, Mutant>>>> = {
  chain,
  charts,
  recovery: recovered,
  turn: turns,
  bind: binds,
  submit: submits,
  stop: stops,
  deliver: deliveries,
  streams,
  retention: retained,
};

/** By name, `chain: prev`. */
export const MUTANTS: Readonly<Record<string, Mutant>> = Object.fromEntries(
  Object.entries(PARTS).flatMap(([part, mutants]) => Object.entries(mutants).map(([name, mutant]) => [`${part}: ${name}`, mutant])),
);
