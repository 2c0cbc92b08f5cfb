/** Draws the ticket of a won epoch: the worker key signs the ticket draw on the base (docs/protocol.md 2.1 and 2.3). */

import { assign, setup } from 'xstate';
import type { Failure } from '../src/mining/outcome.ts';
import { type Deadlines, type Head, type MiningInfo, type RoundConfig, ticketMessage } from '../src/mining/round.ts';
import { answer, failure, isRetryable, RETRY_MS, retryAfter, signerLate } from './answer.ts';
import { effect } from './effects.ts';

export interface TicketInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly deadlines: Deadlines;
  readonly info: MiningInfo;
  readonly base: Head;
}

export type TicketOutput = { readonly outcome: 'drawn'; readonly ticket: Uint8Array } | { readonly outcome: 'failed'; readonly failure: Failure };

export interface Context extends TicketInput {
  readonly retryAt: number;
  readonly output: TicketOutput | null;
}

const FAIL = { target: 'done', actions: { type: 'fail', params: failure } } as const;

export const ticketMachine = setup({
  types: { input: {} as TicketInput, context: {} as Context, output: {} as TicketOutput },
  actors: { alarm: effect('alarm'), signVrf: effect('signVrf') },
  guards: { isRetryable },
  actions: {
    retryLater: assign({ retryAt: (_, failed: Failure) => retryAfter(failed) }),
    fail: assign({ output: (_, failed: Failure) => ({ outcome: 'failed' as const, failure: failed }) }),
    giveUp: assign({ output: ({ context }) => ({ outcome: 'failed' as const, failure: signerLate(context.deadlines.giveUp) }) }),
    takeTicket: assign({ output: (_, ticket: Uint8Array) => ({ outcome: 'drawn' as const, ticket }) }),
  },
}).createMachine({
  id: 'ticket',
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
          input: ({ context: { config, info, miner, epoch, base } }) => ({ key: info.workerKey, message: ticketMessage(config, info, miner, epoch, base) }),
          onDone: { target: 'done', actions: { type: 'takeTicket', params: answer } },
          onError: [{ guard: { type: 'isRetryable', params: failure }, target: 'pausing', actions: { type: 'retryLater', params: failure } }, FAIL],
        },
      ],
    },
    pausing: {
      invoke: { id: 'retryDue', src: 'alarm', input: ({ context }) => ({ at: context.retryAt, within: RETRY_MS }), onDone: 'signing', onError: FAIL },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as TicketOutput,
});
