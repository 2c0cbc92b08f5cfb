/** Who proves that a sector is there. */

import type { Address } from '../chain/address.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { PoStProof } from '../chain/post-proof.ts';
import type { SectorInfo } from './node.ts';

export interface ProofRequest {
  readonly miner: Address;
  readonly epoch: Epoch;
  /** 32 bytes, a scalar of BLS12-381. */
  readonly randomness: Uint8Array;
  readonly sectors: readonly SectorInfo[];
  readonly sectorSize: bigint;
}

export interface Prover {
  /** One proof of the kind and length of the network; a failure is a `PortError`. The bytes are the caller's own. */
  winningPost(request: ProofRequest, signal: AbortSignal): Promise<readonly PoStProof[]>;
}
