/** Conducts one epoch of one miner: base, election, then ticket and proof side by side, selection, creation; ends in exactly one outcome (docs/architecture.md 4). */

import { assign, setup } from 'xstate';
import { deadlinesOf } from '../src/consensus/mining-round.ts';
import { answer } from './answer.ts';
import { type BaseWaitOutput, baseWaitMachine } from './base-wait.ts';
import { type CreateOutput, createMachine } from './create.ts';
import { type ElectionOutput, electionMachine } from './election.ts';
import {
  baseOf,
  baseWaitInput,
  createInput,
  type EpochContext,
  type EpochInput,
  type EpochOutput,
  electionInput,
  ended,
  going,
  proveInput,
  selectInput,
  selectionOf,
  ticketInput,
} from './epoch-steps.ts';
import { type ProveOutput, proveMachine } from './prove.ts';
import { type SelectOutput, selectMachine } from './select.ts';
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
  },
  actions: {
    takeBase: assign((_, output: BaseWaitOutput) => baseOf(output)),
    takeWin: assign({ won: (_, output: ElectionOutput) => going(output, 'won') }),
    takeTicket: assign({ ticket: (_, output: TicketOutput) => going(output, 'drawn').ticket }),
    takeProofs: assign({ proofs: (_, output: ProveOutput) => going(output, 'proved').proofs }),
    takeSelection: assign((_, output: SelectOutput) => selectionOf(output)),
    endWithoutBase: assign({ output: (_, output: BaseWaitOutput) => ended(output, null) }),
    endUnelected: assign({ output: (_, output: ElectionOutput) => ended(output, 'election') }),
    endUndrawn: assign({ output: (_, output: TicketOutput) => ended(output, 'ticket') }),
    endUnproved: assign({ output: (_, output: ProveOutput) => ended(output, 'prove') }),
    endUnselected: assign({ output: (_, output: SelectOutput) => ended(output, null) }),
    end: assign({ output: (_, output: CreateOutput) => output }),
  },
}).createMachine({
  id: 'epoch',
  context: ({ input }) => ({
    ...input,
    deadlines: deadlinesOf(input.config, input.epoch),
    base: null,
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
          { target: 'done', actions: { type: 'endUnselected', params: answer } },
        ],
      },
    },
    creating: {
      invoke: {
        id: 'create',
        src: 'create',
        input: createInput,
        onDone: { target: 'done', actions: { type: 'end', params: answer } },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as EpochOutput,
});
