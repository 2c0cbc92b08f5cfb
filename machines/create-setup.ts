/** Guards and actions of create: what its chart calls by name. */

import { assign, setup } from 'xstate';
import { standsFast } from '../src/mining/base.ts';
import type { BindVerdict, CreatedBlock } from '../src/mining/effects.ts';
import type { Failure } from '../src/mining/outcome.ts';
import type { Head } from '../src/mining/round.ts';
import { isRetryable, retryAfter } from './answer.ts';
import { type CreateContext, type CreateInput, type CreateOutput, templateOf } from './create-input.ts';
import { deliverMachine } from './deliver.ts';
import type { DeliverOutput, Refused } from './deliver-input.ts';
import { effect } from './effects.ts';

export const createSetup = setup({
  types: { input: {} as CreateInput, context: {} as CreateContext, output: {} as CreateOutput },
  actors: { alarm: effect('alarm'), getHead: effect('getHead'), createBlock: effect('createBlock'), bind: effect('bind'), deliver: deliverMachine },
  guards: {
    isRetryable,
    isObserving: ({ context }) => context.config.observe,
    isAsAsked: (_, { mismatch }: CreatedBlock) => mismatch === null,
    isPast: ({ context }, head: Head) => head.height >= context.epoch,
    isMoved: ({ context }, head: Head) => !standsFast(context.base, head, true),
    isBound: (_, { verdict }: BindVerdict) => verdict === 'bound',
  },
  actions: {
    retryLater: assign({ retryAt: (_, failed: Failure) => retryAfter(failed) }),
    fail: assign({ output: (_, failed: Failure) => ({ outcome: 'failed' as const, stage: 'create' as const, failure: failed }) }),
    failBind: assign({ output: (_, failed: Failure) => ({ outcome: 'failed' as const, stage: 'bind' as const, failure: failed }) }),
    beLate: assign({ output: { outcome: 'late' as const, stage: 'create' as const } }),
    refuse: assign({ output: (_, refused: Refused) => ({ outcome: 'refused' as const, ...refused }) }),
    takeBlock: assign({ created: (_, created: CreatedBlock) => created }),
    move: assign({ output: (_, head: Head) => ({ outcome: 'moved' as const, head }) }),
    beObserved: assign({ output: ({ context }) => ({ outcome: 'observed' as const, winCount: context.winCount, template: templateOf({ context }) }) }),
    end: assign({ output: (_, output: DeliverOutput) => output }),
  },
});
