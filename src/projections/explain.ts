/**
 * The story of one epoch in plain words: how it ended, why, by how much, where the time went, what to change
 * (docs/commands.md, «Command line»). A pure fold over one stream's records.
 */

import { decodeCid } from '../chain/encoding/cid.ts';
import { electionLambda, winThresholds } from '../consensus/election.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { placeOf } from '../mining/base.ts';
import { type EpochOutcome, type Ineligibility, recordedOutcome } from '../mining/outcome.ts';
import { recordedHead } from '../mining/round.ts';
import { epochStream, NETWORK, streamName } from '../mining/stream.ts';
import { adviceFor, slowAdvice } from './advice.ts';
import { blame, isLate, type SlowStep } from './blame.ts';
import { type EpochStory, epochStory } from './epoch-story.ts';
import { type FateStory, fateStory, observedStory } from './fate-story.ts';
import { bytesText, percent, secs, times } from './figures.ts';
import { checkRecords } from './given-record.ts';
import { observedBlock } from './observed-fate.ts';
import type { StepQuestion } from './questions.ts';

/**
 * Lines of text; of records that begin with no epoch's start: none. Beside the epoch's own records, in any order of
 * streams: those of its fate and its rescue, and the news of `network`. Throws `CALL_ARGUMENT` for what is no list of
 * records.
 */
export function explain(records: readonly JournalRecord[]): readonly string[] {
  checkRecords('explain', records);
  const name = records[0]?.stream ?? '';
  const own = epochStream(name);
  const story = epochStory(streamOf(records, name));
  if (story === null) return [];
  const fate = fateTold(records, story);
  const lines = [
    headline(story, fate.title),
    ...reason(story),
    ...rescueLine(own === null ? [] : streamOf(records, streamName(own.miner, own.epoch, 'rescue'))),
    ...fate.lines,
    ...baseLine(story),
    ...newsLines(story, streamOf(records, NETWORK)),
  ];
  const wasLate = fate.why === 'late-broadcast';
  const advice = (wasLate ? slowAdvice(story) : fate.advice) ?? adviceFor(story);
  return [...lines, ...timeLines(story), ...(wasLate || isLate(story.outcome) ? blameLine(story) : []), ...(advice === null ? [] : [`What to do: ${advice}`])];
}

/** What became of the epoch's block, of the same records. */
export function fateTold(records: readonly JournalRecord[], story: EpochStory): FateStory {
  const { miner, epoch } = story;
  const seen = streamOf(records, 'network')
    .map(observedBlock)
    .findLast((block) => block?.miner === miner && block.epoch === epoch);
  return seen === undefined || seen === null ? fateStory(streamOf(records, streamName(miner, epoch, 'fate'))) : observedStory(story, seen);
}

function streamOf(records: readonly JournalRecord[], stream: string): readonly JournalRecord[] {
  return records.filter((record) => record.stream === stream);
}

function headline({ miner, epoch, outcome, config }: EpochStory, fate: string | null): string {
  return `${miner}, epoch ${epoch} of ${config.network}: ${outcome === null ? 'not over yet' : titleOf(outcome)}${fate === null ? '' : `, ${fate}`}.`;
}

function titleOf(outcome: EpochOutcome): string {
  switch (outcome.outcome) {
    case 'ineligible':
      return `ineligible (${outcome.reason})`;
    case 'late':
      return `late (${outcome.stage})`;
    case 'refused':
      return `won, and refused by us (${outcome.why})`;
    case 'rejected':
      return 'won, and rejected by the node';
    case 'failed':
      return `failed (${outcome.stage})`;
    case 'abandoned':
      return `abandoned (${outcome.why})`;
    case 'observed':
      return 'won, observing';
    case 'lost':
      return 'lost the election';
    default:
      return outcome.outcome;
  }
}

function reason(story: EpochStory): readonly string[] {
  const { outcome } = story;
  if (outcome === null) return [`It waits for ${waitingFor(story)}.`];
  switch (outcome.outcome) {
    case 'mined':
      return [`Block ${decodeCid(outcome.cid)} went out with ${times(outcome.winCount, 'win')}${submittedText(story)}.`, ...chanceLine(story)];
    case 'observed':
      return [`${times(outcome.winCount, 'win')}: it would have been mined; observing, nothing is created.`, ...chanceLine(story)];
    case 'lost':
      return [lostText(outcome)];
    case 'ineligible':
      return [INELIGIBLE[outcome.reason], ...powerLine(story, outcome.reason)];
    case 'late':
      return [lateText(story, outcome.stage), ...failures(story)];
    case 'refused':
      return [
        `The block was made and not sent: ${outcome.detail === '' ? outcome.why : outcome.detail}.`,
        ...(outcome.why === 'fence-unknown' ? failures(story) : []),
      ];
    case 'rejected':
      return [`The node would not take the block: ${outcome.failure.code}: ${outcome.failure.message}.`];
    case 'failed':
      return [`At the step ${outcome.stage} it ended with ${outcome.failure.code}: ${outcome.failure.message}.`];
    case 'abandoned':
      if (outcome.why === 'upgrade-unknown')
        return ['It is past an upgrade that the network names and this version does not know: so it was given up, and what was bound is not sent again.'];
      return [
        outcome.why === 'upgraded'
          ? 'Other code was started while the epoch ran, and makes other steps of what had happened by then: so it was given up.'
          : `A step failed: ${(story.poison ?? 'see the record').replace(/\.$/, '')}.`,
      ];
    case 'stopped':
      return ['The miner was stopped before the block was bound, so nothing was lost that had been promised.'];
  }
}

/** Where it may be the power. */
function powerLine({ info }: EpochStory, reason: Ineligibility): readonly string[] {
  return info === null || (reason !== 'below-minimum-power' && reason !== 'unknown')
    ? []
    : [`At the lookback it had ${bytesText(info.power)} of the ${bytesText(info.networkPower)} of the network, by quality.`];
}

/** What brought a bound block out when its epoch could not. */
function rescueLine(records: readonly JournalRecord[]): readonly string[] {
  if (records.length === 0) return [];
  const outcome = recordedOutcome(records.at(-1)?.outcome);
  const said = outcome === null ? 'and is on its way still' : `with this end: ${titleOf(outcome)}`;
  return [`Its block was bound by then, and was taken up again on its own, ${said}.`];
}

/** Heads that came when the base was taken already: what the block could have stood on. */
function newsLines({ base, asked, epoch, outcome }: EpochStory, network: readonly JournalRecord[]): readonly string[] {
  const takenAt = asked.find(({ name }) => name === 'getHead')?.answeredAt ?? null;
  if (base === null || takenAt === null || outcome?.outcome === 'lost' || outcome?.outcome === 'ineligible') return [];
  return network.flatMap(({ input, at }) => {
    if (input.type !== 'seen' || input.what !== 'head' || at <= takenAt) return [];
    const head = input.value === null ? null : recordedHead(input.value);
    // Of a damaged journal.
    if (head === null) return [];
    const place = placeOf(base, head);
    if (head.height >= epoch || place === 'behind' || place === 'same') return [];
    return [`A head of ${times(head.blocks.length, 'block')} of epoch ${head.height} came ${secs(at - takenAt)} after the base was taken: too late to be it.`];
  });
}

const INELIGIBLE: Readonly<Record<Ineligibility, string>> = {
  'miner-not-found': 'The chain knows no such miner at this height.',
  'no-power-at-lookback': 'The miner had no power in the state 900 epochs back, which is the one elections draw from.',
  'no-active-sectors': 'The miner had no active sector to prove.',
  'below-minimum-power': "The miner's power is below the least that may mine.",
  'fee-debt': 'The miner owes fees; with a debt nobody mines.',
  'consensus-fault': 'The miner committed a consensus fault and sits out its penalty.',
  unknown: 'The node says the miner may not mine, and not why.',
};

/** Fractions of one from Q.256. */
const fraction = (q256: bigint): number => Number(q256 >> 204n) / 2 ** 52;

function lostText({ lambda, digest, missedBy }: Extract<EpochOutcome, { readonly outcome: 'lost' }>): string {
  const chance = fraction(digest - missedBy);
  if (lambda === 0n) return 'With no power no draw wins (λ = 0).';
  const draw = `The draw was ${fraction(digest).toFixed(4)}; below ${chance.toFixed(4)} it wins: missed by ${fraction(missedBy).toFixed(4)}.`;
  return `${draw} At this power (λ = ${fraction(lambda).toFixed(4)} wins expected an epoch) ${percent(chance)} of epochs win: that is luck, not a fault.`;
}

function chanceLine({ info }: EpochStory): readonly string[] {
  if (info === null) return [];
  const lambda = electionLambda(info.power, info.networkPower);
  return [
    `At this power λ = ${fraction(lambda).toFixed(4)} wins are expected an epoch, and ${percent(fraction(winThresholds(lambda)[0] ?? 0n))} of epochs win.`,
  ];
}

const WAITED: Readonly<Record<string, string>> = {
  base: 'a head below the epoch',
  beacon: "drand's entry of the epoch",
  'base-info': 'what the chain says of the miner',
  prove: 'the proof',
  select: 'the ticket to be drawn again, as the base had changed at the cut-off,',
  create: 'the node to make the block',
  submit: 'the block to be taken',
};

function lateText({ deadlines, startedAt, asked }: EpochStory, stage: string): string {
  const limit = `${secs(deadlines.giveUp - deadlines.submit)} after the epoch began`;
  if (startedAt > deadlines.giveUp) return `It was begun ${secs(startedAt - deadlines.giveUp)} after a block would have come too late, which is ${limit}.`;
  if (asked.some(({ failure }) => failure?.code === 'TOO_LATE')) return 'When the block was sent, the chain had gone on without it.';
  return `It waited for ${WAITED[stage] ?? stage} until a block would have come too late, ${limit}.`;
}

/** Only what failed: how often, and in the words of the last. */
function failures({ asked }: EpochStory): readonly string[] {
  const failed = asked.filter(({ failure }) => failure !== null);
  const last = failed.at(-1);
  if (last?.failure == null) return [];
  return [
    `${last.name} failed ${times(failed.filter(({ name }) => name === last.name).length, 'time')}, last with ${last.failure.code}: ${last.failure.message}.`,
  ];
}

function submittedText({ asked, deadlines }: EpochStory): string {
  const sent = asked.find(({ name }) => name === 'submitBlock');
  if (sent === undefined) return '';
  return ` ${secs(sent.askedAt - deadlines.submit)} after the epoch began, ${secs(deadlines.giveUp - sent.askedAt)} before it would have been too late`;
}

function baseLine({ base, epoch }: EpochStory): readonly string[] {
  if (base === null || base.height >= epoch) return [];
  const nulls = epoch - base.height - 1;
  return [`It stood on ${times(base.blocks.length, 'block')} of epoch ${base.height}${nulls > 0 ? `, ${times(nulls, 'null round')} in between` : ''}.`];
}

/** Each question that took a while, the longest first, and what was done against each deadline. */
function timeLines({ asked, deadlines, endedAt }: EpochStory): readonly string[] {
  // A bind is answered in the turn that asks it.
  const questions = asked.filter(({ name }) => name !== 'alarm' && name !== 'bind');
  if (questions.length === 0) return [];
  const slow = timesOf(questions, endedAt);
  const headAt = questions.find(({ name }) => name === 'getHead')?.askedAt;
  const head = headAt === undefined ? [] : [`the head was asked for ${against(headAt, deadlines.base, 'it was due')}`];
  const [done, doneAt] = prepared(questions);
  const ready = doneAt === null ? [] : [`${done} ${against(doneAt, deadlines.cutoff, 'the cut-off')}`];
  return [
    `Where the time went: ${slow.length === 0 ? atOnce(questions) : slow.join(', ')}.`,
    ...(head.length === 0 ? [] : [`Against the deadlines: ${[...head, ...ready].join('; ')}.`]),
  ];
}

const TAKEN_BY: Readonly<Record<SlowStep, string>> = {
  begin: 'beginning it',
  base: 'the head',
  beacon: 'the beacon entry',
  'base-info': 'the base info',
  election: 'the election',
  ticket: 'the ticket',
  prove: 'the proof',
  select: 'the look at the cut-off and the messages',
  create: 'making the block',
  bind: 'the journal',
  claim: 'the fence',
  submit: 'bringing the block out',
};

/** Who used the time up, which need not be who was at work when it was over. */
function blameLine(story: EpochStory): readonly string[] {
  const slow = blame(story);
  if (slow === null) return [];
  const { step, ms, ofMs } = slow;
  return [`Of the ${secs(ofMs)} there were, ${TAKEN_BY[step]} took ${secs(ms)} (${percent(ms / ofMs)}).`];
}

function atOnce(questions: readonly StepQuestion[]): string {
  return questions.some(({ failure }) => failure !== null) ? 'in asking again; every answer came at once' : 'every answer came at once';
}

function timesOf(questions: readonly StepQuestion[], endedAt: number): readonly string[] {
  const sums = new Map<string, number>();
  for (const { name, askedAt, answeredAt, givenUpAt } of questions) {
    const what = answeredAt === null ? `${name} without an answer` : name;
    sums.set(what, (sums.get(what) ?? 0) + (answeredAt ?? givenUpAt ?? endedAt) - askedAt);
  }
  const slow = [...sums].filter(([, ms]) => ms > 0).sort((a, b) => b[1] - a[1]);
  return slow.map(([name, ms]) => `${name} ${secs(ms)}`);
}

/** How far it got before the cut-off mattered, and when. */
function prepared(questions: readonly StepQuestion[]): readonly [string, number | null] {
  const at = (wanted: string): number | null => questions.find(({ name, failure }) => name === wanted && failure === null)?.answeredAt ?? null;
  const proved = at('proveWinningPost');
  return proved === null ? ['the election was done', at('signVrf')] : ['election, ticket and proof were done', proved];
}

function against(at: number, deadline: number, what: string): string {
  if (at === deadline) return `when ${what === 'the cut-off' ? 'the cut-off came' : what}`;
  return `${secs(Math.abs(at - deadline))} ${at > deadline ? 'after' : 'before'} ${what}`;
}

function waitingFor({ asked }: EpochStory): string {
  const open = asked.filter(({ name, answeredAt, givenUpAt }) => answeredAt === null && givenUpAt === null && name !== 'alarm');
  return open.at(-1)?.name ?? 'its next deadline';
}
