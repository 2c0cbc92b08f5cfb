/** Waits for a base: the head a propagation delay into the epoch before, the epoch's beacon entry, and what the chain says of the miner (docs/protocol.md 0, 2.13). */

import { assign, setup } from 'xstate';
import { type Deadlines, type Head, ineligibility, type MiningInfo } from '../src/consensus/mining-round.ts';
import type { Failure, Ineligibility } from '../src/consensus/outcome.ts';
import { answer, failure, isRetryable, retryAfter } from './answer.ts';
import { effect } from './effects.ts';

export interface BaseWaitInput {
  readonly miner: string;
  readonly epoch: number;
  readonly deadlines: Deadlines;
}

type Asked = 'base' | 'beacon' | 'base-info';

export type BaseWaitOutput =
  | { readonly outcome: 'base'; readonly base: Head; readonly info: MiningInfo }
  | { readonly outcome: 'ineligible'; readonly reason: Ineligibility }
  | { readonly outcome: 'late'; readonly stage: Asked }
  | { readonly outcome: 'failed'; readonly stage: Asked; readonly failure: Failure };

export interface Context extends BaseWaitInput {
  /** What is being waited for: names the lateness. */
  readonly asked: Asked;
  readonly base: Head | null;
  readonly retryAt: number;
  readonly output: BaseWaitOutput | null;
}

/** A retryable failure waits a second and asks again; any other ends the wait. */
const RETRY = { guard: { type: 'isRetryable', params: failure }, target: 'pausing', actions: { type: 'retryLater', params: failure } } as const;
const FAIL = { target: '#base-wait.done', actions: { type: 'fail', params: failure } } as const;

export const baseWaitMachine = setup({
  types: { input: {} as BaseWaitInput, context: {} as Context, output: {} as BaseWaitOutput },
  actors: { alarm: effect('alarm'), getHead: effect('getHead'), getBeaconEntry: effect('getBeaconEntry'), getMiningBaseInfo: effect('getMiningBaseInfo') },
  guards: {
    isRetryable,
    isBelow: ({ context }, head: Head) => head.height < context.epoch,
    mayMine: (_, info: MiningInfo | null) => ineligibility(info) === null,
    askedBase: ({ context }) => context.asked === 'base',
    askedBeacon: ({ context }) => context.asked === 'beacon',
  },
  actions: {
    retryLater: assign({ retryAt: (_, failed: Failure) => retryAfter(failed) }),
    fail: assign({ output: ({ context }, failed: Failure) => ({ outcome: 'failed' as const, stage: context.asked, failure: failed }) }),
    beLate: assign({ output: ({ context }) => ({ outcome: 'late' as const, stage: context.asked }) }),
    beIneligible: assign({ output: (_, info: MiningInfo | null) => ({ outcome: 'ineligible' as const, reason: ineligibility(info) ?? 'unknown' }) }),
    takeBase: assign({ base: (_, head: Head) => head }),
    takeInfo: assign({
      output: ({ context }, info: MiningInfo | null) => ({ outcome: 'base' as const, base: context.base as Head, info: info as MiningInfo }),
    }),
  },
}).createMachine({
  id: 'base-wait',
  context: ({ input }) => ({ ...input, asked: 'base', base: null, retryAt: 0, output: null }),
  initial: 'waiting',
  states: {
    waiting: {
      invoke: { id: 'baseDue', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.base }), onDone: 'asking', onError: FAIL },
    },
    asking: {
      invoke: {
        id: 'giveUp',
        src: 'alarm',
        input: ({ context }) => ({ at: context.deadlines.giveUp }),
        onDone: { target: 'done', actions: 'beLate' },
        onError: FAIL,
      },
      initial: 'head',
      states: {
        head: {
          entry: assign({ asked: 'base' }),
          invoke: {
            id: 'getHead',
            src: 'getHead',
            input: null,
            onDone: [
              { guard: { type: 'isBelow', params: answer }, target: 'beacon', actions: { type: 'takeBase', params: answer } },
              { target: '#base-wait.done', actions: 'beLate' },
            ],
            onError: [RETRY, FAIL],
          },
        },
        beacon: {
          entry: assign({ asked: 'beacon' }),
          invoke: {
            id: 'getBeaconEntry',
            src: 'getBeaconEntry',
            input: ({ context }) => ({ epoch: context.epoch }),
            onDone: 'info',
            onError: [RETRY, FAIL],
          },
        },
        info: {
          entry: assign({ asked: 'base-info' }),
          invoke: {
            id: 'getMiningBaseInfo',
            src: 'getMiningBaseInfo',
            input: ({ context: { miner, epoch, base } }) => ({ miner, epoch, base: base as Head }),
            onDone: [
              { guard: { type: 'mayMine', params: answer }, target: '#base-wait.done', actions: { type: 'takeInfo', params: answer } },
              { target: '#base-wait.done', actions: { type: 'beIneligible', params: answer } },
            ],
            onError: [RETRY, FAIL],
          },
        },
        pausing: {
          invoke: {
            id: 'retryDue',
            src: 'alarm',
            input: ({ context }) => ({ at: context.retryAt }),
            onDone: [{ guard: 'askedBase', target: 'head' }, { guard: 'askedBeacon', target: 'beacon' }, { target: 'info' }],
            onError: FAIL,
          },
        },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as BaseWaitOutput,
});
