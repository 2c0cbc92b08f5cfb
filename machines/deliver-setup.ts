/** Guards and actions of deliver: what its chart calls by name. */

import { assign, setup } from 'xstate';
import { hasGoneOn } from '../src/mining/base.ts';
import type { ClaimVerdict, Effects } from '../src/mining/effects.ts';
import { holdsBlock, type Standing } from '../src/mining/orphan.ts';
import type { Failure, Stage } from '../src/mining/outcome.ts';
import { deadlinesOf, type Head } from '../src/mining/round.ts';
import { isRetryable } from './answer.ts';
import { type DeliverContext, type DeliverInput, type DeliverOutput, lacksMessages, lookAt, type Refused, tryAfter, tryNextEpoch } from './deliver-input.ts';
import { effect } from './effects.ts';

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
    isPushed: false,
    refusal: null,
    isOver: false,
    output: null,
  };
}

export const deliverSetup = setup({
  types: { input: {} as DeliverInput, context: {} as DeliverContext, output: {} as DeliverOutput },
  actors: {
    alarm: effect('alarm'),
    claim: effect('claim'),
    getHead: effect('getHead'),
    submitBlock: effect('submitBlock'),
    pushMessages: effect('pushMessages'),
    getTipset: effect('getTipset'),
  },
  guards: {
    isRetryable,
    lacksMessages: ({ context }, failed: Failure) => lacksMessages(context, failed),
    isGranted: (_, { verdict }: ClaimVerdict) => verdict === 'granted',
    isPastLastCall: ({ context }) => context.retryAt >= context.deadlines.lastCall,
    waits: ({ context }, head: Head) => !hasGoneOn(context.bound.base, head),
    isUnclaimed: ({ context }) => context.refusal !== null,
    isThere: ({ context }, standing: Standing) => holdsBlock(standing, context.bound.cid),
    isOver: ({ context }) => context.isOver,
    isTaken: ({ context }) => context.isOver && context.sentAt !== null,
    isRejected: ({ context }) => context.isOver && context.refusal !== null,
  },
  actions: {
    tryLater: assign({ retryAt: ({ context }, failed: Failure) => tryAfter(context, failed) }),
    noteUnclaimed: assign(({ context }, failed: Failure) => ({ refusal: failed, retryAt: tryAfter(context, failed) })),
    noteGranted: assign({ refusal: null }),
    notePushed: assign({ isPushed: true }),
    tryAnew: assign({ isPushed: false }),
    noteTaken: assign(({ context }, { at }: Effects['submitBlock']['out']) => ({ sentAt: context.sentAt ?? at, retryAt: lookAt(context, at) })),
    noteRefused: assign(({ context }, failed: Failure) => {
      if (failed.code === TOO_LATE) return { isOver: true };
      return { refusal: failed, isOver: failed.code === NOT_BOUND, retryAt: tryNextEpoch(context, failed) };
    }),
    fail: assign({ output: (_, failing: { readonly stage: Stage; readonly failure: Failure }) => ({ outcome: 'failed' as const, ...failing }) }),
    failClaim: assign({ output: ({ context }) => ({ outcome: 'failed' as const, stage: 'claim' as const, failure: context.refusal as Failure }) }),
    refuse: assign({ output: (_, refused: Refused) => ({ outcome: 'refused' as const, ...refused }) }),
    beLate: assign({ output: { outcome: 'late' as const, stage: 'submit' as const } }),
    beRejected: assign({ output: ({ context }) => ({ outcome: 'rejected' as const, failure: context.refusal as Failure }) }),
    beMined: assign({
      output: ({ context: { bound, winCount, sentAt } }) => ({ outcome: 'mined' as const, cid: bound.cid, winCount, ...(sentAt === null ? {} : { sentAt }) }),
    }),
  },
});
