/** Guards and actions of deliver: what its chart calls by name. */

import { assign, setup } from 'xstate';
import { equalBytes } from '../src/chain/bytes.ts';
import { deadlinesOf, type Head } from '../src/consensus/mining-round.ts';
import { holdsBlock, type Standing } from '../src/consensus/orphan.ts';
import type { Failure, Stage } from '../src/consensus/outcome.ts';
import { isRetryable } from './answer.ts';
import { type DeliverContext, type DeliverInput, type DeliverOutput, insistAfter, insistAt, type Refused } from './deliver-input.ts';
import { type ClaimVerdict, type Effects, effect } from './effects.ts';

/** A node may take a block without a word and drop it: then the same bytes go out once more. */
const ABSENCES_MAX = 1;
/**
 * A refused block is bound for good, and nothing else may stand on its base: where nobody else mines, the chain stands still until a node takes it.
 * So it goes out again while that is so; a clock that was wrong, a node that was not well are over by then, and a block that is bad is not tried for ever.
 */
const INSISTENCES_MAX = 5;

/** The chain went on without the block. */
const TOO_LATE = 'TOO_LATE';
/** It never went out, and never will. */
const NOT_BOUND = 'SUBMIT_NOT_BOUND';

export function freshContext(input: DeliverInput): DeliverContext {
  return {
    ...input,
    deadlines: deadlinesOf(input.config, input.bound.epoch),
    retryAt: 0,
    sentAt: null,
    refusal: null,
    insistences: 0,
    absences: 0,
    output: null,
  };
}

export const deliverSetup = setup({
  types: { input: {} as DeliverInput, context: {} as DeliverContext, output: {} as DeliverOutput },
  actors: { alarm: effect('alarm'), claim: effect('claim'), getHead: effect('getHead'), submitBlock: effect('submitBlock'), getTipset: effect('getTipset') },
  guards: {
    isRetryable,
    isGranted: (_, { verdict }: ClaimVerdict) => verdict === 'granted',
    isPastLastCall: ({ context }) => context.retryAt >= context.deadlines.lastCall,
    standsOnBase: ({ context }, head: Head) => isSame(context.bound.base, head),
    isTooLate: ({ context }) => context.refusal?.code === TOO_LATE,
    isThere: ({ context }, standing: Standing) => holdsBlock(standing, context.bound.cid),
    mayInsist: ({ context: { refusal, insistences } }) => refusal?.code !== NOT_BOUND && insistences < INSISTENCES_MAX,
    wasTaken: ({ context }) => context.absences > 0,
    maySendAgain: ({ context }) => context.absences < ABSENCES_MAX,
  },
  actions: {
    retryLater: assign({ retryAt: ({ context }, failed: Failure) => insistAfter(context, failed) }),
    noteTaken: assign({ sentAt: ({ context }, { at }: Effects['submitBlock']['out']) => context.sentAt ?? at }),
    noteRefused: assign(({ context: { refusal, insistences } }, failed: Failure) =>
      refusal !== null && failed.code === TOO_LATE ? { insistences: INSISTENCES_MAX } : { refusal: failed, insistences },
    ),
    insist: assign(({ context }) => ({ insistences: context.insistences + 1, retryAt: insistAt(context) })),
    countAbsence: assign({ absences: ({ context }) => context.absences + 1 }),
    fail: assign({ output: (_, failing: { readonly stage: Stage; readonly failure: Failure }) => ({ outcome: 'failed' as const, ...failing }) }),
    refuse: assign({ output: (_, refused: Refused) => ({ outcome: 'refused' as const, ...refused }) }),
    beLate: assign({ output: { outcome: 'late' as const, stage: 'submit' as const } }),
    beRejected: assign({ output: ({ context }) => ({ outcome: 'rejected' as const, failure: context.refusal as Failure }) }),
    beMined: assign({
      output: ({ context: { bound, winCount, sentAt } }) => ({ outcome: 'mined' as const, cid: bound.cid, winCount, ...(sentAt === null ? {} : { sentAt }) }),
    }),
  },
});

function isSame(base: Head, head: Head): boolean {
  return base.blocks.length === head.blocks.length && base.blocks.every(({ cid }, i) => equalBytes(cid, head.blocks[i]?.cid ?? new Uint8Array(0)));
}
