/**
 * Which answers there are to be wrong, made from the ports' types: a call that is new in a port has no row, and this
 * does not compile. Wrong forms are made from right answers (wrongs.ts); here is what is right in form and wrong all
 * the same, and at what time of the epoch the call is made. The store is not among them: what it gives back is held
 * against hashes (test/journal), and no answer of its is signed.
 */

import type { AnswerOf, CallOf } from '../../../src/effects/answers/form.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { Node } from '../../../src/ports/node.ts';
import type { Prover } from '../../../src/ports/prover.ts';
import type { Signer } from '../../../src/ports/signer.ts';

/** Right in form. `past`: what the call answered in the epoch before; `other`: what it says of another miner. */
export interface WrongSense<Answer> {
  readonly name: string;
  make(right: Answer, given: { readonly past: Answer; readonly other: Answer }): Answer;
}

export interface Row<Answer> {
  /** Seconds after the epoch before began, from which on the call is the one that is meant. */
  readonly from: number;
  /** The how-manieth call from then on; the first if not given. */
  readonly call?: number;
  readonly senses: readonly WrongSense<Answer>[];
  /** Wrong forms go no deeper: what lies below is of a row before it. */
  readonly depth?: number;
  /**
   * Places that may be wrong unseen, for only the chain's state knows them: the node's own judgement is not asked then.
   */
  readonly unseen?: RegExp;
}

export type Rows<Port> = { readonly [M in CallOf<Port>]: readonly Row<AnswerOf<Port, M>>[] };

const stale = { name: 'of the epoch before', make: <Answer>(_: Answer, { past }: { readonly past: Answer }): Answer => past };
const another = { name: 'of another miner', make: <Answer>(_: Answer, { other }: { readonly other: Answer }): Answer => other };

/**
 * The base is taken 10 s into the epoch before, the head is looked at again 2 s later, the block goes out at 30 s, and
 * is looked for 10 s after that.
 */
export const NODE: Rows<Node> = {
  head: [
    { from: 10, senses: [stale] },
    { from: 12, senses: [stale], depth: 1 },
  ],
  beaconEntry: [{ from: 0, senses: [stale] }],
  miningBaseInfo: [
    {
      from: 0,
      senses: [stale, another],
      unseen: /^(minerPower|networkPower|sectors\.0\.(number|sealProof|sealedCid)|sectorSize): (one more|other bytes|another CID)/,
    },
  ],
  selectMessages: [{ from: 0, senses: [stale] }],
  createBlock: [{ from: 0, senses: [stale, another] }],
  submitBlock: [{ from: 0, senses: [] }],
  // Asked of a node that has forgotten a block's messages: test/runtime/forgotten-messages.test.ts.
  pushMessage: [],
  tipsetAt: [{ from: 40, senses: [stale], depth: 1 }],
};

export const SIGNER: Rows<Signer> = {
  signVrf: [
    { from: 0, senses: [stale, another] },
    // The election signs first, then the ticket.
    { from: 0, senses: [stale, another], call: 2 },
  ],
};

export const PROVER: Rows<Prover> = { winningPost: [{ from: 0, senses: [] }] };

export const FENCE: Rows<Fence> = {
  claim: [{ from: 0, senses: [stale, { name: 'a conflict', make: () => ({ verdict: 'conflict', kind: 'double-fork', by: 'another instance' }) }] }],
};

/** An alarm that rings at once, and readings that are no time: see the test. */
export const CLOCK: Rows<Clock> = {
  until: [{ from: 0, senses: [] }],
  // By it alone epochs are counted: test/streams.
  elapsed: [],
};
