/** What became of a mined block: looked for five epochs on and once more when it is final (docs/architecture.md 3, «Actors»). */

import { assign, setup } from 'xstate';
import { blockTimestamp, deadlinesOf, type Head, type RoundConfig } from '../src/consensus/mining-round.ts';
import { holdsBlock, type OrphanReason, orphanReason, type Standing } from '../src/consensus/orphan.ts';
import type { Failure } from '../src/consensus/outcome.ts';
import { answer, failure } from './answer.ts';
import { effect } from './effects.ts';

export interface FateInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly base: Head;
  readonly cid: Uint8Array;
  /** When a node took it; `null` where none said so. */
  readonly sentAt: number | null;
}

export type FateOutput =
  | { readonly fate: 'included' }
  /** Both tipsets: the one it stood on, and what stands at its height instead. */
  | { readonly fate: 'orphaned'; readonly why: OrphanReason; readonly base: Head; readonly instead: Standing }
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
    noteEarly: assign({ early: ({ context }, standing: Standing) => fateOf(context, standing) }),
    decide: assign({ output: ({ context }, standing: Standing) => fateOf(context, standing) }),
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

function fateOf({ miner, epoch, config, base, cid, sentAt, early }: Context, standing: Standing): FateOutput {
  if (holdsBlock(standing, cid)) return { fate: 'included' };
  const wasLate = sentAt !== null && sentAt > deadlinesOf(config, epoch).giveUp;
  const why = orphanReason({ miner, epoch, base, wasLate, wasThere: early?.fate === 'included' }, standing);
  return { fate: 'orphaned', why, base, instead: standing };
}
