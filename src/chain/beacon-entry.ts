/**
 * A round of the drand beacon as a block carries it: the signature itself is the randomness (docs/protocol.md 2.15).
 */

import { byteString, type Codec, tuple, u64 } from './encoding/codec.ts';

export interface BeaconEntry {
  readonly round: bigint;
  /** The raw signature: 96 bytes of a chained network, 48 of quicknet, 32 zero bytes in genesis. */
  readonly data: Uint8Array;
}

export const beaconEntry: Codec<BeaconEntry> = tuple('BeaconEntry', {
  round: ['Round', u64],
  data: ['Data', byteString()],
});
