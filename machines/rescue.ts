/** Sends a block whose epoch's machine cannot go on, poisoned or upgraded away: what was bound is claimed and submitted all the same (architecture.md 3 and 6). */

import { assign, setup } from 'xstate';
import { deadlinesOf, type RoundConfig } from '../src/consensus/mining-round.ts';
import type { EpochOutcome, Failure } from '../src/consensus/outcome.ts';
import { type BindInput, type ClaimVerdict, effect } from './effects.ts';

export interface RescueInput {
  readonly config: RoundConfig;
  readonly bound: BindInput;
  readonly winCount: number;
}

type RescueOutput = Extract<EpochOutcome, { readonly outcome: 'mined' | 'refused' | 'late' | 'rejected' }>;

interface Context extends RescueInput {
  readonly retryAt: number;
  readonly output: RescueOutput | null;
}

/** Milliseconds between a failure and the next try. */
const RETRY_MS = 500;

const rejected = ({ event }: { readonly event: { readonly error: unknown } }) => ({ outcome: 'rejected' as const, failure: event.error as Failure });

export const rescueMachine = setup({
  types: { input: {} as RescueInput, context: {} as Context, output: {} as RescueOutput },
  actors: { alarm: effect('alarm'), claim: effect('claim'), submitBlock: effect('submitBlock') },
  guards: {
    isGranted: (_, { verdict }: { readonly verdict: ClaimVerdict }) => verdict.verdict === 'granted',
    isRetryable: (_, { failure }: { readonly failure: unknown }) => (failure as Failure).retryable,
    isTooLate: (_, { failure }: { readonly failure: unknown }) => (failure as Failure).code === 'TOO_LATE',
  },
}).createMachine({
  id: 'rescue',
  context: ({ input }) => ({ ...input, retryAt: 0, output: null }),
  initial: 'claiming',
  states: {
    claiming: {
      invoke: {
        id: 'claim',
        src: 'claim',
        input: ({ context }) => context.bound,
        onDone: [
          { guard: { type: 'isGranted', params: ({ event }) => ({ verdict: event.output }) }, target: 'awaitingEpoch' },
          {
            target: 'done',
            actions: assign({
              output: ({ event }) =>
                event.output.verdict === 'conflict'
                  ? { outcome: 'refused' as const, why: 'fence-conflict' as const, detail: `${event.output.kind} with ${event.output.by}` }
                  : { outcome: 'refused' as const, why: 'fence-unknown' as const, detail: 'the fence did not say whether another instance mines' },
            }),
          },
        ],
        onError: { target: 'done', actions: assign({ output: rejected }) },
      },
    },
    awaitingEpoch: {
      invoke: {
        id: 'epochBegins',
        src: 'alarm',
        input: ({ context }) => ({ at: deadlinesOf(context.config, context.bound.epoch).submit }),
        onDone: 'submitting',
        onError: { target: 'done', actions: assign({ output: rejected }) },
      },
    },
    submitting: {
      invoke: {
        id: 'submitBlock',
        src: 'submitBlock',
        input: ({ context: { config, bound } }) => ({
          miner: bound.miner,
          epoch: bound.epoch,
          cid: bound.cid,
          block: bound.block,
          by: deadlinesOf(config, bound.epoch).giveUp,
        }),
        onDone: {
          target: 'done',
          actions: assign({ output: ({ context }) => ({ outcome: 'mined' as const, cid: context.bound.cid, winCount: context.winCount }) }),
        },
        onError: [
          {
            guard: { type: 'isRetryable', params: ({ event }) => ({ failure: event.error }) },
            target: 'pausing',
            actions: assign({ retryAt: ({ event }) => (event.error as Failure).at + RETRY_MS }),
          },
          {
            guard: { type: 'isTooLate', params: ({ event }) => ({ failure: event.error }) },
            target: 'done',
            actions: assign({ output: () => ({ outcome: 'late' as const, stage: 'submit' as const }) }),
          },
          { target: 'done', actions: assign({ output: rejected }) },
        ],
      },
    },
    pausing: {
      invoke: {
        id: 'submitAgain',
        src: 'alarm',
        input: ({ context }) => ({ at: context.retryAt }),
        onDone: 'submitting',
        onError: { target: 'done', actions: assign({ output: rejected }) },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as RescueOutput,
});
