/** Which sector and which of its leaves a winning PoSt has to show (docs/protocol.md 2.5; rust-fil-proofs storage-proofs-post/src/fallback/vanilla.rs:190-253). */

import { concatBytes, uint64LE } from '../chain/bytes.ts';
import { sha256 } from '../chain/hash.ts';
import { encodeVarint } from '../chain/leb128.ts';

export const WINNING_POST_CHALLENGES = 66;
const LEAF_BYTES = 32n;
const SCALAR_TOP_MASK = 0x3f;

/** The 11 bytes that insecure devnets take for a proof. */
export const MOCK_PROOF = Uint8Array.from('valid proof', (c) => c.charCodeAt(0));

/** A seed as the proof takes it: the two highest bits (little-endian) cleared, so that it is a scalar of BLS12-381. */
export function postRandomness(seed: Uint8Array): Uint8Array {
  const scalar = Uint8Array.from(seed);
  scalar[31] = (scalar[31] as number) & SCALAR_TOP_MASK;
  return scalar;
}

/** Place of the challenged sector among the proving sectors in ascending order; `sectors` > 0. */
export function challengedSectorIndex(randomness: Uint8Array, minerId: bigint, sectors: bigint): bigint {
  return challenge(concatBytes(proverId(minerId), randomness, uint64LE(0))) % sectors;
}

/** The 66 leaves (32 bytes each) of a challenged sector. */
export function challengedLeaves(randomness: Uint8Array, sectorNumber: bigint, sectorSize: bigint): readonly bigint[] {
  const leaves = sectorSize / LEAF_BYTES;
  return Array.from({ length: WINNING_POST_CHALLENGES }, (_, i) => challenge(concatBytes(randomness, uint64LE(sectorNumber), uint64LE(i))) % leaves);
}

/** A miner's id as the proofs know it: LEB128 in 32 bytes, zeros behind. */
export function proverId(minerId: bigint): Uint8Array {
  const id = new Uint8Array(32);
  id.set(encodeVarint(minerId));
  return id;
}

function challenge(preimage: Uint8Array): bigint {
  const digest = sha256(preimage);
  return new DataView(digest.buffer, digest.byteOffset, 8).getBigUint64(0, true);
}
