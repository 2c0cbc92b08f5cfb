/**
 * The addon's own interface, and {@link Bls} over it: lists are packed into one byte string, refusals become
 * `MineOneError` (native/bls/src/addon.rs).
 */

import type { Bls, BlsClaim, SignedDigest } from '../src/consensus/signatures/bls.ts';
import { DST_G1, DST_G2 } from '../src/consensus/signatures/bls.ts';
import { MineOneError } from '../src/errors/mineone-error.ts';

/** What `mineone-bls.<platform>-<arch>.node` exports. */
export interface BlsAddon {
  keygen(seed: Uint8Array): Uint8Array;
  publicKey(privateKey: Uint8Array): Uint8Array;
  publicKeyG2(privateKey: Uint8Array): Uint8Array;
  sign(privateKey: Uint8Array, message: Uint8Array, dst: string): Uint8Array;
  signG1(privateKey: Uint8Array, message: Uint8Array, dst: string): Uint8Array;
  signAsync(privateKey: Uint8Array, message: Uint8Array, dst: string): Promise<Uint8Array>;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, dst: string): boolean;
  verifyG1(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, dst: string): boolean;
  verifyAsync(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, dst: string): Promise<boolean>;
  verifyG1Async(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array, dst: string): Promise<boolean>;
  verifyBatch(batch: Uint8Array, dst: string): boolean;
  verifyBatchAsync(batch: Uint8Array, dst: string): Promise<boolean>;
  /** An addon of an older build has neither: then no claims hold together, and each is verified by itself. */
  claimsHold?(claims: Uint8Array, salt: Uint8Array, dst: string): boolean;
  claimsHoldG1?(claims: Uint8Array, salt: Uint8Array, dst: string): boolean;
  /** Neither are these in an older build. */
  blake2b256?(bytes: Uint8Array): Uint8Array;
  recoverSecp256k1?(digest: Uint8Array, signature: Uint8Array): Uint8Array | null;
  aggregate(signatures: Uint8Array): Uint8Array;
  aggregateVerify(publicKeys: Uint8Array, messages: Uint8Array, sum: Uint8Array, dst: string): boolean;
  aggregateVerifyAsync(publicKeys: Uint8Array, messages: Uint8Array, sum: Uint8Array, dst: string): Promise<boolean>;
  panicNow(): boolean;
  panicAsync(): Promise<boolean>;
}

/** The make over blst. The `…Async` calls run in Node's thread pool; batches and aggregates use several threads. */
export function nativeBls(addon: BlsAddon): Bls {
  return {
    name: 'native',
    keygen: (seed) => blamed(() => addon.keygen(seed)),
    publicKey: (key) => blamed(() => addon.publicKey(key)),
    sign: (key, message, dst = DST_G2) => blamed(() => addon.sign(key, message, dst)),
    signAsync: (key, message, dst = DST_G2) => blamedLater(() => addon.signAsync(key, message, dst)),
    verify: (signed, dst = DST_G2) => blamed(() => addon.verify(signed.publicKey, signed.message, signed.signature, dst)),
    verifyAsync: (signed, dst = DST_G2) => blamedLater(() => addon.verifyAsync(signed.publicKey, signed.message, signed.signature, dst)),
    verifyBatch: (batch, dst = DST_G2) => blamed(() => addon.verifyBatch(packed(batch.flatMap(parts)), dst)),
    verifyBatchAsync: (batch, dst = DST_G2) => blamedLater(() => addon.verifyBatchAsync(packed(batch.flatMap(parts)), dst)),
    aggregate: (signatures) => blamed(() => addon.aggregate(packed(signatures))),
    aggregateVerify: (keys, messages, sum, dst = DST_G2) => blamed(() => addon.aggregateVerify(packed(keys), packed(messages), sum, dst)),
    aggregateVerifyAsync: (keys, messages, sum, dst = DST_G2) => blamedLater(() => addon.aggregateVerifyAsync(packed(keys), packed(messages), sum, dst)),
    claimsHold: (claims, salt) => arePaired(claims) && blamed(() => addon.claimsHold?.(packed(claims.map(claimed)), salt, DST_G2) ?? false),
    claimsHoldG1: (claims, salt) => arePaired(claims) && blamed(() => addon.claimsHoldG1?.(packed(claims.map(claimed)), salt, DST_G1) ?? false),
    publicKeyG2: (key) => blamed(() => addon.publicKeyG2(key)),
    signG1: (key, message, dst = DST_G1) => blamed(() => addon.signG1(key, message, dst)),
    verifyG1: (signed, dst = DST_G1) => blamed(() => addon.verifyG1(signed.publicKey, signed.message, signed.signature, dst)),
    verifyG1Async: (signed, dst = DST_G1) => blamedLater(() => addon.verifyG1Async(signed.publicKey, signed.message, signed.signature, dst)),
  };
}

/**
 * Runs a call of the addon; what it throws comes out as a `MineOneError` with its code, `BLS_NATIVE` where it names
 * none.
 */
export function blamed<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw blame(error);
  }
}

/** The same for a promise: it also rejects with what the call throws before there is one. */
export async function blamedLater<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw blame(error);
  }
}

function blame(error: unknown): MineOneError {
  const text = error instanceof Error ? error.message : String(error);
  const [, code = 'BLS_NATIVE', message = text] = /^(BLS_[A-Z_]+): (.*)$/s.exec(text) ?? [];
  return new MineOneError(code, message, { cause: error });
}

function parts({ publicKey, message, signature }: SignedDigest): Uint8Array[] {
  return [publicKey, message, signature];
}

/** Whether every claim has a message, and a key for each. */
function arePaired(claims: readonly BlsClaim[]): boolean {
  return claims.every(({ publicKeys, messages }) => messages.length > 0 && publicKeys.length === messages.length);
}

function claimed({ publicKeys, messages, sum }: BlsClaim): Uint8Array {
  return packed([sum, ...publicKeys.flatMap((key, i) => [key, messages[i] as Uint8Array])]);
}

/** Each string behind its length as 32 bits big-endian (native/bls/src/packed.rs). */
function packed(strings: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(strings.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(whole.buffer);
  let at = 0;
  for (const string of strings) {
    view.setUint32(at, string.length);
    whole.set(string, at + 4);
    at += 4 + string.length;
  }
  return whole;
}
