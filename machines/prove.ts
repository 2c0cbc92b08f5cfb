/** Proves the challenged sector: one winning PoSt, in time for the epoch's beginning (docs/protocol.md 2.5). */

import { assign, setup } from 'xstate';
import type { ProofBytes } from '../src/mining/effects.ts';
import type { Failure } from '../src/mining/outcome.ts';
import { type Deadlines, type MiningInfo, proofRandomness } from '../src/mining/round.ts';
import { answer, failure, isRetryable, RETRY_MS, retryAfter } from './answer.ts';
import { effect } from './effects.ts';

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

export interface Context extends ProveInput {
  readonly retryAt: number;
  readonly output: ProveOutput | null;
}

const FAIL = { target: 'done', actions: { type: 'fail', params: failure } } as const;

export const proveMachine = setup({
  types: { input: {} as ProveInput, context: {} as Context, output: {} as ProveOutput },
  actors: { alarm: effect('alarm'), proveWinningPost: effect('proveWinningPost') },
  guards: { isRetryable },
  actions: {
    retryLater: assign({ retryAt: (_, failed: Failure) => retryAfter(failed) }),
    fail: assign({ output: (_, failed: Failure) => ({ outcome: 'failed' as const, failure: failed }) }),
    beLate: assign({ output: { outcome: 'late' as const } }),
    takeProofs: assign({ output: (_, proofs: readonly ProofBytes[]) => ({ outcome: 'proved' as const, proofs }) }),
  },
}).createMachine({
  id: 'prove',
  context: ({ input }) => ({ ...input, retryAt: 0, output: null }),
  initial: 'proving',
  states: {
    proving: {
      invoke: [
        {
          id: 'giveUp',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: 'beLate' },
          onError: FAIL,
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
          onDone: { target: 'done', actions: { type: 'takeProofs', params: answer } },
          onError: [{ guard: { type: 'isRetryable', params: failure }, target: 'pausing', actions: { type: 'retryLater', params: failure } }, FAIL],
        },
      ],
    },
    pausing: {
      invoke: { id: 'retryDue', src: 'alarm', input: ({ context }) => ({ at: context.retryAt, within: RETRY_MS }), onDone: 'proving', onError: FAIL },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as ProveOutput,
});
