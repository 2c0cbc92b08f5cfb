/**
 * The answer to a what-if in plain words: against the record, base, proof and end; and where the journal does not tell,
 * which fact is missing.
 */

import type { JournalRecord } from '../journal/format/record.ts';
import { placeOf } from '../mining/base.ts';
import { askedOf, type EffectName, isEffectName } from '../mining/effects.ts';
import { deadlinesOf, type Head, type RoundConfig } from '../mining/round.ts';
import { type EpochStory, epochStory } from './epoch-story.ts';
import { secs, times } from './figures.ts';
import type { StepQuestion } from './questions.ts';
import { outcomeWithBlame } from './slow-step.ts';

/** A question that the journal has no answer to. */
export interface Missing {
  readonly actor: string;
  readonly name: string;
  readonly input: unknown;
  /** When it would have been asked, in milliseconds since 1970. */
  readonly at: number;
}

export interface WhatIfStory {
  /** The epoch as it was, and as it would have been as far as that is known. */
  readonly recorded: readonly JournalRecord[];
  readonly records: readonly JournalRecord[];
  readonly needs: readonly Missing[];
  /** What a step threw. */
  readonly error: string | null;
}

/** Lines; of records that begin with no epoch's start: none. */
export function whatIfLines({ recorded, records, needs, error }: WhatIfStory): readonly string[] {
  const [was, now] = [epochStory(recorded), epochStory(records)];
  if (was === null || now === null) return [];
  const parts = [baseText(was, now), readyText(now), sentText(now), needs.length > 0 || error !== null ? null : endText(was, now)];
  const said = parts.filter((part) => part !== null).join(', ');
  return [
    `${changeText(was.config, now.config)}: ${said === '' ? 'nothing is known of it' : said}.`,
    ...needs.slice(0, 1).map((need) => `How it ends is not known. Missing: ${missingText(need, was, now)}.`),
    ...(error === null ? [] : [`A step would have failed: ${error}.`]),
    ...(needs.length > 0 || error !== null ? [`As it was: ${nameOf(was)}.`] : []),
    'Each answer is taken to come as fast as it did.',
  ];
}

function changeText(was: RoundConfig, now: RoundConfig): string {
  const keys = Object.keys({ ...was, ...now }) as (keyof RoundConfig)[];
  const changes = keys.filter((key) => was[key] !== now[key]).map((key) => `${key} ${now[key]} instead of ${was[key] ?? 'none'}`);
  return changes.length === 0 ? 'With nothing changed' : `With ${changes.join(' and ')}`;
}

function baseText(was: EpochStory, now: EpochStory): string | null {
  if (now.base === null) return was.base === null ? 'no base' : null;
  if (was.base === null) return `on ${tipsetText(now.base)}, where there was no base`;
  return placeOf(was.base, now.base) === 'same' ? 'same base' : `on ${tipsetText(now.base)} instead of ${tipsetText(was.base)}`;
}

const tipsetText = ({ height, blocks }: Head): string => `${times(blocks.length, 'block')} of epoch ${height}`;

const answered = ({ asked }: EpochStory, name: string): StepQuestion | undefined =>
  asked.findLast((one) => one.name === name && one.answeredAt !== null && one.failure === null);

function readyText(now: EpochStory): string | null {
  const proof = answered(now, 'proveWinningPost')?.answeredAt ?? null;
  return proof === null ? null : `proof ready ${against(proof, deadlinesOf(now.config, now.epoch).cutoff, 'the cut-off')}`;
}

function sentText(now: EpochStory): string | null {
  const sent = now.asked.find(({ name }) => name === 'submitBlock')?.askedAt;
  return sent === undefined || sent <= now.deadlines.submit ? null : `block out ${against(sent, now.deadlines.giveUp, 'it would have been too late')}`;
}

function against(at: number, deadline: number, what: string): string {
  return at === deadline ? `as ${what} came` : `${secs(Math.abs(at - deadline))} ${at > deadline ? 'after' : 'before'} ${what}`;
}

function endText(was: EpochStory, now: EpochStory): string {
  const [before, after] = [nameOf(was), nameOf(now)];
  return before === after ? `${after} as it was` : `${after}; it was ${before}`;
}

function nameOf(story: EpochStory): string {
  return story.outcome === null ? 'not over yet' : outcomeWithBlame(story.outcome, story);
}

/** What of the world would have to be known: a text for each effect; one without does not compile. */
const MISSING: { readonly [Name in EffectName]: (need: Missing, was: EpochStory, now: EpochStory) => string } = {
  alarm: ({ at }, _, now) => `when it is ${intoText(at, now)}`,
  getHead: ({ at }, was, now) => `which head the node had ${intoText(at, now)}${headKnown(was)}`,
  getBeaconEntry: (need, was, now) => `drand's entry of epoch ${now.epoch}, and when it could be had: ${never(need, was, 'nobody asked for it')}`,
  getMiningBaseInfo: ({ input }) => `what the chain says of the miner on ${tipsetText(askedOf('getMiningBaseInfo', input).base)}: nobody asked`,
  signVrf: (need, was) =>
    `the ${need.actor === 'election' ? 'draw of the election' : 'ticket on that base'}, which ${never(need, was, 'the worker key never signed')}`,
  proveWinningPost: (need, was, now) => `the proof, and how long it takes: ${never(need, was, 'none was asked for')}${leftText(need, now)}`,
  getMessages: ({ input }) => `which messages the node would have chosen for ${tipsetText(askedOf('getMessages', input).base)} and this ticket`,
  createBlock: (need, was, now) =>
    `the block that the node would have made, and how long it takes: ${never(need, was, 'this one was never asked for')}${leftText(need, now)}`,
  bind: () => 'whether the journal would have bound this block: it never saw it',
  claim: () => 'whether the fence would have granted this block',
  submitBlock: ({ at }, _, now) => `whether the node would have taken the block ${intoText(at, now)}`,
  pushMessages: () => "whether the node's pool would have taken the messages of the block once more",
  getTipset: (_, __, now) => `what the chain would have had at epoch ${now.epoch}`,
};

function missingText(need: Missing, was: EpochStory, now: EpochStory): string {
  return isEffectName(need.name) ? MISSING[need.name](need, was, now) : `the answer to ${need.name}`;
}

/** An equal question may have been asked, and given up. */
function never({ name }: Missing, { asked, endedAt }: EpochStory, else_: string): string {
  const open = asked.find((one) => one.name === name && one.answeredAt === null);
  return open === undefined ? else_ : `it was given up after ${secs((open.givenUpAt ?? endedAt) - open.askedAt)}`;
}

function leftText({ at }: Missing, { deadlines }: EpochStory): string {
  return `; there would have been ${secs(Math.max(0, deadlines.giveUp - at))} until a block comes too late`;
}

/** A time by the epoch in which it lies. */
function intoText(at: number, { config, epoch, deadlines }: EpochStory): string {
  const blockMs = config.blockDelaySecs * 1000;
  const ahead = Math.floor((at - deadlines.submit) / blockMs);
  return `${secs(at - deadlines.submit - ahead * blockMs)} into epoch ${epoch + ahead}`;
}

function headKnown(was: EpochStory): string {
  const took = was.asked.find(({ name, answeredAt, failure }) => name === 'getHead' && answeredAt !== null && failure === null);
  if (was.base === null || took === undefined) return '; the journal has none';
  const { since } = was.base;
  const from = since === undefined ? '' : `, which it had since ${intoText(since, was)}`;
  return `; the journal has that of epoch ${was.base.height}, seen ${intoText(took.answeredAt ?? took.askedAt, was)}${from}`;
}
