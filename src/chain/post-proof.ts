/** A proof of spacetime: its registered kind and its bytes (docs/protocol.md 2.5). */

import { byteString, type Codec, int, tuple } from './encoding/codec.ts';

export interface PoStProof {
  /**
   * go-state-types abi RegisteredPoStProof: winning 0-4, window 5-9, window V1_1 10-14 (2 KiB, 8 MiB, 512 MiB, 32 GiB,
   * 64 GiB).
   */
  readonly postProof: number;
  /** 192 bytes of Groth16; `valid proof` in insecure networks. */
  readonly proofBytes: Uint8Array;
}

export const postProof: Codec<PoStProof> = tuple('PoStProof', {
  postProof: ['PoStProof', int],
  proofBytes: ['ProofBytes', byteString()],
});
