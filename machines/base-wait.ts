/**
 * Waits for a base: the head a propagation delay into the epoch before, the epoch's beacon entry, and what the chain
 * says of the miner (docs/protocol.md 0, 2.13). What was waited for may have taken long: the head is asked for once
 * more at the end, and another one begins anew.
 */

import { assign, setup } from 'xstate';
import { refreshBase, standsFast } from '../src/mining/base.ts';
import type { Failure, Ineligibility } from '../src/mining/outcome.ts';
import { type Deadlines, type Head, ineligibility, type MiningInfo } from '../src/mining/round.ts';
import { answer, failure, isRetryable, RETRY_MS, retryAfter } from './answer.ts';
import { effect } from './effects.ts';

export interface BaseWaitInput {
  readonly miner: string;
  readonly epoch: number;
  readonly deadlines: Deadlines;
  /** A head to begin with, of an epoch that had another base before; `null`: the first that is there when it is due. */
  readonly base: Head | null;
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
  /** From the cut-off on a base takes no more blocks in. */
  readonly isCut: boolean;
  readonly hasBeacon: boolean;
  /** What the chain says of the miner on this base; `null` until it was asked. */
  readonly told: { readonly info: MiningInfo | null } | null;
  /**
   * Another head undid a round, base info and the head once more: the next one costs a pause, or a node that stands
   * between two heads is asked as fast as it answers.
   */
  readonly wasUndone: boolean;
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
    isGiven: ({ context }) => context.base !== null,
    isPast: ({ context }, head: Head) => head.height >= context.epoch,
    isSettled: ({ context: { base, told, isCut } }, head: Head) => told !== null && base !== null && standsFast(base, head, isCut),
    isRestless: ({ context: { told, wasUndone } }) => told !== null && wasUndone,
    hasBeacon: ({ context }) => context.hasBeacon,
    askedBeacon: ({ context }) => context.asked === 'beacon',
  },
  actions: {
    retryLater: assign({ retryAt: (_, failed: Failure) => retryAfter(failed) }),
    fail: assign({ output: ({ context }, failed: Failure) => ({ outcome: 'failed' as const, stage: context.asked, failure: failed }) }),
    beLate: assign({ output: ({ context }) => ({ outcome: 'late' as const, stage: context.asked }) }),
    cut: assign({ isCut: true }),
    takeHead: assign(({ context: { base, isCut, told, wasUndone } }, head: Head) => ({
      base: base === null ? head : refreshBase(base, head, isCut),
      told: null,
      wasUndone: wasUndone || told !== null,
    })),
    noteBeacon: assign({ hasBeacon: true }),
    takeInfo: assign({ told: (_, info: MiningInfo | null) => ({ info }) }),
    settle: assign({ output: ({ context }) => settled(context) }),
  },
}).createMachine({
  id: 'base-wait',
  context: ({ input }) => ({ ...input, asked: 'base', isCut: false, hasBeacon: input.base !== null, told: null, wasUndone: false, retryAt: 0, output: null }),
  initial: 'beginning',
  states: {
    beginning: {
      always: [{ guard: 'isGiven', target: 'asking.info' }, { target: 'waiting' }],
    },
    waiting: {
      invoke: { id: 'baseDue', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.base }), onDone: 'asking', onError: FAIL },
    },
    asking: {
      invoke: [
        {
          id: 'giveUp',
          src: 'alarm',
          input: ({ context }) => ({ at: context.deadlines.giveUp }),
          onDone: { target: 'done', actions: 'beLate' },
          onError: FAIL,
        },
        { id: 'cutoff', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.cutoff }), onDone: { actions: 'cut' }, onError: FAIL },
      ],
      initial: 'head',
      states: {
        head: {
          entry: assign({ asked: 'base' }),
          invoke: {
            id: 'getHead',
            src: 'getHead',
            input: ({ context: { miner, epoch } }) => ({ miner, epoch }),
            onDone: [
              { guard: { type: 'isPast', params: answer }, target: '#base-wait.done', actions: 'beLate' },
              { guard: { type: 'isSettled', params: answer }, target: '#base-wait.done', actions: 'settle' },
              { guard: 'isRestless', target: 'calming', actions: { type: 'takeHead', params: answer } },
              { guard: 'hasBeacon', target: 'info', actions: { type: 'takeHead', params: answer } },
              { target: 'beacon', actions: { type: 'takeHead', params: answer } },
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
            onDone: { target: 'info', actions: 'noteBeacon' },
            onError: [RETRY, FAIL],
          },
        },
        info: {
          entry: assign({ asked: 'base-info' }),
          invoke: {
            id: 'getMiningBaseInfo',
            src: 'getMiningBaseInfo',
            input: ({ context: { miner, epoch, base } }) => ({ miner, epoch, base: base as Head }),
            onDone: { target: 'head', actions: { type: 'takeInfo', params: answer } },
            onError: [RETRY, FAIL],
          },
        },
        pausing: {
          exit: assign({ retryAt: 0 }),
          invoke: {
            id: 'retryDue',
            src: 'alarm',
            input: ({ context }) => ({ at: context.retryAt, within: RETRY_MS }),
            // The base may be another one by now.
            onDone: [{ guard: 'askedBeacon', target: 'beacon' }, { target: 'head' }],
            onError: FAIL,
          },
        },
        // Until the cut-off at most: from then on a head of the same height undoes nothing.
        calming: {
          invoke: {
            id: 'calmDue',
            src: 'alarm',
            input: ({ context: { deadlines, isCut } }) => ({ at: isCut ? deadlines.giveUp : deadlines.cutoff, within: RETRY_MS }),
            onDone: 'head',
            onError: FAIL,
          },
        },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as BaseWaitOutput,
});

/** On a base that stands: the miner may mine on it, or not. */
function settled({ base, told }: Context): BaseWaitOutput {
  const info = told?.info ?? null;
  const reason = ineligibility(info);
  return reason === null ? { outcome: 'base', base: base as Head, info: info as MiningInfo } : { outcome: 'ineligible', reason };
}
