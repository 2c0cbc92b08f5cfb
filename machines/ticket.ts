/** Draws the ticket of a won epoch: the worker key signs the ticket draw on the base (protocol.md 2.1 and 2.3). */

import { assign, setup } from 'xstate';
import { type Head, type MiningInfo, type RoundConfig, ticketMessage } from '../src/consensus/mining-round.ts';
import type { Failure } from '../src/consensus/outcome.ts';
import { effect } from './effects.ts';

export interface TicketInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly info: MiningInfo;
  readonly base: Head;
}

export type TicketOutput = { readonly outcome: 'drawn'; readonly ticket: Uint8Array } | { readonly outcome: 'failed'; readonly failure: Failure };

interface Context extends TicketInput {
  readonly output: TicketOutput | null;
}

export const ticketMachine = setup({
  types: { input: {} as TicketInput, context: {} as Context, output: {} as TicketOutput },
  actors: { signVrf: effect('signVrf') },
}).createMachine({
  id: 'ticket',
  context: ({ input }) => ({ ...input, output: null }),
  initial: 'signing',
  states: {
    signing: {
      invoke: {
        id: 'signVrf',
        src: 'signVrf',
        input: ({ context: { config, info, miner, epoch, base } }) => ({ key: info.workerKey, message: ticketMessage(config, info, miner, epoch, base) }),
        onDone: { target: 'done', actions: assign({ output: ({ event }) => ({ outcome: 'drawn' as const, ticket: event.output }) }) },
        onError: { target: 'done', actions: assign({ output: ({ event }) => ({ outcome: 'failed' as const, failure: event.error as Failure }) }) },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as TicketOutput,
});
