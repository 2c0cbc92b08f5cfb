/** What deliver is given, and what it asks and says of the block that is bound. */

import type { BindInput, ClaimVerdict, Effects } from '../src/mining/effects.ts';
import type { EpochOutcome, Failure, Refusal } from '../src/mining/outcome.ts';
import type { Deadlines, RoundConfig } from '../src/mining/round.ts';
import { retryAfter } from './answer.ts';

export interface DeliverInput {
  readonly config: RoundConfig;
  readonly bound: BindInput;
  readonly winCount: number;
}

export type DeliverOutput = Extract<EpochOutcome, { readonly outcome: 'mined' | 'refused' | 'late' | 'rejected' | 'failed' }>;

export interface DeliverContext extends DeliverInput {
  readonly deadlines: Deadlines;
  readonly retryAt: number;
  /** When a node first took it, in milliseconds since 1970. */
  readonly sentAt: number | null;
  /** Its messages were pushed again since it was last tried after a pause. */
  readonly isPushed: boolean;
  /** What the fence, and then the node, last said when it would not take it. */
  readonly refusal: Failure | null;
  /** The chain has gone on without it, or it is not ours to send. */
  readonly isOver: boolean;
  readonly output: DeliverOutput | null;
}

interface DeliverData {
  readonly context: DeliverContext;
}

export function submission({ context: { bound, deadlines } }: DeliverData): Effects['submitBlock']['in'] {
  const { miner, epoch, cid, block, base } = bound;
  return { miner, epoch, cid, block, base, by: deadlines.giveUp };
}

/** What a node says that has not all of a block's messages (src/ports/node.ts). */
const MESSAGES_MISSING = 'NODE_MESSAGES_MISSING';

/** Whether pushing the block's messages may mend it: once a try. */
export function lacksMessages({ isPushed }: DeliverContext, { code }: Failure): boolean {
  return code === MESSAGES_MISSING && !isPushed;
}

/**
 * When to try again after a failure that may pass: soon while the block is in time; once an epoch after that, for a
 * chain may stand still until it has this block.
 */
export function tryAfter(context: DeliverContext, failed: Failure): number {
  return failed.at < context.deadlines.lastCall ? retryAfter(failed) : tryNextEpoch(context, failed);
}

/** As the next epoch begins: so that the block is there before a base is taken. */
export function tryNextEpoch({ config, deadlines }: DeliverContext, { at }: Failure): number {
  const blockMs = config.blockDelaySecs * 1000;
  return deadlines.submit + blockMs * Math.max(1, Math.floor((at - deadlines.submit) / blockMs) + 1);
}

/**
 * An alarm for that; no later than after an epoch: what failed while the clock was ahead names a time that may be hours
 * away once it is put right.
 */
export function againAt({ context: { config, retryAt } }: DeliverData): Effects['alarm']['in'] {
  return { at: retryAt, within: config.blockDelaySecs * 1000 };
}

/**
 * When to look for a block that a node took: when the others of its epoch are out; one that was sent later, as long
 * after that.
 */
export function lookAt({ deadlines: { submit, giveUp } }: DeliverContext, sentAt: number): number {
  return sentAt < giveUp ? giveUp : sentAt + giveUp - submit;
}

export interface Refused {
  readonly why: Refusal;
  readonly detail: string;
}

/** Params of a refusal: what the fence holds against the block. */
export function conflictOf({ event: { output } }: { readonly event: { readonly output: ClaimVerdict } }): Refused {
  return { why: 'fence-conflict', detail: output.verdict === 'conflict' ? `${output.kind} with ${output.by}` : '' };
}

/** Params of a refusal: the fence never said. */
export function unknownClaim(): Refused {
  return { why: 'fence-unknown', detail: 'the fence did not say whether another instance mines, until the chain had gone on' };
}
