/** Draws of randomness from the beacon (docs/protocol.md 2.1; lotus chain/rand/rand.go:25-47). */

import type { BeaconEntry } from '../chain/beacon-entry.ts';
import { concatBytes, int64BE } from '../chain/encoding/bytes.ts';
import { blake2b256 } from '../chain/encoding/hash.ts';
import type { Epoch } from '../chain/epoch.ts';

/** Domain separation tags (go-state-types crypto/randomness.go). */
export const TAG_TICKET_PRODUCTION = 1;
export const TAG_ELECTION_PROOF_PRODUCTION = 2;
export const TAG_WINNING_POST_CHALLENGE_SEED = 3;

/** `blake2b256(int64BE(tag) ‖ blake2b256(rbase) ‖ int64BE(epoch) ‖ entropy)`, 32 bytes. */
export function drawRandomness(rbase: Uint8Array, tag: number, epoch: Epoch, entropy: Uint8Array): Uint8Array {
  return blake2b256(concatBytes(int64BE(tag), blake2b256(rbase), int64BE(epoch), entropy));
}

/**
 * The beacon's randomness for a block: the last entry it carries, or the last one before it when it carries none (lotus
 * miner.go:509-513).
 */
export function randomnessBase(entries: readonly BeaconEntry[], previous: BeaconEntry): Uint8Array {
  return (entries.at(-1) ?? previous).data;
}
