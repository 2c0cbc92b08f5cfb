/**
 * The hash of records, values and blobs (FIPS 180-4), of bytes and never of a stream. Why not `@noble/hashes`, which
 * the chain's rules use: every step is hashed, and OpenSSL, which Node has in it, takes a fraction of the time.
 */

import { hash } from 'node:crypto';

export const HASH_LENGTH = 32;

/**
 * The first `length` bytes of the hash. By way of a text of one letter a byte: bytes that OpenSSL gives lie in memory
 * of their own, which takes three quarters of the time again.
 */
export function sha256(bytes: Uint8Array, length = HASH_LENGTH): Uint8Array {
  const letters = hash('sha256', bytes, 'binary');
  const taken = new Uint8Array(length);
  for (let i = 0; i < length; i++) taken[i] = letters.charCodeAt(i);
  return taken;
}
