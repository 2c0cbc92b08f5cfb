/**
 * Conducts one epoch of one miner: base, election, then ticket and proof side by side, selection, creation; ends in
 * exactly one outcome (docs/architecture.md 4). A base that is the chain's no more is left for the one that is, until
 * the block is bound.
 */

import { assign, setup } from 'xstate';
import { sameMinTicket } from '../src/mining/base.ts';
import { deadlinesOf, type Head } from '../src/mining/round.ts';
import { answer } from './answer.ts';
import { type BaseWaitOutput, baseWaitMachine } from './base-wait.ts';
import { type CreateOutput, createMachine } from './create.ts';
import { type ElectionOutput, electionMachine } from './election.ts';
import {
  baseAnew,
  baseOf,
  baseWaitInput,
  createInput,
  type EpochContext,
  type EpochInput,
  type EpochOutput,
  electionInput,
  ended,
  going,
  isBeside,
  keepsDraw,
  proveInput,
  rebaseInput,
  refreshedOf,
  selectInput,
  selectionOf,
  ticketInput,
} from './epoch-steps.ts';
import { type ProveOutput, proveMachine } from './prove.ts';
import { type Moved, type SelectOutput, selectMachine } from './select.ts';
import { type TicketOutput, ticketMachine } from './ticket.ts';

export const epochMachine = setup({
  types: { input: {} as EpochInput, context: {} as EpochContext, output: {} as EpochOutput },
  actors: { baseWait: baseWaitMachine, election: electionMachine, ticket: ticketMachine, prove: proveMachine, select: selectMachine, create: createMachine },
  guards: {
    hasBase: (_, { outcome }: BaseWaitOutput) => outcome === 'base',
    isWon: (_, { outcome }: ElectionOutput) => outcome === 'won',
    isDrawn: (_, { outcome }: TicketOutput) => outcome === 'drawn',
    isProved: (_, { outcome }: ProveOutput) => outcome === 'proved',
    isSelected: (_, { outcome }: SelectOutput) => outcome === 'selected',
    isMoved: (_, { outcome }: SelectOutput | CreateOutput) => outcome === 'moved',
    keepsDraw: ({ context }, output: BaseWaitOutput) => keepsDraw({ context }, output),
    isBeside: ({ context }, output: CreateOutput) => isBeside({ context }, output),
    keepsTicket: ({ context }, output: CreateOutput) => isBeside({ context }, output) && sameMinTicket(context.base as Head, refreshedOf({ context }, output)),
  },
  actions: {
    takeBase: assign((_, output: BaseWaitOutput) => baseOf(output)),
    takeBaseAnew: assign((_, output: BaseWaitOutput) => baseAnew(output)),
    noteHead: assign({ seen: (_, output: SelectOutput | CreateOutput) => going(output, 'moved').head }),
    refreshBase: assign({ base: ({ context }, output: CreateOutput) => refreshedOf({ context }, output) }),
    takeWin: assign({ won: (_, output: ElectionOutput) => going(output, 'won') }),
    takeTicket: assign({ ticket: (_, output: TicketOutput) => going(output, 'drawn').ticket }),
    takeProofs: assign({ proofs: (_, output: ProveOutput) => going(output, 'proved').proofs }),
    takeSelection: assign((_, output: SelectOutput) => selectionOf(output)),
    endWithoutBase: assign({ output: (_, output: BaseWaitOutput) => ended(output, null) }),
    endUnelected: assign({ output: (_, output: ElectionOutput) => ended(output, 'election') }),
    endUndrawn: assign({ output: (_, output: TicketOutput) => ended(output, 'ticket') }),
    endUnproved: assign({ output: (_, output: ProveOutput) => ended(output, 'prove') }),
    endUnselected: assign({ output: (_, output: SelectOutput) => ended(output as Exclude<SelectOutput, Moved>, null) }),
    end: assign({ output: (_, output: CreateOutput) => output as EpochOutput }),
  },
}).createMachine({
  id: 'epoch',
  context: ({ input }) => ({
    ...input,
    deadlines: deadlinesOf(input.config, input.epoch),
    base: null,
    seen: null,
    info: null,
    won: null,
    ticket: null,
    proofs: null,
    messages: null,
    output: null,
  }),
  initial: 'awaitingBase',
  states: {
    awaitingBase: {
      invoke: {
        id: 'base-wait',
        src: 'baseWait',
        input: baseWaitInput,
        onDone: [
          { guard: { type: 'hasBase', params: answer }, target: 'electing', actions: { type: 'takeBase', params: answer } },
          { target: 'done', actions: { type: 'endWithoutBase', params: answer } },
        ],
      },
    },
    electing: {
      invoke: {
        id: 'election',
        src: 'election',
        input: electionInput,
        onDone: [
          { guard: { type: 'isWon', params: answer }, target: 'preparing', actions: { type: 'takeWin', params: answer } },
          { target: 'done', actions: { type: 'endUnelected', params: answer } },
        ],
      },
    },
    preparing: {
      type: 'parallel',
      onDone: 'selecting',
      states: {
        ticket: {
          initial: 'drawing',
          states: {
            drawing: {
              invoke: {
                id: 'ticket',
                src: 'ticket',
                input: ticketInput,
                onDone: [
                  { guard: { type: 'isDrawn', params: answer }, target: 'drawn', actions: { type: 'takeTicket', params: answer } },
                  { target: '#epoch.done', actions: { type: 'endUndrawn', params: answer } },
                ],
              },
            },
            drawn: { type: 'final' },
          },
        },
        proof: {
          initial: 'proving',
          states: {
            proving: {
              invoke: {
                id: 'prove',
                src: 'prove',
                input: proveInput,
                onDone: [
                  { guard: { type: 'isProved', params: answer }, target: 'proved', actions: { type: 'takeProofs', params: answer } },
                  { target: '#epoch.done', actions: { type: 'endUnproved', params: answer } },
                ],
              },
            },
            proved: { type: 'final' },
          },
        },
      },
    },
    selecting: {
      invoke: {
        id: 'select',
        src: 'select',
        input: selectInput,
        onDone: [
          { guard: { type: 'isSelected', params: answer }, target: 'creating', actions: { type: 'takeSelection', params: answer } },
          { guard: { type: 'isMoved', params: answer }, target: 'rebasing', actions: { type: 'noteHead', params: answer } },
          { target: 'done', actions: { type: 'endUnselected', params: answer } },
        ],
      },
    },
    creating: {
      invoke: {
        id: 'create',
        src: 'create',
        input: createInput,
        onDone: [
          { guard: { type: 'keepsTicket', params: answer }, target: 'selecting', actions: { type: 'refreshBase', params: answer } },
          { guard: { type: 'isBeside', params: answer }, target: 'redrawing', actions: { type: 'refreshBase', params: answer } },
          { guard: { type: 'isMoved', params: answer }, target: 'rebasing', actions: { type: 'noteHead', params: answer } },
          { target: 'done', actions: { type: 'end', params: answer } },
        ],
      },
    },
    // A higher head came while we worked on a lower one. Who proved once need not prove again: that would lose the
    // block.
    rebasing: {
      invoke: {
        id: 'rebase',
        src: 'baseWait',
        input: rebaseInput,
        onDone: [
          { guard: { type: 'keepsDraw', params: answer }, target: 'redrawing', actions: { type: 'takeBase', params: answer } },
          { guard: { type: 'hasBase', params: answer }, target: 'electing', actions: { type: 'takeBaseAnew', params: answer } },
          { target: 'done', actions: { type: 'endWithoutBase', params: answer } },
        ],
      },
    },
    redrawing: {
      invoke: {
        id: 'redraw',
        src: 'ticket',
        input: ticketInput,
        onDone: [
          { guard: { type: 'isDrawn', params: answer }, target: 'selecting', actions: { type: 'takeTicket', params: answer } },
          { target: 'done', actions: { type: 'endUndrawn', params: answer } },
        ],
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as EpochOutput,
});
