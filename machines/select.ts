/** Settles what the block stands on and what is in it: the base looked at once more at the equivocation cut-off, a new ticket if that changed it, then messages (docs/protocol.md 0, FRC-0051). */

import { assign, setup } from 'xstate';
import { type Deadlines, type Head, type MiningInfo, qualityOf, type RoundConfig, refreshBase, sameMinTicket } from '../src/consensus/mining-round.ts';
import type { Failure } from '../src/consensus/outcome.ts';
import { answer, failure } from './answer.ts';
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
  | { readonly outcome: 'late'; readonly stage: 'select' }
  | { readonly outcome: 'failed'; readonly stage: 'select' | 'ticket'; readonly failure: Failure };

export interface Context extends SelectInput {
  readonly refreshed: Head;
  readonly output: SelectOutput | null;
}

type Messages = BlobRef | Uint8Array;
type Undrawn = Extract<TicketOutput, { readonly outcome: 'failed' }>;

/** A CBOR list of none: a block without messages earns its reward all the same. */
export const NO_MESSAGES = Uint8Array.of(0x80);
const EMPTY = { target: 'done', actions: { type: 'take', params: NO_MESSAGES } } as const;

export const selectMachine = setup({
  types: { input: {} as SelectInput, context: {} as Context, output: {} as SelectOutput },
  actors: { alarm: effect('alarm'), getHead: effect('getHead'), getMessages: effect('getMessages'), ticket: ticketMachine },
  guards: {
    keepsTicket: ({ context }, head: Head) => sameMinTicket(context.base, refreshBase(context.base, head)),
    isDrawn: (_, { outcome }: TicketOutput) => outcome === 'drawn',
  },
  actions: {
    refresh: assign({ refreshed: ({ context }, head: Head) => refreshBase(context.base, head) }),
    takeTicket: assign({ ticket: ({ context }, drawn: TicketOutput) => (drawn.outcome === 'drawn' ? drawn.ticket : context.ticket) }),
    take: assign({ output: ({ context: { refreshed, ticket } }, messages: Messages) => ({ outcome: 'selected' as const, base: refreshed, ticket, messages }) }),
    beLate: assign({ output: { outcome: 'late' as const, stage: 'select' as const } }),
    fail: assign({ output: (_, failed: Failure) => ({ outcome: 'failed' as const, stage: 'select' as const, failure: failed }) }),
    failUndrawn: assign({ output: (_, undrawn: TicketOutput) => ({ ...(undrawn as Undrawn), stage: 'ticket' as const }) }),
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
        onError: { target: 'done', actions: { type: 'fail', params: failure } },
      },
    },
    refreshingBase: {
      // Without a fresh head the old base is still a base.
      invoke: [
        { id: 'refreshBy', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.submit }), onDone: 'selecting', onError: 'selecting' },
        {
          id: 'getHead',
          src: 'getHead',
          input: null,
          onDone: [
            { guard: { type: 'keepsTicket', params: answer }, target: 'selecting', actions: { type: 'refresh', params: answer } },
            { target: 'redrawingTicket', actions: { type: 'refresh', params: answer } },
          ],
          onError: 'selecting',
        },
      ],
    },
    redrawingTicket: {
      invoke: [
        {
          id: 'redrawBy',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: 'beLate' },
          onError: { target: 'done', actions: { type: 'fail', params: failure } },
        },
        {
          id: 'ticket',
          src: 'ticket',
          input: ({ context: { miner, epoch, config, deadlines, info, refreshed } }) => ({ miner, epoch, config, deadlines, info, base: refreshed }),
          onDone: [
            { guard: { type: 'isDrawn', params: answer }, target: 'selecting', actions: { type: 'takeTicket', params: answer } },
            { target: 'done', actions: { type: 'failUndrawn', params: answer } },
          ],
        },
      ],
    },
    selecting: {
      invoke: [
        { id: 'selectBy', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.submit }), onDone: EMPTY, onError: EMPTY },
        {
          id: 'getMessages',
          src: 'getMessages',
          input: ({ context }) => ({ base: context.refreshed, quality: qualityOf(context.ticket) }),
          onDone: { target: 'done', actions: { type: 'take', params: answer } },
          onError: EMPTY,
        },
      ],
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as SelectOutput,
});
