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

/**
 * What became of an epoch: its outcome or its block's fate, and the reason, as docs/commands.md, «Outcomes», lists
 * them.
 */
export interface Cause {
  /**
   * One that `mineone epochs --outcome` takes; `orphaned` too where an observed block's place on the chain has another.
   */
  readonly outcome: string;
  readonly reason: string | null;
  /** The step that used the time up, where another was at work when it was over: `beacon`, `begin`. */
  readonly slow: string | null;
  /** For people: `late: prove (slow beacon)`, `not on the chain: base-differs`. */
  readonly name: string;
}

export type Lost = Cause & Wins;
export type Unheld = Cause & { readonly epochs: number };

/** One miner, or all of them together as `all`. */
export interface Luck {
  readonly miner: string;
  /**
   * Epochs begun, those that held an election, those that could not, and why: neither luck nor a loss of wins that
   * anybody could count.
   */
  readonly epochs: number;
  readonly elections: number;
  readonly withoutElection: readonly Unheld[];
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
  /** Won and not kept, by what became of it. */
  readonly lost: readonly Lost[];
  /** Won while observing, where nothing was to be mined and nobody looked what the chain has. */
  readonly observed: Wins;
  /**
   * Won while observing, and a block of the miner's stands on the chain. Where none does it is lost: `not on the chain:
   * base-differs`.
   */
  readonly observedOnChain: Wins;
  /** Epochs that were not begun, since nobody was there, by why; not among `epochs`. */
  readonly unattended: Readonly<Partial<Record<Absence, number>>>;
  /** Wins to expect there, at the mean of the elections held; `null` where none was held. */
  readonly unattendedExpected: number | null;
  /** Won, and the epoch goes on. */
  readonly open: Wins;
}

/** Of an epoch that was won. */
export type Became = 'kept' | 'fateUnknown' | 'observed' | 'observedOnChain' | 'open' | { readonly lost: Cause };

/** Sums of one miner. */
export interface Sums {
  epochs: number;
  elections: number;
  readonly withoutElection: Map<string, Unheld>;
  mean: bigint;
  wins: number;
  kept: Wins;
  fateUnknown: Wins;
  /** By the name for people. */
  readonly lost: Map<string, Lost>;
  observed: Wins;
  observedOnChain: Wins;
  open: Wins;
  readonly unattended: Map<Absence, number>;
}

/** An epoch that is over, or as it stands. */
export interface LuckSettlement {
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

export function settle(sum: Sums, { lambda, wins, became }: LuckSettlement): void {
  sum.epochs++;
  if (lambda === null) {
    addUnheld(sum, { ...(typeof became === 'object' ? became.lost : OPEN), epochs: 1 });
    return;
  }
  sum.elections++;
  sum.mean += lambda;
  sum.wins += wins;
  if (wins === 0) return;
  if (typeof became === 'object') addLost(sum, { ...became.lost, epochs: 1, wins });
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
  for (const lost of sum.lost.values()) addLost(to, lost);
  for (const [why, epochs] of sum.unattended) to.unattended.set(why, (to.unattended.get(why) ?? 0) + epochs);
  for (const unheld of sum.withoutElection.values()) addUnheld(to, unheld);
}

const OPEN: Cause = { outcome: 'open', reason: null, slow: null, name: 'not over yet' };

function addUnheld(to: Sums, unheld: Unheld): void {
  to.withoutElection.set(unheld.name, { ...unheld, epochs: unheld.epochs + (to.withoutElection.get(unheld.name)?.epochs ?? 0) });
}

function addLost(to: Sums, lost: Lost): void {
  to.lost.set(lost.name, { ...lost, ...plus(to.lost.get(lost.name), lost) });
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
    withoutElection: [...withoutElection.values()],
    expected,
    interval: poissonInterval(mean, TAIL_PER_MILLE),
    luck: mean === 0n ? null : counts.wins / expected,
    lost: [...lost.values()],
    unattended: Object.fromEntries(unattended),
    unattendedExpected: counts.elections === 0 ? null : (expected / counts.elections) * gaps,
  };
}
