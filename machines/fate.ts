/**
 * What became of a mined block: looked for five epochs on and once more when it is final (docs/architecture.md 3,
 * «Actors»). A node that does not answer, or has not come so far, is asked again, until another finality is over at
 * last; where it never tells the fate is unknown, whatever was seen early.
 */

import { assign, setup } from 'xstate';
import type { Effects } from '../src/mining/effects.ts';
import { holdsBlock, type OrphanReason, orphanReason, type Standing } from '../src/mining/orphan.ts';
import type { Failure } from '../src/mining/outcome.ts';
import { blockTimestamp, deadlinesOf, type Head, type RoundConfig } from '../src/mining/round.ts';
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
  /** When a look failed last, in milliseconds since 1970. */
  readonly failedAt: number;
  readonly output: FateOutput | null;
}

/** Epochs after the block's own. */
const EARLY = 5;
const FINAL = 900;
/**
 * Epochs between two tries of a look that failed, and after the block's own when the last try is made: at most six, and
 * thirty.
 */
const EARLY_PAUSE = 1;
const EARLY_UNTIL = 10;
const FINAL_PAUSE = 30;
const FINAL_UNTIL = 1800;

/** Where the node's chain must have come to for the last look to count: final, but for some null rounds at its end. */
const reachedAt = ({ epoch }: Context): number => epoch + FINAL - EARLY;

const dueAt = ({ config, epoch }: Context, epochs: number): number => Number(blockTimestamp(config, epoch + epochs)) * 1000;

/** An alarm after so many epochs, whatever the clock is set to meanwhile. */
function againAfter({ config, failedAt }: Context, epochs: number): Effects['alarm']['in'] {
  const within = config.blockDelaySecs * 1000 * epochs;
  return { at: failedAt + within, within };
}

export const fateMachine = setup({
  types: { input: {} as FateInput, context: {} as Context, output: {} as FateOutput },
  actors: { alarm: effect('alarm'), getTipset: effect('getTipset') },
  guards: {
    mayLookAgain: ({ context }, { at }: Failure) => at < dueAt(context, EARLY_UNTIL),
    mayDecideAgain: ({ context }, { at }: Failure) => at < dueAt(context, FINAL_UNTIL),
  },
  actions: {
    noteFailed: assign({ failedAt: (_, { at }: Failure) => at }),
    noteEarly: assign({ early: ({ context }, standing: Standing) => fateOf(context, standing) }),
    decide: assign({ output: ({ context }, standing: Standing) => fateOf(context, standing) }),
    giveUp: assign({ output: (_, failed: Failure) => ({ fate: 'unknown' as const, failure: failed }) }),
  },
}).createMachine({
  id: 'fate',
  context: ({ input }) => ({ ...input, early: null, failedAt: 0, output: null }),
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
        onError: [
          { guard: { type: 'mayLookAgain', params: failure }, target: 'pausing', actions: { type: 'noteFailed', params: failure } },
          { target: 'awaitingFinality' },
        ],
      },
    },
    pausing: {
      exit: assign({ failedAt: 0 }),
      invoke: {
        id: 'lookAgain',
        src: 'alarm',
        input: ({ context }) => againAfter(context, EARLY_PAUSE),
        onDone: 'looking',
        onError: { target: 'done', actions: { type: 'giveUp', params: failure } },
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
        input: ({ context }) => ({ height: context.epoch, reached: reachedAt(context) }),
        onDone: { target: 'done', actions: { type: 'decide', params: answer } },
        onError: [
          { guard: { type: 'mayDecideAgain', params: failure }, target: 'doubting', actions: { type: 'noteFailed', params: failure } },
          { target: 'done', actions: { type: 'giveUp', params: failure } },
        ],
      },
    },
    doubting: {
      exit: assign({ failedAt: 0 }),
      invoke: {
        id: 'decideAgain',
        src: 'alarm',
        input: ({ context }) => againAfter(context, FINAL_PAUSE),
        onDone: 'deciding',
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
