/**
 * The hashes of Filecoin: blake2b (RFC 7693) with 32 bytes for content, tickets and draws; 4 and 20 bytes for
 * addresses; SHA-256; Keccak-256.
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

export function blake2b256(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: 32 });
}

/** 20 bytes: payload of secp256k1 and actor addresses. */
export function blake2b160(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: 20 });
}

/** 4 bytes: checksum of an address in text. */
export function blake2b32(bytes: Uint8Array): Uint8Array {
  return blake2b(bytes, { dkLen: 4 });
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}
