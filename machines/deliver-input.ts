/** What deliver is given, and what it asks and says of the block that is bound. */

import type { Deadlines, RoundConfig } from '../src/consensus/mining-round.ts';
import type { EpochOutcome, Failure, Refusal } from '../src/consensus/outcome.ts';
import { retryAfter } from './answer.ts';
import type { BindInput, ClaimVerdict, Effects } from './effects.ts';

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
  /** What the node said when it would not take it. */
  readonly refusal: Failure | null;
  /** Times it was kept for another try all the same. */
  readonly insistences: number;
  /** Times the block was taken and did not show on the chain. */
  readonly absences: number;
  readonly output: DeliverOutput | null;
}

interface Held {
  readonly context: DeliverContext;
}

export function submission({ context: { bound, deadlines } }: Held): Effects['submitBlock']['in'] {
  const { miner, epoch, cid, block } = bound;
  return { miner, epoch, cid, block, by: deadlines.giveUp };
}

/** When to try again: soon while the block is in time; once an epoch after that, for a chain may stand still until it has this block. */
export function insistAfter({ config, deadlines }: DeliverContext, failed: Failure): number {
  return failed.at < deadlines.lastCall ? retryAfter(failed) : failed.at + config.blockDelaySecs * 1000;
}

/** When to try a block again that a node refused: as the next epoch begins, so that it is there before a base is taken. */
export function insistAt({ config, deadlines, refusal }: DeliverContext): number {
  const blockMs = config.blockDelaySecs * 1000;
  const since = (refusal as Failure).at - deadlines.submit;
  return deadlines.submit + blockMs * Math.max(1, Math.floor(since / blockMs) + 1);
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
