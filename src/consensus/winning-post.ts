/**
 * Which sector and which of its leaves a winning PoSt has to show (docs/protocol.md 2.5; rust-fil-proofs
 * storage-proofs-post/src/fallback/vanilla.rs:190-253).
 */

import { concatBytes, equalBytes, uint64LE } from '../chain/encoding/bytes.ts';
import { sha256 } from '../chain/encoding/hash.ts';
import { encodeVarint } from '../chain/encoding/leb128.ts';
import type { PoStProof } from '../chain/post-proof.ts';

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

/**
 * The 66 leaves (32 bytes each) of a challenged sector.
 * @public
 */
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

/**
 * Registered PoSt proofs, winning and window, are 0 to 14; a node's proof library has no word for another (filecoin-ffi
 * proofs.go `toFilRegisteredPoStProof`).
 */
export const POST_KINDS = 15;

/** Bytes of the one Groth16 proof. */
export const WINNING_PROOF_LENGTH = 192;

/**
 * Sector sizes in bytes, in the order of the registered winning proofs, 0 to 4: 2 KiB, 8 MiB, 512 MiB, 32 GiB, 64 GiB.
 */
const SECTOR_SIZES: readonly bigint[] = [2n ** 11n, 2n ** 23n, 2n ** 29n, 2n ** 35n, 2n ** 36n];

/**
 * What is wrong with the proofs for a block, by their form; `null` for one proof of the right kind and length. Insecure
 * networks take the eleven bytes of {@link MOCK_PROOF}, of any winning kind, and nothing else. Whether a proof of the
 * right form holds, and for which sector and epoch, only its verifier can tell.
 */
export function winningProofFault(proofs: readonly PoStProof[], sectorSize: bigint, insecurePoSt: boolean): string | null {
  const [proof, ...more] = proofs;
  if (proof === undefined || more.length > 0) return `${proofs.length} proofs where a block has one`;
  const { postProof, proofBytes } = proof;
  if (insecurePoSt) {
    if (SECTOR_SIZES[postProof] === undefined) return `a proof of kind ${postProof} where winning proofs are 0 to ${SECTOR_SIZES.length - 1}`;
    return equalBytes(proofBytes, MOCK_PROOF) ? null : `${proofBytes.length} bytes where an insecure network takes the mock «valid proof» alone`;
  }
  if (SECTOR_SIZES[postProof] !== sectorSize) return `a proof of kind ${postProof} where sectors of ${sectorSize} bytes have ${kindOf(sectorSize)}`;
  return proofBytes.length === WINNING_PROOF_LENGTH ? null : `a proof of ${proofBytes.length} bytes where it has ${WINNING_PROOF_LENGTH}`;
}

/** Whether there are sectors of this size. */
export function isSectorSize(bytes: bigint): boolean {
  return SECTOR_SIZES.includes(bytes);
}

/** The registered winning proof of sectors of this size, 0 to 4; -1 where there are none of it. */
export function winningProofKind(sectorSize: bigint): number {
  return SECTOR_SIZES.indexOf(sectorSize);
}

function kindOf(sectorSize: bigint): string {
  const kind = winningProofKind(sectorSize);
  return kind === -1 ? 'none' : String(kind);
}

function challenge(preimage: Uint8Array): bigint {
  const digest = sha256(preimage);
  return new DataView(digest.buffer, digest.byteOffset, 8).getBigUint64(0, true);
}
