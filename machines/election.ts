/**
 * Runs the election of an epoch: the worker key signs the draw, the proof's hash says how often the miner won
 * (docs/protocol.md 2.4).
 */

import { assign, setup } from 'xstate';
import type { Failure } from '../src/mining/outcome.ts';
import { type Deadlines, type Election, elect, electionMessage, type MiningInfo } from '../src/mining/round.ts';
import { answer, failure, isRetryable, RETRY_MS, retryAfter, signerLate } from './answer.ts';
import { effect } from './effects.ts';

export interface ElectionInput {
  readonly miner: string;
  readonly epoch: number;
  readonly info: MiningInfo;
  readonly deadlines: Deadlines;
}

export type ElectionOutput = Election | { readonly outcome: 'failed'; readonly failure: Failure };

export interface Context extends ElectionInput {
  readonly retryAt: number;
  readonly output: ElectionOutput | null;
}

const FAIL = { target: 'done', actions: { type: 'fail', params: failure } } as const;

export const electionMachine = setup({
  types: { input: {} as ElectionInput, context: {} as Context, output: {} as ElectionOutput },
  actors: { alarm: effect('alarm'), signVrf: effect('signVrf') },
  guards: { isRetryable },
  actions: {
    retryLater: assign({ retryAt: (_, failed: Failure) => retryAfter(failed) }),
    fail: assign({ output: (_, failed: Failure) => ({ outcome: 'failed' as const, failure: failed }) }),
    giveUp: assign({ output: ({ context }) => ({ outcome: 'failed' as const, failure: signerLate(context.deadlines.giveUp) }) }),
    elect: assign({ output: ({ context }, vrfProof: Uint8Array) => elect(context.info, vrfProof) }),
  },
}).createMachine({
  id: 'election',
  context: ({ input }) => ({ ...input, retryAt: 0, output: null }),
  initial: 'signing',
  states: {
    signing: {
      invoke: [
        {
          id: 'giveUp',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: 'giveUp' },
          onError: FAIL,
        },
        {
          id: 'signVrf',
          src: 'signVrf',
          input: ({ context: { info, miner, epoch } }) => ({ key: info.workerKey, message: electionMessage(info, miner, epoch) }),
          onDone: { target: 'done', actions: { type: 'elect', params: answer } },
          onError: [{ guard: { type: 'isRetryable', params: failure }, target: 'pausing', actions: { type: 'retryLater', params: failure } }, FAIL],
        },
      ],
    },
    pausing: {
      invoke: { id: 'retryDue', src: 'alarm', input: ({ context }) => ({ at: context.retryAt, within: RETRY_MS }), onDone: 'signing', onError: FAIL },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as ElectionOutput,
});
