/** An election proof: the VRF proof of an epoch's sortition and the wins it gave (docs/protocol.md 2.4). */

import { byteString, type Codec, int, tuple } from './encoding/codec.ts';

export interface ElectionProof {
  /** 1 to 15 in a mined block; 0 in genesis. */
  readonly winCount: number;
  /** A BLS signature of 96 bytes; empty in genesis. */
  readonly vrfProof: Uint8Array;
}

export const electionProof: Codec<ElectionProof> = tuple('ElectionProof', {
  winCount: ['WinCount', int],
  vrfProof: ['VRFProof', byteString()],
});
