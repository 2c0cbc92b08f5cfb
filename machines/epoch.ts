/** Conducts one epoch of one miner: base, election, then ticket and proof side by side, selection, creation; ends in exactly one outcome (architecture.md 4). */

import { assign, setup } from 'xstate';
import { type Deadlines, deadlinesOf, type Election, type Head, type MiningInfo, type RoundConfig } from '../src/consensus/mining-round.ts';
import type { EpochOutcome } from '../src/consensus/outcome.ts';
import { baseWaitMachine, type BaseWaitOutput } from './base-wait.ts';
import { createMachine } from './create.ts';
import type { BlobRef, ProofBytes } from './effects.ts';
import { electionMachine, type ElectionOutput } from './election.ts';
import { proveMachine, type ProveOutput } from './prove.ts';
import { selectMachine, type SelectOutput } from './select.ts';
import { ticketMachine, type TicketOutput } from './ticket.ts';

export interface EpochInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
}

type Won = Extract<Election, { readonly outcome: 'won' }>;

interface Context extends EpochInput {
  readonly deadlines: Deadlines;
  readonly base: Head | null;
  readonly info: MiningInfo | null;
  readonly won: Won | null;
  readonly ticket: Uint8Array | null;
  readonly proofs: readonly ProofBytes[] | null;
  readonly messages: BlobRef | Uint8Array | null;
  readonly output: EpochOutcome | null;
}

/** A context in which a later step runs: what the steps before it found is there. */
type Found = { readonly [K in keyof Context]: NonNullable<Context[K]> };
const found = (context: Context): Found => context as Found;

export const epochMachine = setup({
  types: { input: {} as EpochInput, context: {} as Context, output: {} as EpochOutcome },
  actors: { baseWait: baseWaitMachine, election: electionMachine, ticket: ticketMachine, prove: proveMachine, select: selectMachine, create: createMachine },
  guards: {
    hasBase: (_, { output }: { readonly output: BaseWaitOutput }) => output.outcome === 'base',
    isWon: (_, { output }: { readonly output: ElectionOutput }) => output.outcome === 'won',
    isDrawn: (_, { output }: { readonly output: TicketOutput }) => output.outcome === 'drawn',
    isProved: (_, { output }: { readonly output: ProveOutput }) => output.outcome === 'proved',
    isSelected: (_, { output }: { readonly output: SelectOutput }) => output.outcome === 'selected',
  },
  actions: {
    takeBase: assign((_, { output }: { readonly output: BaseWaitOutput }) => (output.outcome === 'base' ? { base: output.base, info: output.info } : {})),
    takeWin: assign((_, { output }: { readonly output: ElectionOutput }) => (output.outcome === 'won' ? { won: output } : {})),
    takeTicket: assign((_, { output }: { readonly output: TicketOutput }) => (output.outcome === 'drawn' ? { ticket: output.ticket } : {})),
    takeProofs: assign((_, { output }: { readonly output: ProveOutput }) => (output.outcome === 'proved' ? { proofs: output.proofs } : {})),
    takeSelection: assign((_, { output }: { readonly output: SelectOutput }) =>
      output.outcome === 'selected' ? { base: output.base, ticket: output.ticket, messages: output.messages } : {},
    ),
    endWithoutBase: assign((_, { output }: { readonly output: BaseWaitOutput }) => (output.outcome === 'base' ? {} : { output })),
    endUnelected: assign((_, { output }: { readonly output: ElectionOutput }) => {
      if (output.outcome === 'won') return {};
      return { output: output.outcome === 'failed' ? { ...output, stage: 'election' as const } : output };
    }),
    endUndrawn: assign((_, { output }: { readonly output: TicketOutput }) => (output.outcome === 'failed' ? { output: { ...output, stage: 'ticket' as const } } : {})),
    endUnproved: assign((_, { output }: { readonly output: ProveOutput }) => {
      if (output.outcome === 'proved') return {};
      return { output: output.outcome === 'late' ? { ...output, stage: 'prove' as const } : { ...output, stage: 'prove' as const } };
    }),
    endUnselected: assign((_, { output }: { readonly output: SelectOutput }) => (output.outcome === 'selected' ? {} : { output })),
    end: assign((_, { output }: { readonly output: EpochOutcome }) => ({ output })),
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
        input: ({ context: { miner, epoch, deadlines } }) => ({ miner, epoch, deadlines }),
        onDone: [
          {
            guard: { type: 'hasBase', params: ({ event }) => ({ output: event.output }) },
            target: 'electing',
            actions: { type: 'takeBase', params: ({ event }) => ({ output: event.output }) },
          },
          { target: 'done', actions: { type: 'endWithoutBase', params: ({ event }) => ({ output: event.output }) } },
        ],
      },
    },
    electing: {
      invoke: {
        id: 'election',
        src: 'election',
        input: ({ context }) => ({ miner: context.miner, epoch: context.epoch, info: found(context).info }),
        onDone: [
          {
            guard: { type: 'isWon', params: ({ event }) => ({ output: event.output }) },
            target: 'preparing',
            actions: { type: 'takeWin', params: ({ event }) => ({ output: event.output }) },
          },
          { target: 'done', actions: { type: 'endUnelected', params: ({ event }) => ({ output: event.output }) } },
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
                input: ({ context }) => {
                  const { miner, epoch, config, info, base } = found(context);
                  return { miner, epoch, config, info, base };
                },
                onDone: [
                  {
                    guard: { type: 'isDrawn', params: ({ event }) => ({ output: event.output }) },
                    target: 'drawn',
                    actions: { type: 'takeTicket', params: ({ event }) => ({ output: event.output }) },
                  },
                  { target: '#epoch.done', actions: { type: 'endUndrawn', params: ({ event }) => ({ output: event.output }) } },
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
                input: ({ context }) => {
                  const { miner, epoch, info, deadlines } = found(context);
                  return { miner, epoch, info, deadlines };
                },
                onDone: [
                  {
                    guard: { type: 'isProved', params: ({ event }) => ({ output: event.output }) },
                    target: 'proved',
                    actions: { type: 'takeProofs', params: ({ event }) => ({ output: event.output }) },
                  },
                  { target: '#epoch.done', actions: { type: 'endUnproved', params: ({ event }) => ({ output: event.output }) } },
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
        input: ({ context }) => {
          const { miner, epoch, config, deadlines, info, base, ticket } = found(context);
          return { miner, epoch, config, deadlines, info, base, ticket };
        },
        onDone: [
          {
            guard: { type: 'isSelected', params: ({ event }) => ({ output: event.output }) },
            target: 'creating',
            actions: { type: 'takeSelection', params: ({ event }) => ({ output: event.output }) },
          },
          { target: 'done', actions: { type: 'endUnselected', params: ({ event }) => ({ output: event.output }) } },
        ],
      },
    },
    creating: {
      invoke: {
        id: 'create',
        src: 'create',
        input: ({ context }) => {
          const { miner, epoch, config, deadlines, info, base, ticket, won, proofs, messages } = found(context);
          return { miner, epoch, config, deadlines, info, base, ticket, winCount: won.winCount, electionProof: won.vrfProof, proofs, messages };
        },
        onDone: { target: 'done', actions: { type: 'end', params: ({ event }) => ({ output: event.output }) } },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as EpochOutcome,
});
