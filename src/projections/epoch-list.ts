/**
 * Every epoch of a journal in a line: how it ended, what it won, what became of its block; those that nobody attended
 * to too. A pure fold over journal records.
 */

import type { Epoch } from '../chain/epoch.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { type EpochOutcome, recordedOutcome } from '../mining/outcome.ts';
import { deadlinesOf, type RoundConfig } from '../mining/round.ts';
import { epochStream, isFateStream, isRescueStream } from '../mining/stream.ts';
import { type Blame, blame, isLate } from './blame.ts';
import { beginRow, type EpochRow, nextRow } from './epoch-row.ts';
import { fateStory } from './fate-story.ts';
import { checkRecord } from './given-record.ts';
import { observedBase, observedBlock, observedFate } from './observed-fate.ts';
import { outcomeName } from './outcome-name.ts';
import { type Questions, questions } from './questions.ts';
import { outcomeWithBlame } from './slow-step.ts';
import { checkRange, type EpochRange, isWithin } from './step-times.ts';
import { type Absence, attendance } from './unattended.ts';

export interface ListedEpoch {
  readonly miner: string;
  readonly epoch: Epoch;
  /** `open`: it goes on. */
  readonly outcome: EpochOutcome['outcome'] | 'unattended' | 'open';
  /** With its reason: `late: prove (slow beacon)`, `unattended: asleep`. */
  readonly name: string;
  /** 0 for a lost election; `null` where none was held. */
  readonly wins: number | null;
  /** Milliseconds between the block being ready and its epoch's beginning; below zero when it was late for that. */
  readonly left: number | null;
  /** The step that used the time up; `null` where nothing came too late. */
  readonly slow: Blame | null;
  /**
   * Of its block: `included`, `orphaned (base-differs)`, `on the chain so far`; `null` where there is none, or nobody
   * looked yet.
   */
  readonly fate: string | null;
}

export interface EpochList {
  /** Records in the order of the journal, of any stream. */
  add(record: JournalRecord): void;
  /** In the order of epochs, then of miners. */
  rows(): readonly ListedEpoch[];
}

interface OpenEpoch {
  row: EpochRow;
  readonly config: RoundConfig;
  readonly questions: Questions;
  readonly fate: JournalRecord[];
}

/** Throws `CALL_ARGUMENT`. Holds a line an epoch that is asked for, and what is known of those that go on. */
export function epochList(range: EpochRange = {}): EpochList {
  checkRange('epochList', range);
  const listed = new Map<string, ListedEpoch>();
  const going = new Map<string, OpenEpoch>();
  const bases = new Map<string, ReturnType<typeof observedBase>>();
  const attended = attendance();
  const change = (stream: string, changed: Partial<ListedEpoch>): void => {
    const row = listed.get(stream);
    if (row !== undefined) listed.set(stream, { ...row, ...changed });
  };
  return {
    add(record) {
      checkRecord('epochList.add', record);
      attended.add(record);
      const seen = observedBlock(record);
      if (seen !== null) {
        const stream = `${seen.miner}/${seen.epoch}`;
        const base = bases.get(stream) ?? null;
        if (listed.has(stream)) change(stream, { fate: base === null ? 'on the chain' : seenText(observedFate(seen, base)) });
        bases.delete(stream);
        return;
      }
      const named = epochStream(record.stream);
      if (named === null || !isWithin(range, named.miner, named.epoch)) return;
      const { own: stream, below } = named;
      const begun = beginRow(record);
      if (begun !== null) {
        const { config } = (record.input as { readonly input: unknown }).input as { readonly config: RoundConfig };
        going.set(stream, { row: begun, config, questions: questions(), fate: [] });
      }
      const held = going.get(stream);
      if (held === undefined) return;
      if (below === null) {
        held.row = nextRow(held.row, record);
        held.questions.add(record);
        listed.set(stream, lineOf(held, record.at));
        if (held.row.outcome?.outcome === 'observed') bases.set(stream, observedBase(held.row.outcome));
      } else change(stream, laterText(listed.get(stream), held, record, below));
      if (isOver(held, record)) going.delete(stream);
    },
    rows() {
      const gaps = attended
        .miners()
        .flatMap((miner) =>
          attended.gaps(miner).flatMap(({ why, from, to }) => unattended(miner, why, Math.max(from, range.from ?? 0), Math.min(to, range.to ?? to))),
        );
      const rows = [...listed.values(), ...gaps.filter(({ miner, epoch }) => isWithin(range, miner, epoch))];
      return rows.sort((a, b) => a.epoch - b.epoch || a.miner.length - b.miner.length || (a.miner < b.miner ? -1 : 1));
    },
  };
}

function unattended(miner: string, why: Absence, from: Epoch, to: Epoch): readonly ListedEpoch[] {
  const empty = { wins: null, left: null, slow: null, fate: null };
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => ({
    miner,
    epoch: from + i,
    outcome: 'unattended' as const,
    name: `unattended: ${why}`,
    ...empty,
  }));
}

function lineOf({ row, config, questions: found }: OpenEpoch, endedAt: number): ListedEpoch {
  const { miner, epoch, outcome, wins, times, done } = row;
  const timed = { asked: found.asked(), deadlines: deadlinesOf(config, epoch), startedAt: done.start ?? endedAt, endedAt };
  const slow = isLate(outcome) ? blame(timed) : null;
  const name = outcome === null ? 'not over yet' : outcomeWithBlame(outcome, timed);
  return { miner, epoch, outcome: outcome?.outcome ?? 'open', name, wins, left: times.left, slow, fate: null };
}

/** What a fate says of its block, or a rescue that brought it out. */
function laterText(line: ListedEpoch | undefined, { fate }: OpenEpoch, record: JournalRecord, below: string): Partial<ListedEpoch> {
  if (below === 'fate') {
    fate.push(record);
    return { fate: fateStory(fate).title };
  }
  const outcome = recordedOutcome(record.outcome);
  return outcome === null || line === undefined ? {} : { name: `${line.name}, then ${outcomeName(outcome)}` };
}

function seenText(fate: ReturnType<typeof observedFate>): string {
  if (fate.chain === 'same') return 'on the chain';
  return fate.chain === 'differs' ? 'another on the chain' : `not on the chain (${fate.why})`;
}

/** A mined block has its fate to come, and what was abandoned may be rescued. */
function isOver({ row: { outcome } }: OpenEpoch, record: JournalRecord): boolean {
  if (record.outcome === null || isRescueStream(record.stream)) return false;
  return isFateStream(record.stream) || (outcome?.outcome !== 'mined' && outcome?.outcome !== 'abandoned');
}
