/** Runs the election of an epoch: the worker key signs the draw, the proof's hash says how often the miner won (protocol.md 2.4). */

import { assign, setup } from 'xstate';
import { type Election, elect, electionMessage, type MiningInfo } from '../src/consensus/mining-round.ts';
import type { Failure } from '../src/consensus/outcome.ts';
import { effect } from './effects.ts';

export interface ElectionInput {
  readonly miner: string;
  readonly epoch: number;
  readonly info: MiningInfo;
}

export type ElectionOutput = Election | { readonly outcome: 'failed'; readonly failure: Failure };

interface Context extends ElectionInput {
  readonly output: ElectionOutput | null;
}

export const electionMachine = setup({
  types: { input: {} as ElectionInput, context: {} as Context, output: {} as ElectionOutput },
  actors: { signVrf: effect('signVrf') },
}).createMachine({
  id: 'election',
  context: ({ input }) => ({ ...input, output: null }),
  initial: 'signing',
  states: {
    signing: {
      invoke: {
        id: 'signVrf',
        src: 'signVrf',
        input: ({ context }) => ({ key: context.info.workerKey, message: electionMessage(context.info, context.miner, context.epoch) }),
        onDone: { target: 'done', actions: assign({ output: ({ context, event }) => elect(context.info, event.output) }) },
        onError: { target: 'done', actions: assign({ output: ({ event }) => ({ outcome: 'failed' as const, failure: event.error as Failure }) }) },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as ElectionOutput,
});
