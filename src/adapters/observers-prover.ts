/**
 * Who only looks at a chain has no sectors and proves nothing: its proofs have the form of the network's and hold for
 * nobody. Its blocks are compared without them and never sent.
 */

import { argumentCheck } from '../chain/argument.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { WINNING_PROOF_LENGTH, winningProofKind } from '../consensus/winning-post.ts';
import type { Prover } from '../ports/prover.ts';
import { mockProver } from './mock-prover.ts';

/** Throws `CALL_ARGUMENT` for what are no rules of a network. */
export function observersProver(network: Pick<NetworkParams, 'insecurePoSt'>): Prover {
  const insecurePoSt: unknown = (network as Partial<NetworkParams> | null | undefined)?.insecurePoSt;
  const expected = 'the rules of a network, such as MAINNET of mineone/consensus/network/networks';
  argumentCheck('observersProver')('network', network, expected, typeof insecurePoSt === 'boolean');
  if (insecurePoSt) return mockProver();
  return {
    async winningPost({ sectorSize }, signal) {
      signal.throwIfAborted();
      return [{ postProof: winningProofKind(sectorSize), proofBytes: new Uint8Array(WINNING_PROOF_LENGTH) }];
    },
  };
}
