/** How one (miner, epoch) ends: exactly one of these, with a stable reason (docs/commands.md, «Outcomes»). */

import type { SlashFault } from '../consensus/slash-fault.ts';

/**
 * An operating failure as a value: nothing in a machine is thrown. `at` is when it was known, in milliseconds since
 * 1970.
 */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly at: number;
}

/** The steps of an epoch, as failures and lateness name them. */
export type Stage = 'base' | 'beacon' | 'base-info' | 'election' | 'ticket' | 'prove' | 'select' | 'create' | 'bind' | 'claim' | 'submit';

export type LateStage = 'base' | 'beacon' | 'base-info' | 'prove' | 'select' | 'create' | 'submit';

export type Ineligibility =
  | 'miner-not-found'
  | 'no-power-at-lookback'
  | 'no-active-sectors'
  | 'below-minimum-power'
  | 'fee-debt'
  | 'consensus-fault'
  | 'unknown';

export type Refusal = SlashFault | 'upgrade-unknown' | 'fence-conflict' | 'fence-unknown' | 'invalid';

export type EpochOutcome =
  /** `cid` of the block, 38 bytes; `sentAt` is when a node took it, where one said so, in milliseconds since 1970. */
  | { readonly outcome: 'mined'; readonly cid: Uint8Array; readonly winCount: number; readonly sentAt?: number }
  /** Would have been mined; nothing was created. */
  | { readonly outcome: 'observed'; readonly winCount: number }
  /** Draw and expectation in Q.256; `missedBy` is how far the draw lay above the least that wins. */
  | { readonly outcome: 'lost'; readonly lambda: bigint; readonly digest: bigint; readonly missedBy: bigint }
  | { readonly outcome: 'ineligible'; readonly reason: Ineligibility }
  | { readonly outcome: 'late'; readonly stage: LateStage }
  | { readonly outcome: 'refused'; readonly why: Refusal; readonly detail: string }
  /** By the node, in its words. */
  | { readonly outcome: 'rejected'; readonly failure: Failure }
  | { readonly outcome: 'failed'; readonly stage: Stage; readonly failure: Failure }
  | { readonly outcome: 'abandoned'; readonly why: 'upgraded' | 'upgrade-unknown' | 'poisoned' }
  | { readonly outcome: 'stopped' };

/**
 * An outcome as a record holds it; `null` where the stream goes on. The machines that end with it are compiled against
 * the type.
 */
export function recordedOutcome(recorded: unknown): EpochOutcome | null {
  return (recorded ?? null) as EpochOutcome | null;
}

/** A failed result as a record holds it: made by the runtime alone. */
export function recordedFailure(recorded: unknown): Failure {
  return recorded as Failure;
}
