/**
 * The prover of insecure devnets: the eleven bytes «valid proof» (docs/protocol.md 2.5). Any other network refuses its
 * blocks.
 */

import { MOCK_PROOF } from '../consensus/winning-post.ts';
import type { Prover } from '../ports/prover.ts';

/** StackedDRG winning 2 KiB; a node does not look at the number. */
const WINNING_2K = 0;

export function mockProver(): Prover {
  return {
    async winningPost(_request, signal) {
      signal.throwIfAborted();
      return [{ postProof: WINNING_2K, proofBytes: new Uint8Array(MOCK_PROOF) }];
    },
  };
}
