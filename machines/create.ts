/**
 * Makes the block: template, create, one more look at the base, bind; then delivers it (docs/architecture.md 3, «The
 * order around a block»). Bind is the point of no return.
 */

import { answer, failure, RETRY_MS } from './answer.ts';
import { type CreateInput, type CreateOutput, deliverInput, faultOf, mismatchOf, ownBlock, templateOf } from './create-input.ts';
import { createSetup } from './create-setup.ts';

export type { CreateInput, CreateOutput };

const FAIL = { target: 'done', actions: { type: 'fail', params: failure } } as const;

export const createMachine = createSetup.createMachine({
  id: 'create',
  context: ({ input }) => ({ ...input, created: null, retryAt: 0, output: null }),
  initial: 'templating',
  states: {
    templating: {
      always: [{ guard: 'isObserving', target: 'done', actions: 'beObserved' }, { target: 'creating' }],
    },
    creating: {
      invoke: [
        {
          id: 'createBy',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: 'beLate' },
          onError: FAIL,
        },
        {
          id: 'createBlock',
          src: 'createBlock',
          input: templateOf,
          onDone: [
            { guard: { type: 'isAsAsked', params: answer }, target: 'confirming', actions: { type: 'takeBlock', params: answer } },
            { target: 'done', actions: { type: 'refuse', params: mismatchOf } },
          ],
          onError: [{ guard: { type: 'isRetryable', params: failure }, target: 'pausing', actions: { type: 'retryLater', params: failure } }, FAIL],
        },
      ],
    },
    pausing: {
      invoke: { id: 'createAgain', src: 'alarm', input: ({ context }) => ({ at: context.retryAt, within: RETRY_MS }), onDone: 'creating', onError: FAIL },
    },
    // Making it is a wait as well, and bind is the point of no return: without an answer in time the base is taken to
    // stand.
    confirming: {
      invoke: [
        {
          id: 'confirmBy',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: 'beLate' },
          onError: 'binding',
        },
        {
          id: 'getHead',
          src: 'getHead',
          input: ({ context: { miner, epoch, deadlines } }) => ({ miner, epoch, by: deadlines.submit }),
          onDone: [
            { guard: { type: 'isPast', params: answer }, target: 'done', actions: 'beLate' },
            { guard: { type: 'isMoved', params: answer }, target: 'done', actions: { type: 'move', params: answer } },
            { target: 'binding' },
          ],
          onError: 'binding',
        },
      ],
    },
    binding: {
      invoke: {
        id: 'bind',
        src: 'bind',
        input: ownBlock,
        onDone: [
          { guard: { type: 'isBound', params: answer }, target: 'delivering' },
          { target: 'done', actions: { type: 'refuse', params: faultOf } },
        ],
        onError: { target: 'done', actions: { type: 'failBind', params: failure } },
      },
    },
    delivering: {
      invoke: { id: 'deliver', src: 'deliver', input: deliverInput, onDone: { target: 'done', actions: { type: 'end', params: answer } } },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as CreateOutput,
});
