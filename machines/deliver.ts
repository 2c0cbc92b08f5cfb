/** Brings a bound block out: claim, wait for its epoch, submit, look for it (architecture.md 3, «The order around a block»). The end of create; alone where an epoch cannot go on. */

import type { Stage } from '../src/consensus/outcome.ts';
import { answer, failure } from './answer.ts';
import { conflictOf, type DeliverInput, type DeliverOutput, submission, unknownClaim } from './deliver-input.ts';
import { deliverSetup, freshContext } from './deliver-setup.ts';

export type { DeliverInput, DeliverOutput };

interface Failed {
  readonly event: { readonly error: unknown };
}

const fail = (stage: Stage) => ({ target: 'done', actions: { type: 'fail', params: (failed: Failed) => ({ stage, failure: failure(failed) }) } }) as const;
const mined = { target: 'done', actions: 'beMined' } as const;
const retry = <Target extends string>(target: Target) =>
  ({ guard: { type: 'isRetryable', params: failure }, target, actions: { type: 'retryLater', params: failure } }) as const;
/** Nothing was ever heard of it: it is kept for another try, or the node's first word is the outcome. */
const end = [
  { guard: 'isTooLate', target: 'done', actions: 'beLate' },
  { guard: 'mayInsist', target: 'pausing', actions: 'insist' },
  { target: 'done', actions: 'beRejected' },
] as const;

export const deliverMachine = deliverSetup.createMachine({
  id: 'deliver',
  context: ({ input }) => freshContext(input),
  initial: 'claiming',
  states: {
    claiming: {
      invoke: {
        id: 'claim',
        src: 'claim',
        input: ({ context }) => context.bound,
        onDone: [
          { guard: { type: 'isGranted', params: answer }, target: 'awaitingEpoch' },
          { target: 'done', actions: { type: 'refuse', params: conflictOf } },
        ],
        onError: [retry('doubting'), fail('claim')],
      },
    },
    doubting: {
      invoke: {
        id: 'claimAgain',
        src: 'alarm',
        input: ({ context }) => ({ at: context.retryAt }),
        onDone: [{ guard: 'isPastLastCall', target: 'checkingBase' }, { target: 'claiming' }],
        onError: fail('claim'),
      },
    },
    // Once the chain has gone on without the block there is nothing left to claim.
    checkingBase: {
      invoke: {
        id: 'getHead',
        src: 'getHead',
        input: null,
        onDone: [
          { guard: { type: 'standsOnBase', params: answer }, target: 'claiming' },
          { target: 'done', actions: { type: 'refuse', params: unknownClaim } },
        ],
        onError: [retry('doubting'), fail('claim')],
      },
    },
    awaitingEpoch: {
      invoke: { id: 'epochBegins', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.submit }), onDone: 'submitting', onError: fail('submit') },
    },
    submitting: {
      invoke: {
        id: 'submitBlock',
        src: 'submitBlock',
        input: submission,
        onDone: { target: 'settling', actions: { type: 'noteTaken', params: answer } },
        // An earlier try may have been heard, also by a node that says no to this one.
        onError: [retry('pausing'), { guard: 'wasTaken', ...mined }, { target: 'seeking', actions: { type: 'noteRefused', params: failure } }],
      },
    },
    pausing: {
      invoke: { id: 'submitAgain', src: 'alarm', input: ({ context }) => ({ at: context.retryAt }), onDone: 'submitting', onError: fail('submit') },
    },
    seeking: {
      invoke: {
        id: 'seek',
        src: 'getTipset',
        input: ({ context }) => ({ height: context.bound.epoch }),
        onDone: [{ guard: { type: 'isThere', params: answer }, ...mined }, ...end],
        onError: end,
      },
    },
    settling: {
      invoke: { id: 'settled', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.giveUp }), onDone: 'looking', onError: mined },
    },
    looking: {
      invoke: {
        id: 'getTipset',
        src: 'getTipset',
        input: ({ context }) => ({ height: context.bound.epoch }),
        onDone: [{ guard: { type: 'isThere', params: answer }, ...mined }, { guard: 'maySendAgain', target: 'submitting', actions: 'countAbsence' }, mined],
        // The node took it; whether it is on the chain is for the fate to find out.
        onError: mined,
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as DeliverOutput,
});
