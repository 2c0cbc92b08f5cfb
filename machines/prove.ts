/** Proves the challenged sector: one winning PoSt, in time for the epoch's beginning (protocol.md 2.5). */

import { assign, setup } from 'xstate';
import { type Deadlines, type MiningInfo, proofRandomness } from '../src/consensus/mining-round.ts';
import type { Failure } from '../src/consensus/outcome.ts';
import { effect, type ProofBytes } from './effects.ts';

export interface ProveInput {
  readonly miner: string;
  readonly epoch: number;
  readonly info: MiningInfo;
  readonly deadlines: Deadlines;
}

export type ProveOutput =
  | { readonly outcome: 'proved'; readonly proofs: readonly ProofBytes[] }
  | { readonly outcome: 'failed'; readonly failure: Failure }
  | { readonly outcome: 'late' };

interface Context extends ProveInput {
  readonly output: ProveOutput | null;
}

export const proveMachine = setup({
  types: { input: {} as ProveInput, context: {} as Context, output: {} as ProveOutput },
  actors: { alarm: effect('alarm'), proveWinningPost: effect('proveWinningPost') },
}).createMachine({
  id: 'prove',
  context: ({ input }) => ({ ...input, output: null }),
  initial: 'proving',
  states: {
    proving: {
      invoke: [
        {
          id: 'giveUp',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: assign({ output: { outcome: 'late' as const } }) },
          onError: { target: 'done', actions: assign({ output: ({ event }) => ({ outcome: 'failed' as const, failure: event.error as Failure }) }) },
        },
        {
          id: 'proveWinningPost',
          src: 'proveWinningPost',
          input: ({ context: { miner, epoch, info } }) => ({
            miner,
            epoch,
            randomness: proofRandomness(info, miner, epoch),
            sectors: info.sectors,
            sectorSize: info.sectorSize,
          }),
          onDone: { target: 'done', actions: assign({ output: ({ event }) => ({ outcome: 'proved' as const, proofs: event.output }) }) },
          onError: { target: 'done', actions: assign({ output: ({ event }) => ({ outcome: 'failed' as const, failure: event.error as Failure }) }) },
        },
      ],
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as ProveOutput,
});
