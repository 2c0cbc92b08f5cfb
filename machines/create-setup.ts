/** Guards and actions of create: what its chart calls by name. */

import { assign, setup } from 'xstate';
import type { Failure, LateStage, Stage } from '../src/consensus/outcome.ts';
import { holdsCid } from '../src/consensus/own-block.ts';
import { isRetryable } from './answer.ts';
import { type CreateContext, type CreateInput, type CreateOutput, insistAfter, ownBlock, type Refused, templateOf } from './create-input.ts';
import { type BindVerdict, type ClaimVerdict, type CreatedBlock, effect } from './effects.ts';

const CLAIMS_MAX = 2;
/** A node may take a block without a word and drop it: then the same bytes go out once more. */
const ABSENCES_MAX = 1;

export const createSetup = setup({
  types: { input: {} as CreateInput, context: {} as CreateContext, output: {} as CreateOutput },
  actors: {
    alarm: effect('alarm'),
    createBlock: effect('createBlock'),
    bind: effect('bind'),
    claim: effect('claim'),
    submitBlock: effect('submitBlock'),
    getTipset: effect('getTipset'),
  },
  guards: {
    isRetryable,
    isObserving: ({ context }) => context.config.observe,
    isTooLate: (_, { code }: Failure) => code === 'TOO_LATE',
    isAsAsked: (_, { mismatch }: CreatedBlock) => mismatch === null,
    isBound: (_, { verdict }: BindVerdict) => verdict === 'bound',
    isGranted: (_, { verdict }: ClaimVerdict) => verdict === 'granted',
    mayClaimAgain: ({ context }, { verdict }: ClaimVerdict) => verdict === 'unknown' && context.unknownClaims + 1 < CLAIMS_MAX,
    isThere: ({ context }, cids: readonly Uint8Array[]) => holdsCid(cids, ownBlock({ context }).cid),
    wasTaken: ({ context }) => context.absences > 0,
    maySendAgain: ({ context }) => context.absences < ABSENCES_MAX,
  },
  actions: {
    retryLater: assign({ retryAt: ({ context }, failed: Failure) => insistAfter(context, failed) }),
    fail: assign({ output: (_, failing: { readonly stage: Stage; readonly failure: Failure }) => ({ outcome: 'failed' as const, ...failing }) }),
    beLate: assign({ output: (_, { stage }: { readonly stage: LateStage }) => ({ outcome: 'late' as const, stage }) }),
    beRejected: assign({ output: (_, failed: Failure) => ({ outcome: 'rejected' as const, failure: failed }) }),
    refuse: assign({ output: (_, refused: Refused) => ({ outcome: 'refused' as const, ...refused }) }),
    takeBlock: assign({ created: (_, created: CreatedBlock) => created }),
    countUnknown: assign({ unknownClaims: ({ context }) => context.unknownClaims + 1 }),
    countAbsence: assign({ absences: ({ context }) => context.absences + 1 }),
    beObserved: assign({ output: ({ context }) => ({ outcome: 'observed' as const, winCount: context.winCount, template: templateOf({ context }) }) }),
    beMined: assign({ output: ({ context }) => ({ outcome: 'mined' as const, cid: ownBlock({ context }).cid, winCount: context.winCount }) }),
  },
});
