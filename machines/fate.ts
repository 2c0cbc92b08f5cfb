/** What became of a mined block: looked for five epochs on and once more when it is final (architecture.md 3, «Actors»). */

import { assign, setup } from 'xstate';
import { blockTimestamp, type RoundConfig } from '../src/consensus/mining-round.ts';
import type { Failure } from '../src/consensus/outcome.ts';
import { holdsCid } from '../src/consensus/own-block.ts';
import { answer, failure } from './answer.ts';
import { effect } from './effects.ts';

export interface FateInput {
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly cid: Uint8Array;
}

export type FateOutput =
  | { readonly fate: 'included' }
  /** The tipset that stands at its height instead; empty for a null round. */
  | { readonly fate: 'orphaned'; readonly instead: readonly Uint8Array[] }
  | { readonly fate: 'unknown'; readonly failure: Failure };

export interface Context extends FateInput {
  readonly early: FateOutput | null;
  readonly output: FateOutput | null;
}

/** Epochs after the block's own. */
const EARLY = 5;
const FINAL = 900;

const dueAt = ({ config, epoch }: Context, epochs: number): number => Number(blockTimestamp(config, epoch + epochs)) * 1000;

export const fateMachine = setup({
  types: { input: {} as FateInput, context: {} as Context, output: {} as FateOutput },
  actors: { alarm: effect('alarm'), getTipset: effect('getTipset') },
  actions: {
    noteEarly: assign({ early: ({ context }, cids: readonly Uint8Array[]) => fateOf(cids, context.cid) }),
    decide: assign({ output: ({ context }, cids: readonly Uint8Array[]) => fateOf(cids, context.cid) }),
    giveUp: assign({ output: ({ context }, failed: Failure) => context.early ?? { fate: 'unknown' as const, failure: failed } }),
  },
}).createMachine({
  id: 'fate',
  context: ({ input }) => ({ ...input, early: null, output: null }),
  initial: 'waiting',
  states: {
    waiting: {
      invoke: {
        id: 'early',
        src: 'alarm',
        input: ({ context }) => ({ at: dueAt(context, EARLY) }),
        onDone: 'looking',
        onError: { target: 'done', actions: { type: 'giveUp', params: failure } },
      },
    },
    looking: {
      invoke: {
        id: 'lookEarly',
        src: 'getTipset',
        input: ({ context }) => ({ height: context.epoch }),
        onDone: { target: 'awaitingFinality', actions: { type: 'noteEarly', params: answer } },
        onError: 'awaitingFinality',
      },
    },
    awaitingFinality: {
      invoke: {
        id: 'final',
        src: 'alarm',
        input: ({ context }) => ({ at: dueAt(context, FINAL) }),
        onDone: 'deciding',
        onError: { target: 'done', actions: { type: 'giveUp', params: failure } },
      },
    },
    deciding: {
      invoke: {
        id: 'lookFinal',
        src: 'getTipset',
        input: ({ context }) => ({ height: context.epoch }),
        onDone: { target: 'done', actions: { type: 'decide', params: answer } },
        onError: { target: 'done', actions: { type: 'giveUp', params: failure } },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as FateOutput,
});

function fateOf(cids: readonly Uint8Array[], cid: Uint8Array): FateOutput {
  return holdsCid(cids, cid) ? { fate: 'included' } : { fate: 'orphaned', instead: cids };
}
