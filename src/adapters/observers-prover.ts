/** Who only looks at a chain has no sectors and proves nothing: its proofs have the form of the network's and hold for nobody. Its blocks are compared without them and never sent. */

import type { NetworkParams } from '../consensus/network.ts';
import { WINNING_PROOF_LENGTH, winningProofKind } from '../consensus/winning-post.ts';
import type { Prover } from '../ports/prover.ts';
import { mockProver } from './mock-prover.ts';

export function observersProver({ insecurePoSt }: Pick<NetworkParams, 'insecurePoSt'>): Prover {
  if (insecurePoSt) return mockProver();
  return { winningPost: async ({ sectorSize }) => [{ postProof: winningProofKind(sectorSize), proofBytes: new Uint8Array(WINNING_PROOF_LENGTH) }] };
}
