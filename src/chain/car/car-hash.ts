/**
 * Compares a block that comes in pieces with the hash in its CID: what `matchesCid` does for blocks that are too long
 * to hold (docs/protocol.md 4.8).
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from '../encoding/bytes.ts';
import { type CID, HASH_BLAKE2B_256, HASH_IDENTITY, HASH_SHA2_256 } from '../encoding/cid.ts';

export interface BlockCheck {
  /** The next piece; its bytes are not kept. */
  update(piece: Uint8Array): void;
  /** Whether the pieces are the CID's; null for a hash function that is not known here. */
  end(): boolean | null;
}

/** A check of one block. */
export function blockCheck(cid: CID): BlockCheck {
  const { code, digest } = cid.multihash;
  if (code === HASH_BLAKE2B_256) return hashCheck(blake2b.create({ dkLen: 32 }), digest);
  if (code === HASH_SHA2_256) return hashCheck(sha256.create(), digest);
  if (code === HASH_IDENTITY) return identityCheck(digest);
  return { update: () => undefined, end: () => null };
}

function hashCheck(hash: { update(bytes: Uint8Array): unknown; digest(): Uint8Array }, digest: Uint8Array): BlockCheck {
  return { update: (piece) => void hash.update(piece), end: () => equalBytes(hash.digest(), digest) };
}

function identityCheck(digest: Uint8Array): BlockCheck {
  let length = 0;
  let isSame = true;
  return {
    update(piece) {
      isSame = isSame && equalBytes(digest.subarray(length, length + piece.length), piece);
      length += piece.length;
    },
    end: () => isSame && length === digest.length,
  };
}
