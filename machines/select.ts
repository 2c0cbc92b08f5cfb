/**
 * Settles what the block stands on and what is in it: the base looked at once more, not before the equivocation
 * cut-off, a new ticket if that changed it, then messages (docs/protocol.md 0, FRC-0051). A higher head asks for more
 * than a ticket: it is handed back.
 */

import { assign, setup } from 'xstate';
import { placeOf, refreshBase, sameMinTicket } from '../src/mining/base.ts';
import type { BlobRef } from '../src/mining/effects.ts';
import type { Failure } from '../src/mining/outcome.ts';
import { type Deadlines, type Head, type MiningInfo, qualityOf, type RoundConfig } from '../src/mining/round.ts';
import { answer, failure } from './answer.ts';
import { effect } from './effects.ts';
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

/** The base is not the one to mine on any more. */
export interface Moved {
  readonly outcome: 'moved';
  readonly head: Head;
}

export type SelectOutput =
  | { readonly outcome: 'selected'; readonly base: Head; readonly ticket: Uint8Array; readonly messages: BlobRef | Uint8Array }
  | Moved
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
/** It is past the cut-off whenever this looks. */
const CUT = true;
const EMPTY = { target: 'done', actions: { type: 'take', params: NO_MESSAGES } } as const;

export const selectMachine = setup({
  types: { input: {} as SelectInput, context: {} as Context, output: {} as SelectOutput },
  actors: { alarm: effect('alarm'), getHead: effect('getHead'), getMessages: effect('getMessages'), ticket: ticketMachine },
  guards: {
    isPast: ({ context }, head: Head) => head.height >= context.epoch,
    isAhead: ({ context }, head: Head) => placeOf(context.base, head) === 'ahead',
    keepsTicket: ({ context }, head: Head) => sameMinTicket(context.base, refreshBase(context.base, head, CUT)),
    isDrawn: (_, { outcome }: TicketOutput) => outcome === 'drawn',
  },
  actions: {
    refresh: assign({ refreshed: ({ context }, head: Head) => refreshBase(context.base, head, CUT) }),
    move: assign({ output: (_, head: Head) => ({ outcome: 'moved' as const, head }) }),
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
      invoke: [
        {
          id: 'refreshBy',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: 'beLate' },
          onError: 'selecting',
        },
        {
          id: 'getHead',
          src: 'getHead',
          input: ({ context: { miner, epoch, deadlines } }) => ({ miner, epoch, by: deadlines.submit }),
          onDone: [
            { guard: { type: 'isPast', params: answer }, target: 'done', actions: 'beLate' },
            { guard: { type: 'isAhead', params: answer }, target: 'done', actions: { type: 'move', params: answer } },
            { guard: { type: 'keepsTicket', params: answer }, target: 'selecting', actions: { type: 'refresh', params: answer } },
            { target: 'redrawingTicket', actions: { type: 'refresh', params: answer } },
          ],
          // Without a fresh head the old base is still a base.
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
          input: ({ context }) => ({ base: context.refreshed, epoch: context.epoch, quality: qualityOf(context.ticket) }),
          onDone: { target: 'done', actions: { type: 'take', params: answer } },
          onError: EMPTY,
        },
      ],
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as SelectOutput,
});
