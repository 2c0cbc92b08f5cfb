/** Sums of a miner's draws and of what became of them, and the luck they amount to. */

import type { Epoch } from '../chain/epoch.ts';
import { type CountInterval, poissonInterval } from '../consensus/poisson.ts';
import type { Absence, Unattended } from './unattended.ts';

/** 2.5 % on either side. */
const TAIL_PER_MILLE = 25;

/** Epochs won, and how many wins they gave together. */
export interface Wins {
  readonly epochs: number;
  readonly wins: number;
}

/** One miner, or all of them together as `all`. */
export interface Luck {
  readonly miner: string;
  /** Epochs begun, those that held an election, those that could not, and why: neither luck nor a loss of wins that anybody could count. */
  readonly epochs: number;
  readonly elections: number;
  readonly withoutElection: Readonly<Record<string, number>>;
  /** Sum of the elections' lambdas. */
  readonly expected: number;
  readonly wins: number;
  /** Wins that 95 of 100 such stretches have. */
  readonly interval: CountInterval;
  /** Wins by expected wins; `null` where none are expected. */
  readonly luck: number | null;
  /** Mined, and on the chain as far as it was looked for. */
  readonly kept: Wins;
  /** Mined, and when it was final no node told whether it stands there. */
  readonly fateUnknown: Wins;
  /** Won and not kept, by what became of it: `late: prove`, `late: prove (slow beacon)`, `orphaned`. */
  readonly lost: Readonly<Record<string, Wins>>;
  /** Won while observing, where nothing was to be mined and nobody looked what the chain has. */
  readonly observed: Wins;
  /** Won while observing, and a block of the miner's stands on the chain. Where none does it is lost: `not on the chain: base-differs`. */
  readonly observedOnChain: Wins;
  /** Epochs that were not begun, since nobody was there, by why; not among `epochs`. */
  readonly unattended: Readonly<Partial<Record<Absence, number>>>;
  /** Wins to expect there, at the mean of the elections held; `null` where none was held. */
  readonly unattendedExpected: number | null;
  /** Won, and the epoch goes on. */
  readonly open: Wins;
}

/** Of an epoch that was won. */
export type Became = 'kept' | 'fateUnknown' | 'observed' | 'observedOnChain' | 'open' | { readonly lost: string };

/** Sums of one miner. */
export interface Sums {
  epochs: number;
  elections: number;
  readonly withoutElection: Map<string, number>;
  mean: bigint;
  wins: number;
  kept: Wins;
  fateUnknown: Wins;
  readonly lost: Map<string, Wins>;
  observed: Wins;
  observedOnChain: Wins;
  open: Wins;
  readonly unattended: Map<Absence, number>;
}

/** An epoch that is over, or as it stands. */
export interface Settled {
  /** `null`: it came to no election. */
  readonly lambda: bigint | null;
  readonly wins: number;
  readonly became: Became;
}

/** Epochs before `least` do not count. */
export function addGap(sum: Sums, { why, from, to }: Unattended, least: Epoch): void {
  const epochs = to + 1 - Math.max(from, least);
  if (epochs > 0) sum.unattended.set(why, (sum.unattended.get(why) ?? 0) + epochs);
}

export function settle(sum: Sums, { lambda, wins, became }: Settled): void {
  sum.epochs++;
  if (lambda === null) {
    const why = typeof became === 'object' ? became.lost : 'not over yet';
    sum.withoutElection.set(why, (sum.withoutElection.get(why) ?? 0) + 1);
    return;
  }
  sum.elections++;
  sum.mean += lambda;
  sum.wins += wins;
  if (wins === 0) return;
  if (typeof became === 'object') sum.lost.set(became.lost, plus(sum.lost.get(became.lost), { epochs: 1, wins }));
  else sum[became] = plus(sum[became], { epochs: 1, wins });
}

export const NONE = (): Sums => ({
  epochs: 0,
  elections: 0,
  withoutElection: new Map(),
  mean: 0n,
  wins: 0,
  kept: { epochs: 0, wins: 0 },
  fateUnknown: { epochs: 0, wins: 0 },
  lost: new Map(),
  observed: { epochs: 0, wins: 0 },
  observedOnChain: { epochs: 0, wins: 0 },
  open: { epochs: 0, wins: 0 },
  unattended: new Map(),
});

export function sumsOf(all: Map<string, Sums>, miner: string): Sums {
  const known = all.get(miner) ?? NONE();
  all.set(miner, known);
  return known;
}

export function copyOf(sum: Sums): Sums {
  return { ...sum, withoutElection: new Map(sum.withoutElection), lost: new Map(sum.lost), unattended: new Map(sum.unattended) };
}

export function addSums(to: Sums, sum: Sums): void {
  to.epochs += sum.epochs;
  to.elections += sum.elections;
  to.mean += sum.mean;
  to.wins += sum.wins;
  for (const what of ['kept', 'fateUnknown', 'observed', 'observedOnChain', 'open'] as const) to[what] = plus(to[what], sum[what]);
  for (const [why, wins] of sum.lost) to.lost.set(why, plus(to.lost.get(why), wins));
  for (const [why, epochs] of sum.unattended) to.unattended.set(why, (to.unattended.get(why) ?? 0) + epochs);
  for (const [why, epochs] of sum.withoutElection) to.withoutElection.set(why, (to.withoutElection.get(why) ?? 0) + epochs);
}

function plus(a: Wins | undefined, b: Wins): Wins {
  return { epochs: (a?.epochs ?? 0) + b.epochs, wins: (a?.wins ?? 0) + b.wins };
}

/** A Q.256 number as a double, its whole part kept apart so that nothing is lost to size. */
const toNumber = (q256: bigint): number => Number(q256 >> 256n) + Number((q256 & ((1n << 256n) - 1n)) >> 203n) / 2 ** 53;

export function luckOf(miner: string, { mean, withoutElection, lost, unattended, ...counts }: Sums): Luck {
  const expected = toNumber(mean);
  const gaps = [...unattended.values()].reduce((a, b) => a + b, 0);
  return {
    miner,
    ...counts,
    withoutElection: Object.fromEntries(withoutElection),
    expected,
    interval: poissonInterval(mean, TAIL_PER_MILLE),
    luck: mean === 0n ? null : counts.wins / expected,
    lost: Object.fromEntries(lost),
    unattended: Object.fromEntries(unattended),
    unattendedExpected: counts.elections === 0 ? null : (expected / counts.elections) * gaps,
  };
}
