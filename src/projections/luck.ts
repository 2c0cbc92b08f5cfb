/**
 * Expected wins against actual ones, and loss apart from luck: what was won and not kept (docs/commands.md, «Command
 * line»). A pure fold over journal records.
 */

import { CALL_ARGUMENT } from '../chain/argument.ts';
import type { Epoch } from '../chain/epoch.ts';
import { computeWinCount, electionLambda } from '../consensus/election.ts';
import { checkOptions, type OptionRules } from '../errors/strict.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { answered } from '../mining/effects.ts';
import { holdsBlock } from '../mining/orphan.ts';
import { type EpochOutcome, recordedOutcome } from '../mining/outcome.ts';
import { deadlinesOf, type Head, type MiningInfo, type RoundConfig } from '../mining/round.ts';
import { epochStream, isFateStream } from '../mining/stream.ts';
import { blame, type SlowStep } from './blame.ts';
import { checkRecord } from './given-record.ts';
import { addGap, addSums, type Became, type Cause, copyOf, type Luck, luckOf, NONE, type Sums, settle, sumsOf } from './luck-sums.ts';
import { type ObservedBlock, observedBase, observedBlock, observedFate } from './observed-fate.ts';
import { reasonOf } from './outcome-name.ts';
import { type Questions, questions } from './questions.ts';
import { slowText, stepToBlame } from './slow-step.ts';
import { EPOCH_RULE, MINER_RULE } from './step-times.ts';
import { attendance } from './unattended.ts';

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

/** An epoch until nothing more can become of it. */
interface OpenEpoch {
  readonly miner: string;
  lambda: bigint | null;
  info: MiningInfo | null;
  wins: number;
  became: Became;
  /** CID of the block that its fate is about. */
  cid: Uint8Array | null;
  readonly epoch: Epoch;
  readonly config: RoundConfig;
  readonly startedAt: number;
  /** Until its own stream has ended. */
  questions: Questions | null;
  /** The step that used its time up, where the block went out too late. */
  slow: SlowStep | null;
  /** What an observed block would have stood on. */
  base: Head | null;
}

export interface LuckOptions {
  /** Epochs before it do not count. */
  readonly from?: Epoch;
  /** Only this one. */
  readonly miner?: string | undefined;
}

const RULES: OptionRules<LuckOptions> = { from: EPOCH_RULE, miner: MINER_RULE };

/**
 * Throws `CALL_ARGUMENT`. Holds a sum for each miner, the epochs whose blocks are not final, and the gaps between those
 * that were begun.
 */
export function luckFold(options: LuckOptions = {}): LuckFold {
  checkOptions<LuckOptions>('luckFold', CALL_ARGUMENT, options, RULES);
  const { from = 0, miner: only } = options;
  const sums = new Map<string, Sums>();
  const going = new Map<string, OpenEpoch>();
  const attended = attendance();
  const range = { from: null as Epoch | null, to: null as Epoch | null };
  const isAsked = (miner: string, epoch: Epoch): boolean => epoch >= from && (only === undefined || miner === only);
  const end = (stream: string, held: OpenEpoch): void => {
    going.delete(stream);
    settle(sumsOf(sums, held.miner), held);
  };
  return {
    add(record) {
      checkRecord('luckFold.add', record);
      attended.add(record);
      const seen = observedBlock(record);
      if (seen !== null) {
        const stream = `${seen.miner}/${seen.epoch}`;
        const held = going.get(stream);
        if (held !== undefined && takeSeen(held, seen)) end(stream, held);
        return;
      }
      const named = epochStream(record.stream);
      if (named === null || !isAsked(named.miner, named.epoch)) return;
      const { miner, epoch, own: stream, below } = named;
      if (below === null && record.input.type === 'start') {
        going.set(stream, beginning(miner, record));
        range.from = Math.min(range.from ?? epoch, epoch);
        range.to = Math.max(range.to ?? epoch, epoch);
      }
      const held = going.get(stream);
      if (held === undefined) return;
      if (below === null) takeEpoch(held, record);
      else takeLater(held, record);
      if (isFinal(held, record)) end(stream, held);
    },
    report() {
      const now = new Map([...sums].map(([miner, sum]) => [miner, copyOf(sum)]));
      for (const held of going.values()) settle(sumsOf(now, held.miner), held);
      for (const [miner, sum] of now) for (const gap of attended.gaps(miner)) addGap(sum, gap, from);
      const miners = [...now].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
      const all = NONE();
      for (const [, sum] of miners) addSums(all, sum);
      return { ...range, miners: miners.map(([miner, sum]) => luckOf(miner, sum)), all: luckOf('all', all) };
    },
  };
}

function beginning(miner: string, { input, at }: JournalRecord): OpenEpoch {
  const { epoch, config } = (input as { readonly input: unknown }).input as { readonly epoch: Epoch; readonly config: RoundConfig };
  const empty = { lambda: null, info: null, wins: 0, became: 'open' as const, cid: null, slow: null, base: null };
  return { miner, epoch, config, startedAt: at, questions: questions(), ...empty };
}

/** What an epoch's own record adds to what is known of it. */
function takeEpoch(held: OpenEpoch, record: JournalRecord): void {
  const { input, outcome } = record;
  held.questions?.add(record);
  if (input.type === 'result' && input.ok && (input.actor === 'base-wait' || input.actor === 'rebase') && input.id === 'getMiningBaseInfo')
    held.info = answered('getMiningBaseInfo', input.value);
  if (input.type === 'result' && input.ok && input.actor === 'election' && input.id === 'signVrf' && held.info !== null) {
    const { power, networkPower } = held.info;
    held.lambda = electionLambda(power, networkPower);
    held.wins = computeWinCount(answered('signVrf', input.value), power, networkPower);
  }
  if (outcome !== null) takeOutcome(held, recordedOutcome(outcome) as EpochOutcome, record.at);
}

function takeOutcome(held: OpenEpoch, outcome: EpochOutcome, endedAt: number): void {
  const { questions: asked, config, epoch, startedAt } = held;
  const timed = { asked: asked?.asked() ?? [], deadlines: deadlinesOf(config, epoch), startedAt, endedAt };
  held.questions = null;
  held.became = becameOf(outcome);
  if (typeof held.became === 'object') held.became = { lost: causeOf(outcome, stepToBlame(outcome, timed)) };
  if (outcome.outcome === 'mined') {
    const slow = blame(timed);
    held.slow = slow?.step ?? null;
  }
  if (outcome.outcome === 'observed') held.base = observedBase(outcome);
}

/** What the chain has where an observed block would stand. @returns whether it was waited for. */
function takeSeen(held: OpenEpoch, seen: ObservedBlock): boolean {
  if (held.became !== 'observed' || held.base === null) return false;
  const fate = observedFate(seen, held.base);
  held.became = fate.chain === 'absent' ? { lost: cause('orphaned', fate.why, { words: 'not on the chain' }) } : 'observedOnChain';
  return true;
}

/** What a fate or a rescue says of it afterwards. */
function takeLater(held: OpenEpoch, { input, outcome }: JournalRecord): void {
  if (input.type === 'start' && input.machine === 'fate') {
    held.cid = (input.input as { readonly cid: Uint8Array }).cid;
    held.became = 'kept';
  }
  if (input.type === 'result' && input.ok && input.id === 'lookEarly' && held.cid !== null)
    held.became = holdsBlock(answered('getTipset', input.value), held.cid) ? 'kept' : { lost: cause('orphaned', null) };
  if (outcome === null) return;
  const { fate, why } = outcome as { readonly fate?: string; readonly why?: string };
  if (fate === undefined) held.became = becameOf(recordedOutcome(outcome) as EpochOutcome);
  if (fate === 'included') held.became = 'kept';
  if (fate === 'unknown') held.became = 'fateUnknown';
  if (fate === 'orphaned') held.became = { lost: cause('orphaned', why ?? null, why === 'late-broadcast' ? { slow: held.slow } : {}) };
}

function causeOf(outcome: EpochOutcome, slow: SlowStep | null): Cause {
  return cause(outcome.outcome, reasonOf(outcome), { slow });
}

/** `words`: what people call the outcome, where that is another than its name. */
function cause(
  outcome: string,
  reason: string | null,
  { slow = null, words = outcome }: { readonly slow?: SlowStep | null; readonly words?: string } = {},
): Cause {
  const name = `${words}${reason === null ? '' : `: ${reason}`}${slow === null ? '' : ` (${slowText(slow)})`}`;
  return { outcome, reason, slow, name };
}

function becameOf(outcome: EpochOutcome): Became {
  if (outcome.outcome === 'mined') return 'kept';
  return outcome.outcome === 'observed' ? 'observed' : { lost: causeOf(outcome, null) };
}

/**
 * A mined block has its fate to come, an observed one what the chain has in its place, and what was abandoned may be
 * rescued: all else is over with the epoch.
 */
function isFinal({ became }: OpenEpoch, { stream, outcome }: JournalRecord): boolean {
  if (outcome === null) return false;
  if (isFateStream(stream)) return true;
  return typeof became === 'object' && became.lost.outcome !== 'abandoned';
}
