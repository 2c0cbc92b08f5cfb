/** Expected wins against actual ones, and loss apart from luck: what was won and not kept (docs/commands.md, «Command line»). A pure fold over journal records. */

import type { Epoch } from '../chain/epoch.ts';
import { computeWinCount, electionLambda } from '../consensus/election.ts';
import type { MiningInfo } from '../consensus/mining-round.ts';
import { holdsBlock, type Standing } from '../consensus/orphan.ts';
import type { EpochOutcome } from '../consensus/outcome.ts';
import { type CountInterval, poissonInterval } from '../consensus/poisson.ts';
import type { JournalRecord } from '../journal/record.ts';
import { outcomeName } from './outcome-name.ts';

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
  /** Won and not kept, by what became of it: `late: prove`, `orphaned`. */
  readonly lost: Readonly<Record<string, Wins>>;
  /** Won while observing: nothing was to be mined. */
  readonly observed: Wins;
  /** Won, and the epoch goes on. */
  readonly open: Wins;
}

export interface LuckReport {
  /** First and last epoch that was begun; `null` of a journal without one. */
  readonly from: Epoch | null;
  readonly to: Epoch | null;
  readonly miners: readonly Luck[];
  readonly all: Luck;
}

export interface LuckFold {
  /** Records in the order of the journal, of any stream. */
  add(record: JournalRecord): void;
  report(): LuckReport;
}

type Became = 'kept' | 'observed' | 'open' | { readonly lost: string };

/** An epoch until nothing more can become of it. */
interface Going {
  readonly miner: string;
  lambda: bigint | null;
  info: MiningInfo | null;
  wins: number;
  became: Became;
  /** CID of the block that its fate is about. */
  cid: Uint8Array | null;
}

/** Sums of one miner. */
interface Sums {
  epochs: number;
  elections: number;
  readonly withoutElection: Map<string, number>;
  mean: bigint;
  wins: number;
  kept: Wins;
  readonly lost: Map<string, Wins>;
  observed: Wins;
  open: Wins;
}

export interface LuckOptions {
  /** Epochs before it do not count. */
  readonly from?: Epoch;
  /** Only this one. */
  readonly miner?: string | undefined;
}

/** Holds a sum for each miner, and the epochs whose blocks are not final. */
export function luckFold({ from = 0, miner: only }: LuckOptions = {}): LuckFold {
  const sums = new Map<string, Sums>();
  const going = new Map<string, Going>();
  const range = { from: null as Epoch | null, to: null as Epoch | null };
  return {
    add(record) {
      const [miner, epochText, below] = record.stream.split('/');
      if (miner === undefined || epochText === undefined || (only !== undefined && miner !== only)) return;
      const [stream, epoch] = [`${miner}/${epochText}`, Number(epochText)];
      if (epoch < from) return;
      if (below === undefined && record.input.type === 'start') {
        going.set(stream, { miner, lambda: null, info: null, wins: 0, became: 'open', cid: null });
        range.from = Math.min(range.from ?? epoch, epoch);
        range.to = Math.max(range.to ?? epoch, epoch);
      }
      const held = going.get(stream);
      if (held === undefined) return;
      if (below === undefined) takeEpoch(held, record);
      else takeLater(held, record);
      if (!isFinal(held, record)) return;
      going.delete(stream);
      settle(sumsOf(sums, miner), held);
    },
    report() {
      const now = new Map([...sums].map(([miner, sum]) => [miner, copyOf(sum)]));
      for (const held of going.values()) settle(sumsOf(now, held.miner), held);
      const miners = [...now].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
      const all = NONE();
      for (const [, sum] of miners) addSums(all, sum);
      return { ...range, miners: miners.map(([miner, sum]) => luckOf(miner, sum)), all: luckOf('all', all) };
    },
  };
}

/** What an epoch's own record adds to what is known of it. */
function takeEpoch(held: Going, { input, outcome }: JournalRecord): void {
  if (input.type === 'result' && input.ok && input.actor === 'base-wait' && input.id === 'getMiningBaseInfo') held.info = input.value as unknown as MiningInfo;
  if (input.type === 'result' && input.ok && input.actor === 'election' && input.id === 'signVrf' && held.info !== null) {
    const { power, networkPower } = held.info;
    held.lambda = electionLambda(power, networkPower);
    held.wins = computeWinCount(input.value as unknown as Uint8Array, power, networkPower);
  }
  if (outcome !== null) held.became = becameOf(outcome as unknown as EpochOutcome);
}

/** What a fate or a rescue says of it afterwards. */
function takeLater(held: Going, { input, outcome }: JournalRecord): void {
  if (input.type === 'start' && input.machine === 'fate') {
    held.cid = (input.input as { readonly cid: Uint8Array }).cid;
    held.became = 'kept';
  }
  if (input.type === 'result' && input.ok && input.id === 'lookEarly' && held.cid !== null)
    held.became = holdsBlock(input.value as unknown as Standing, held.cid) ? 'kept' : { lost: 'orphaned' };
  if (outcome === null) return;
  const { fate, why } = outcome as { readonly fate?: string; readonly why?: string };
  if (fate === undefined) held.became = becameOf(outcome as unknown as EpochOutcome);
  if (fate === 'included') held.became = 'kept';
  if (fate === 'orphaned') held.became = { lost: `orphaned: ${why}` };
}

function becameOf(outcome: EpochOutcome): Became {
  if (outcome.outcome === 'mined') return 'kept';
  return outcome.outcome === 'observed' ? 'observed' : { lost: outcomeName(outcome) };
}

/** A mined block has its fate to come, and what was abandoned may be rescued: all else is over with the epoch. */
function isFinal({ became }: Going, { stream, outcome }: JournalRecord): boolean {
  if (outcome === null) return false;
  if (stream.endsWith('/fate')) return true;
  return became === 'observed' || (typeof became === 'object' && !became.lost.startsWith('abandoned'));
}

function settle(sum: Sums, { lambda, wins, became }: Going): void {
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

const NONE = (): Sums => ({
  epochs: 0,
  elections: 0,
  withoutElection: new Map(),
  mean: 0n,
  wins: 0,
  kept: { epochs: 0, wins: 0 },
  lost: new Map(),
  observed: { epochs: 0, wins: 0 },
  open: { epochs: 0, wins: 0 },
});

function sumsOf(all: Map<string, Sums>, miner: string): Sums {
  const known = all.get(miner) ?? NONE();
  all.set(miner, known);
  return known;
}

function copyOf(sum: Sums): Sums {
  return { ...sum, withoutElection: new Map(sum.withoutElection), lost: new Map(sum.lost) };
}

function addSums(to: Sums, sum: Sums): void {
  to.epochs += sum.epochs;
  to.elections += sum.elections;
  to.mean += sum.mean;
  to.wins += sum.wins;
  for (const what of ['kept', 'observed', 'open'] as const) to[what] = plus(to[what], sum[what]);
  for (const [why, wins] of sum.lost) to.lost.set(why, plus(to.lost.get(why), wins));
  for (const [why, epochs] of sum.withoutElection) to.withoutElection.set(why, (to.withoutElection.get(why) ?? 0) + epochs);
}

function plus(a: Wins | undefined, b: Wins): Wins {
  return { epochs: (a?.epochs ?? 0) + b.epochs, wins: (a?.wins ?? 0) + b.wins };
}

/** A Q.256 number as a double, its whole part kept apart so that nothing is lost to size. */
const toNumber = (q256: bigint): number => Number(q256 >> 256n) + Number((q256 & ((1n << 256n) - 1n)) >> 203n) / 2 ** 53;

function luckOf(miner: string, { mean, withoutElection, lost, ...counts }: Sums): Luck {
  const expected = toNumber(mean);
  return {
    miner,
    ...counts,
    withoutElection: Object.fromEntries(withoutElection),
    expected,
    interval: poissonInterval(mean, TAIL_PER_MILLE),
    luck: mean === 0n ? null : counts.wins / expected,
    lost: Object.fromEntries(lost),
  };
}
