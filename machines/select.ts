/** Settles what the block stands on and what is in it: the base looked at once more at the equivocation cut-off, a new ticket if that changed it, then messages (protocol.md 0, FRC-0051). */

import { assign, setup } from 'xstate';
import { type Deadlines, type Head, type MiningInfo, qualityOf, type RoundConfig, refreshBase, sameMinTicket } from '../src/consensus/mining-round.ts';
import type { Failure } from '../src/consensus/outcome.ts';
import { type BlobRef, effect } from './effects.ts';
import { type TicketOutput, ticketMachine } from './ticket.ts';

export interface SelectInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly deadlines: Deadlines;
  readonly info: MiningInfo;
  readonly base: Head;
  readonly ticket: Uint8Array;
}

export type SelectOutput =
  | { readonly outcome: 'selected'; readonly base: Head; readonly ticket: Uint8Array; readonly messages: BlobRef | Uint8Array }
  | { readonly outcome: 'failed'; readonly stage: 'select' | 'ticket'; readonly failure: Failure };

interface Context extends SelectInput {
  readonly refreshed: Head;
  readonly output: SelectOutput | null;
}

/** A CBOR list of none: a block without messages earns its reward all the same. */
export const NO_MESSAGES = Uint8Array.of(0x80);

export const selectMachine = setup({
  types: { input: {} as SelectInput, context: {} as Context, output: {} as SelectOutput },
  actors: { alarm: effect('alarm'), getHead: effect('getHead'), getMessages: effect('getMessages'), ticket: ticketMachine },
  guards: {
    keepsTicket: ({ context }, { head }: { readonly head: Head }) => sameMinTicket(context.base, refreshBase(context.base, head)),
    isDrawn: (_, { output }: { readonly output: TicketOutput }) => output.outcome === 'drawn',
  },
  actions: {
    refresh: assign({ refreshed: ({ context }, { head }: { readonly head: Head }) => refreshBase(context.base, head) }),
    takeTicket: assign({ ticket: ({ context }, { output }: { readonly output: TicketOutput }) => (output.outcome === 'drawn' ? output.ticket : context.ticket) }),
    take: assign({
      output: ({ context }, { messages }: { readonly messages: BlobRef | Uint8Array }) => ({
        outcome: 'selected' as const,
        base: context.refreshed,
        ticket: context.ticket,
        messages,
      }),
    }),
    fail: assign({
      output: (_, { stage, failure }: { readonly stage: 'select' | 'ticket'; readonly failure: unknown }) => ({
        outcome: 'failed' as const,
        stage,
        failure: failure as Failure,
      }),
    }),
  },
}).createMachine({
  id: 'select',
  context: ({ input }) => ({ ...input, refreshed: input.base, output: null }),
  initial: 'awaitingCutoff',
  states: {
    awaitingCutoff: {
      invoke: {
        id: 'cutoff',
        src: 'alarm',
        input: ({ context }) => ({ at: context.deadlines.cutoff }),
        onDone: 'refreshingBase',
        onError: { target: 'done', actions: { type: 'fail', params: ({ event }) => ({ stage: 'select', failure: event.error }) } },
      },
    },
    refreshingBase: {
      invoke: {
        id: 'getHead',
        src: 'getHead',
        input: null,
        onDone: [
          {
            guard: { type: 'keepsTicket', params: ({ event }) => ({ head: event.output }) },
            target: 'selecting',
            actions: { type: 'refresh', params: ({ event }) => ({ head: event.output }) },
          },
          { target: 'redrawingTicket', actions: { type: 'refresh', params: ({ event }) => ({ head: event.output }) } },
        ],
        // Without a fresh head the old base is still a base.
        onError: 'selecting',
      },
    },
    redrawingTicket: {
      invoke: {
        id: 'ticket',
        src: 'ticket',
        input: ({ context: { miner, epoch, config, info, refreshed } }) => ({ miner, epoch, config, info, base: refreshed }),
        onDone: [
          {
            guard: { type: 'isDrawn', params: ({ event }) => ({ output: event.output }) },
            target: 'selecting',
            actions: { type: 'takeTicket', params: ({ event }) => ({ output: event.output }) },
          },
          {
            target: 'done',
            actions: {
              type: 'fail',
              params: ({ event }) => ({ stage: 'ticket', failure: event.output.outcome === 'failed' ? event.output.failure : null }),
            },
          },
        ],
      },
    },
    selecting: {
      invoke: [
        {
          id: 'selectBy',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.submit }),
          onDone: { target: 'done', actions: { type: 'take', params: { messages: NO_MESSAGES } } },
          onError: { target: 'done', actions: { type: 'take', params: { messages: NO_MESSAGES } } },
        },
        {
          id: 'getMessages',
          src: 'getMessages',
          input: ({ context }) => ({ base: context.refreshed, quality: qualityOf(context.ticket) }),
          onDone: { target: 'done', actions: { type: 'take', params: ({ event }) => ({ messages: event.output }) } },
          onError: { target: 'done', actions: { type: 'take', params: { messages: NO_MESSAGES } } },
        },
      ],
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as SelectOutput,
});
