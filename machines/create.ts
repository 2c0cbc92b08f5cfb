/** Makes the block and sends it: create, bind, claim, wait for the epoch, submit, look for it (architecture.md 3, «The order around a block»). Bind is the point of no return. */

import type { LateStage, Stage } from '../src/consensus/outcome.ts';
import { answer, failure } from './answer.ts';
import { type CreateInput, type CreateOutput, conflictOf, faultOf, mismatchOf, ownBlock, submission, templateOf } from './create-input.ts';
import { createSetup } from './create-setup.ts';

export type { CreateInput, CreateOutput };

interface Failed {
  readonly event: { readonly error: unknown };
}

const fail = (stage: Stage) => ({ target: 'done', actions: { type: 'fail', params: (failed: Failed) => ({ stage, failure: failure(failed) }) } }) as const;
const late = (stage: LateStage) => ({ target: 'done', actions: { type: 'beLate', params: { stage } } }) as const;
const mined = { target: 'done', actions: 'beMined' } as const;
const retry = <Target extends string>(target: Target) =>
  ({ guard: { type: 'isRetryable', params: failure }, target, actions: { type: 'retryLater', params: failure } }) as const;

export const createMachine = createSetup.createMachine({
  id: 'create',
  context: ({ input }) => ({ ...input, created: null, retryAt: 0, unknownClaims: 0, absences: 0, output: null }),
  initial: 'templating',
  states: {
    templating: {
      always: [{ guard: 'isObserving', target: 'done', actions: 'beObserved' }, { target: 'creating' }],
    },
    creating: {
      invoke: [
        { id: 'createBy', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.giveUp }), onDone: late('create'), onError: fail('create') },
        {
          id: 'createBlock',
          src: 'createBlock',
          input: templateOf,
          onDone: [
            { guard: { type: 'isAsAsked', params: answer }, target: 'binding', actions: { type: 'takeBlock', params: answer } },
            { target: 'done', actions: { type: 'refuse', params: mismatchOf } },
          ],
          onError: [retry('pausingCreate'), fail('create')],
        },
      ],
    },
    pausingCreate: {
      invoke: { id: 'createAgain', src: 'alarm', input: ({ context }) => ({ at: context.retryAt }), onDone: 'creating', onError: fail('create') },
    },
    binding: {
      invoke: {
        id: 'bind',
        src: 'bind',
        input: ownBlock,
        onDone: [
          { guard: { type: 'isBound', params: answer }, target: 'claiming' },
          { target: 'done', actions: { type: 'refuse', params: faultOf } },
        ],
        onError: fail('bind'),
      },
    },
    claiming: {
      invoke: {
        id: 'claim',
        src: 'claim',
        input: ownBlock,
        onDone: [
          { guard: { type: 'isGranted', params: answer }, target: 'awaitingEpoch' },
          { guard: { type: 'mayClaimAgain', params: answer }, target: 'claiming', reenter: true, actions: 'countUnknown' },
          { target: 'done', actions: { type: 'refuse', params: conflictOf } },
        ],
        onError: [retry('pausingClaim'), fail('claim')],
      },
    },
    pausingClaim: {
      invoke: { id: 'claimAgain', src: 'alarm', input: ({ context }) => ({ at: context.retryAt }), onDone: 'claiming', onError: fail('claim') },
    },
    awaitingEpoch: {
      invoke: { id: 'epochBegins', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.submit }), onDone: 'submitting', onError: fail('submit') },
    },
    submitting: {
      invoke: {
        id: 'submitBlock',
        src: 'submitBlock',
        input: submission,
        onDone: 'settling',
        onError: [
          retry('pausingSubmit'),
          { guard: 'wasTaken', ...mined },
          { guard: { type: 'isTooLate', params: failure }, ...late('submit') },
          { target: 'done', actions: { type: 'beRejected', params: failure } },
        ],
      },
    },
    pausingSubmit: {
      invoke: { id: 'submitAgain', src: 'alarm', input: ({ context }) => ({ at: context.retryAt }), onDone: 'submitting', onError: fail('submit') },
    },
    settling: {
      invoke: { id: 'settled', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.giveUp }), onDone: 'looking', onError: mined },
    },
    looking: {
      invoke: {
        id: 'getTipset',
        src: 'getTipset',
        input: ({ context }) => ({ height: context.epoch }),
        onDone: [{ guard: { type: 'isThere', params: answer }, ...mined }, { guard: 'maySendAgain', target: 'submitting', actions: 'countAbsence' }, mined],
        // The node took it; whether it is on the chain is for the fate to find out.
        onError: mined,
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as CreateOutput,
});
