/** Makes the block and sends it: create, bind, claim, wait for the epoch, submit, look for it (architecture.md 3, «The order around a block»). Bind is the point of no return. */

import { assign, setup } from 'xstate';
import { blockTimestamp, type Deadlines, type Head, type MiningInfo, type RoundConfig } from '../src/consensus/mining-round.ts';
import type { EpochOutcome, Failure, LateStage, Refusal, Stage } from '../src/consensus/outcome.ts';
import { holdsCid } from '../src/consensus/own-block.ts';
import { type BindInput, type BindVerdict, type BlobRef, type ClaimVerdict, type CreatedBlock, effect, type ProofBytes, type TemplateInput } from './effects.ts';

export interface CreateInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly deadlines: Deadlines;
  readonly info: MiningInfo;
  readonly base: Head;
  readonly ticket: Uint8Array;
  readonly winCount: number;
  readonly electionProof: Uint8Array;
  readonly proofs: readonly ProofBytes[];
  readonly messages: BlobRef | Uint8Array;
}

export type CreateOutput = EpochOutcome;

interface Context extends CreateInput {
  readonly created: CreatedBlock | null;
  readonly retryAt: number;
  /** Claims that stayed unknown; submissions that did not show on the chain. */
  readonly unknownClaims: number;
  readonly absences: number;
  readonly output: CreateOutput | null;
}

/** Milliseconds between a failure and the next try. */
const RETRY_MS = 500;
const CLAIMS_MAX = 2;
/** A node may take a block without a word and drop it: then the same bytes go out once more. */
const ABSENCES_MAX = 1;

const template = ({ config, epoch, miner, base, ticket, winCount, electionProof, info, proofs, messages }: Context): TemplateInput => ({
  miner,
  epoch,
  base,
  timestamp: blockTimestamp(config, epoch),
  ticket,
  winCount,
  electionProof,
  beaconEntries: info.beacon.entries,
  proofs,
  messages,
});

const own = ({ miner, epoch, base, created }: Context): BindInput => ({
  miner,
  epoch,
  base,
  cid: (created as CreatedBlock).cid,
  block: (created as CreatedBlock).block,
});

const failed = (stage: Stage) => ({ target: 'done', actions: { type: 'fail', params: ({ event }: ErrorEvent) => ({ stage, failure: event.error }) } }) as const;
const late = (stage: LateStage) => ({ target: 'done', actions: { type: 'beLate', params: { stage } } }) as const;
const retry = (target: 'pausingCreate' | 'pausingSubmit') =>
  ({
    guard: { type: 'isRetryable', params: ({ event }: ErrorEvent) => ({ failure: event.error }) },
    target,
    actions: { type: 'retryLater', params: ({ event }: ErrorEvent) => ({ failure: event.error }) },
  }) as const;

interface ErrorEvent {
  readonly event: { readonly error: unknown };
}

export const createMachine = setup({
  types: { input: {} as CreateInput, context: {} as Context, output: {} as CreateOutput },
  actors: {
    alarm: effect('alarm'),
    createBlock: effect('createBlock'),
    bind: effect('bind'),
    claim: effect('claim'),
    submitBlock: effect('submitBlock'),
    getTipset: effect('getTipset'),
  },
  guards: {
    isRetryable: (_, { failure }: { readonly failure: unknown }) => (failure as Failure).retryable,
    isTooLate: (_, { failure }: { readonly failure: unknown }) => (failure as Failure).code === 'TOO_LATE',
    isAsAsked: (_, { created }: { readonly created: CreatedBlock }) => created.mismatch === null,
    isBound: (_, { verdict }: { readonly verdict: BindVerdict }) => verdict.verdict === 'bound',
    isGranted: (_, { verdict }: { readonly verdict: ClaimVerdict }) => verdict.verdict === 'granted',
    isUnknown: ({ context }, { verdict }: { readonly verdict: ClaimVerdict }) => verdict.verdict === 'unknown' && context.unknownClaims + 1 < CLAIMS_MAX,
    isThere: ({ context }, { cids }: { readonly cids: readonly Uint8Array[] }) => holdsCid(cids, own(context).cid) || context.absences >= ABSENCES_MAX,
  },
  actions: {
    retryLater: assign({ retryAt: (_, { failure }: { readonly failure: unknown }) => (failure as Failure).at + RETRY_MS }),
    fail: assign({
      output: (_, { stage, failure }: { readonly stage: Stage; readonly failure: unknown }) => ({ outcome: 'failed' as const, stage, failure: failure as Failure }),
    }),
    beLate: assign({ output: (_, { stage }: { readonly stage: LateStage }) => ({ outcome: 'late' as const, stage }) }),
    beRejected: assign({ output: (_, { failure }: { readonly failure: unknown }) => ({ outcome: 'rejected' as const, failure: failure as Failure }) }),
    refuse: assign({
      output: (_, { why, detail }: { readonly why: Refusal; readonly detail: string }) => ({ outcome: 'refused' as const, why, detail }),
    }),
    takeBlock: assign({ created: (_, { created }: { readonly created: CreatedBlock }) => created }),
    countUnknown: assign({ unknownClaims: ({ context }) => context.unknownClaims + 1 }),
    countAbsence: assign({ absences: ({ context }) => context.absences + 1 }),
    beObserved: assign({ output: ({ context }) => ({ outcome: 'observed' as const, winCount: context.winCount, template: template(context) }) }),
    beMined: assign({ output: ({ context }) => ({ outcome: 'mined' as const, cid: own(context).cid, winCount: context.winCount }) }),
  },
}).createMachine({
  id: 'create',
  context: ({ input }) => ({ ...input, created: null, retryAt: 0, unknownClaims: 0, absences: 0, output: null }),
  initial: 'templating',
  states: {
    templating: {
      always: [{ guard: ({ context }) => context.config.observe, target: 'done', actions: 'beObserved' }, { target: 'creating' }],
    },
    creating: {
      invoke: [
        { id: 'createBy', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.giveUp }), onDone: late('create'), onError: failed('create') },
        {
          id: 'createBlock',
          src: 'createBlock',
          input: ({ context }) => template(context),
          onDone: [
            {
              guard: { type: 'isAsAsked', params: ({ event }) => ({ created: event.output }) },
              target: 'binding',
              actions: { type: 'takeBlock', params: ({ event }) => ({ created: event.output }) },
            },
            { target: 'done', actions: { type: 'refuse', params: ({ event }) => ({ why: 'invalid', detail: event.output.mismatch ?? '' }) } },
          ],
          onError: [retry('pausingCreate'), failed('create')],
        },
      ],
    },
    pausingCreate: {
      invoke: { id: 'createAgain', src: 'alarm', input: ({ context }) => ({ at: context.retryAt }), onDone: 'creating', onError: failed('create') },
    },
    binding: {
      invoke: {
        id: 'bind',
        src: 'bind',
        input: ({ context }) => own(context),
        onDone: [
          { guard: { type: 'isBound', params: ({ event }) => ({ verdict: event.output }) }, target: 'claiming' },
          {
            target: 'done',
            actions: {
              type: 'refuse',
              params: ({ event }) => (event.output.verdict === 'refused' ? { why: event.output.fault, detail: event.output.why } : { why: 'invalid', detail: '' }),
            },
          },
        ],
        onError: failed('bind'),
      },
    },
    claiming: {
      invoke: {
        id: 'claim',
        src: 'claim',
        input: ({ context }) => own(context),
        onDone: [
          { guard: { type: 'isGranted', params: ({ event }) => ({ verdict: event.output }) }, target: 'awaitingEpoch' },
          { guard: { type: 'isUnknown', params: ({ event }) => ({ verdict: event.output }) }, target: 'claiming', reenter: true, actions: 'countUnknown' },
          {
            target: 'done',
            actions: {
              type: 'refuse',
              params: ({ event }) =>
                event.output.verdict === 'conflict'
                  ? { why: 'fence-conflict', detail: `${event.output.kind} with ${event.output.by}` }
                  : { why: 'fence-unknown', detail: 'the fence did not say whether another instance mines' },
            },
          },
        ],
        onError: failed('claim'),
      },
    },
    awaitingEpoch: {
      invoke: { id: 'epochBegins', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.submit }), onDone: 'submitting', onError: failed('submit') },
    },
    submitting: {
      invoke: {
        id: 'submitBlock',
        src: 'submitBlock',
        input: ({ context }) => ({ miner: context.miner, epoch: context.epoch, cid: own(context).cid, block: own(context).block, by: context.deadlines.giveUp }),
        onDone: 'settling',
        onError: [
          retry('pausingSubmit'),
          { guard: { type: 'isTooLate', params: ({ event }) => ({ failure: event.error }) }, ...late('submit') },
          { target: 'done', actions: { type: 'beRejected', params: ({ event }) => ({ failure: event.error }) } },
        ],
      },
    },
    pausingSubmit: {
      invoke: { id: 'submitAgain', src: 'alarm', input: ({ context }) => ({ at: context.retryAt }), onDone: 'submitting', onError: failed('submit') },
    },
    settling: {
      invoke: { id: 'settled', src: 'alarm', input: ({ context }) => ({ at: context.deadlines.giveUp }), onDone: 'looking', onError: { target: 'done', actions: 'beMined' } },
    },
    looking: {
      invoke: {
        id: 'getTipset',
        src: 'getTipset',
        input: ({ context }) => ({ height: context.epoch }),
        onDone: [
          { guard: { type: 'isThere', params: ({ event }) => ({ cids: event.output }) }, target: 'done', actions: 'beMined' },
          { target: 'submitting', actions: 'countAbsence' },
        ],
        // It went out and nobody refused it; whether it is on the chain is for the fate to find out.
        onError: { target: 'done', actions: 'beMined' },
      },
    },
    done: { type: 'final' },
  },
  output: ({ context }) => context.output as CreateOutput,
});
