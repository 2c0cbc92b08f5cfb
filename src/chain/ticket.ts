/** A ticket: the VRF proof by which blocks of one tipset are ordered (docs/protocol.md 2.3). */

import { byteString, type Codec, tuple } from './encoding/codec.ts';

export interface Ticket {
  /** A BLS signature of 96 bytes; 32 bytes in genesis. */
  readonly vrfProof: Uint8Array;
}

export const ticket: Codec<Ticket> = tuple('Ticket', { vrfProof: ['VRFProof', byteString()] });
