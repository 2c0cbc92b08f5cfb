/**
 * Brings a bound block out: claim, wait for its epoch, submit, look for it (docs/architecture.md 3, «The order around a
 * block»). The end of create; alone where an epoch cannot go on.
 */

import type { Stage } from '../src/mining/outcome.ts';
import { answer, failure } from './answer.ts';
import { againAt, conflictOf, type DeliverInput, type DeliverOutput, submission, unknownClaim } from './deliver-input.ts';
import { deliverSetup, freshContext } from './deliver-setup.ts';

export type { DeliverInput, DeliverOutput };

interface Failed {
  readonly event: { readonly error: unknown };
}

const fail = (stage: Stage) => ({ target: 'done', actions: { type: 'fail', params: (failed: Failed) => ({ stage, failure: failure(failed) }) } }) as const;
const mined = { target: 'done', actions: 'beMined' } as const;
const later = <Target extends string>(target: Target) => ({ target, actions: { type: 'tryLater', params: failure } }) as const;
const retry = <Target extends string>(target: Target) => ({ guard: { type: 'isRetryable', params: failure }, ...later(target) }) as const;
/**
 * It is not seen on the chain. As long as the chain stands on its base it goes out again: nothing else may go on from
 * there, and no count of tries changes that.
 */
const unseen = [
  { guard: 'isTaken', ...mined },
  { guard: 'isRejected', target: 'done', actions: 'beRejected' },
  { guard: 'isOver', target: 'done', actions: 'beLate' },
  { target: 'pausing' },
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
          { guard: { type: 'isGranted', params: answer }, target: 'awaitingEpoch', actions: 'noteGranted' },
          { target: 'done', actions: { type: 'refuse', params: conflictOf } },
        ],
        onError: [retry('doubting'), { target: 'doubting', actions: { type: 'noteUnclaimed', params: failure } }],
      },
    },
    doubting: {
      invoke: {
        id: 'claimAgain',
        src: 'alarm',
        input: againAt,
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
          { guard: { type: 'waits', params: answer }, target: 'claiming' },
          { guard: 'isUnclaimed', target: 'done', actions: 'failClaim' },
          { target: 'done', actions: { type: 'refuse', params: unknownClaim } },
        ],
        onError: later('doubting'),
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
        onError: [
          { guard: { type: 'lacksMessages', params: failure }, target: 'pushing', actions: 'notePushed' },
          retry('pausing'),
          { target: 'looking', actions: { type: 'noteRefused', params: failure } },
        ],
      },
    },
    // A node that was restarted, or another one: it has the block's base, and not its messages.
    pushing: {
      invoke: {
        id: 'pushMessages',
        src: 'pushMessages',
        input: ({ context }) => ({ messages: context.bound.messages }),
        onDone: 'submitting',
        onError: [retry('pausing'), { target: 'looking', actions: { type: 'noteRefused', params: failure } }],
      },
    },
    pausing: {
      invoke: {
        id: 'submitAgain',
        src: 'alarm',
        input: againAt,
        onDone: { target: 'submitting', actions: 'tryAnew' },
        onError: fail('submit'),
      },
    },
    settling: {
      // The node took it; whether it is on the chain is for the fate to find out.
      invoke: { id: 'settled', src: 'alarm', input: againAt, onDone: 'looking', onError: mined },
    },
    looking: {
      invoke: {
        id: 'getTipset',
        src: 'getTipset',
        input: ({ context }) => ({ height: context.bound.epoch }),
        onDone: [{ guard: { type: 'isThere', params: answer }, ...mined }, ...unseen],
        onError: unseen,
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as DeliverOutput,
});
