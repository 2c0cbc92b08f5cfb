/** Keys, messages and signatures to try a make of BLS with, and bytes in and out of text. */

import type { Bls, SignedDigest } from '../../src/consensus/signatures/bls.ts';

export function signedBy(bls: Bls, who: number, message: Uint8Array, dst?: string): SignedDigest {
  return { publicKey: bls.publicKey(seed(who)), message, signature: bls.sign(seed(who), message, dst) };
}

/** 32 bytes that are a seed, and also a private key: below the order, for the last byte is small. */
export function seed(i: number): Uint8Array {
  return new Uint8Array(32).fill(i + 1).with(31, 7);
}

export function flipped(of: Uint8Array, bit: number): Uint8Array {
  return of.with(bit >> 3, (of[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
}

export function little(value: bigint): Uint8Array {
  return bytes(value.toString(16).padStart(64, '0')).reverse();
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

export function hex(of: Uint8Array): string {
  return Buffer.from(of).toString('hex');
}
