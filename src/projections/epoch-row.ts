/**
 * One epoch of one miner as a row of a live table: where it stands, what it won, how long each step took and what time
 * was left. A pure fold, record by record.
 */

import { computeWinCount } from '../consensus/election.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { answered } from '../mining/effects.ts';
import { type EpochOutcome, recordedOutcome } from '../mining/outcome.ts';
import { type Deadlines, deadlinesOf, type MiningInfo, qualityOf, recordedStart } from '../mining/round.ts';
import { epochStream } from '../mining/stream.ts';

/** Milliseconds; `null` for a step that was not reached, or is not over. */
export interface StepTimes {
  /** Head, beacon entry and base info, from when the base was due. */
  readonly base: number | null;
  readonly elect: number | null;
  /** Ticket and proof, side by side. */
  readonly prove: number | null;
  /** Messages, creation, bind and claim, from the cut-off or the proof, whichever came later. */
  readonly block: number | null;
  /**
   * Between the block being ready and its epoch's beginning, when it has to go out; below zero when it was late for
   * that.
   */
  readonly left: number | null;
}

export interface EpochRow {
  readonly miner: string;
  readonly epoch: number;
  readonly deadlines: Deadlines;
  /** What it is at, in a word or two of eleven letters at most; what it was at last when it is over. */
  readonly at: string;
  /** 0 for a lost election; `null` while none was held. */
  readonly wins: number | null;
  /** Of the ticket, 0 to 1. */
  readonly quality: number | null;
  /** Bytes of the selected messages' CBOR list, or the name of the blob that holds them. */
  readonly messages: Uint8Array | { readonly $blob: Uint8Array } | null;
  readonly times: StepTimes;
  readonly outcome: EpochOutcome | null;
  readonly info: MiningInfo | null;
  /** Times at which the steps so far were over. */
  readonly done: Partial<Record<'start' | 'base' | 'elect' | 'ticket' | 'proof', number>>;
}

/** What a state of a step is called, by actor and state; a state that is not here changes nothing. */
const DOING: Readonly<Record<string, string>> = {
  'base-wait waiting': 'waiting',
  'base-wait asking.head': 'head',
  'base-wait asking.beacon': 'beacon',
  'base-wait asking.info': 'power',
  'election signing': 'election',
  'prove proving': 'proving',
  'select awaitingCutoff': 'cut-off',
  'select refreshingBase': 'head again',
  'select redrawingTicket': 'new ticket',
  'select selecting': 'messages',
  'create creating': 'creating',
  'create/deliver claiming': 'claiming',
  'create/deliver checkingBase': 'head again',
  'create/deliver awaitingEpoch': 'ready',
  'create/deliver submitting': 'sending',
  'create/deliver seeking': 'looking',
  'create/deliver settling': 'sent',
  'create/deliver looking': 'looking',
};

/**
 * The row that an epoch's first record begins; `null` for any other record, and where a damaged journal has lost what
 * it was mined by.
 */
export function beginRow({ stream, input, at }: JournalRecord): EpochRow | null {
  if (input.type !== 'start' || input.machine !== 'epoch' || epochStream(stream)?.below !== null) return null;
  const { miner, epoch, config } = recordedStart(input.input);
  if (config === null) return null;
  const times = { base: null, elect: null, prove: null, block: null, left: null };
  const empty = { wins: null, quality: null, messages: null, outcome: null, info: null };
  return { miner, epoch, deadlines: deadlinesOf(config, epoch), at: 'waiting', times, done: { start: at }, ...empty };
}

/** The row after a record of its stream. */
export function nextRow(row: EpochRow, record: JournalRecord): EpochRow {
  const told = answerOf(row, record);
  const at = record.steps.map(({ actor, to }) => DOING[`${actor} ${to}`]).findLast((text) => text !== undefined) ?? row.at;
  return { ...told, at, outcome: recordedOutcome(record.outcome) ?? row.outcome };
}

function answerOf(row: EpochRow, { input, at }: JournalRecord): EpochRow {
  if (input.type !== 'result' || !input.ok) return row;
  const { actor, id, value } = input;
  switch (`${actor} ${id}`) {
    case 'base-wait getMiningBaseInfo':
      return withBase(row, answered('getMiningBaseInfo', value), at);
    case 'election signVrf':
      return elected(row, answered('signVrf', value), at);
    case 'prove proveWinningPost':
      return prepared(row, { ...row.done, proof: at });
    case 'ticket signVrf':
      return prepared({ ...row, quality: qualityOf(answered('signVrf', value)) }, row.done.ticket === undefined ? { ...row.done, ticket: at } : row.done);
    case 'select getMessages':
      return { ...row, messages: answered('getMessages', value) };
    case 'create/deliver claim':
      return ready(row, at);
    default:
      return row;
  }
}

function withBase(row: EpochRow, info: MiningInfo | null, at: number): EpochRow {
  const due = Math.max(row.deadlines.base, row.done.start ?? 0);
  return { ...row, info, times: { ...row.times, base: at - due }, done: { ...row.done, base: at } };
}

function elected(row: EpochRow, vrfProof: Uint8Array, at: number): EpochRow {
  const wins = row.info === null ? null : computeWinCount(vrfProof, row.info.power, row.info.networkPower);
  return { ...row, wins, times: { ...row.times, elect: at - (row.done.base ?? at) }, done: { ...row.done, elect: at } };
}

function prepared(row: EpochRow, done: EpochRow['done']): EpochRow {
  const { ticket, proof, elect } = done;
  if (ticket === undefined || proof === undefined || elect === undefined) return { ...row, done };
  return { ...row, done, times: { ...row.times, prove: Math.max(ticket, proof) - elect } };
}

function ready(row: EpochRow, at: number): EpochRow {
  const { cutoff, submit } = row.deadlines;
  const since = Math.max(cutoff, row.done.ticket ?? cutoff, row.done.proof ?? cutoff);
  return { ...row, times: { ...row.times, block: at - since, left: submit - at } };
}
