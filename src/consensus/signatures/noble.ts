/**
 * BLS12-381 and secp256k1 in JavaScript: the make of {@link Bls} that always works, and public-key recovery
 * (docs/protocol.md 2.2, 2.6, 2.8, 2.15). The only file that imports `@noble/curves`.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { Bls, BlsClaim, SignedDigest } from './bls.ts';
import { DST_G1, DST_G2 } from './bls.ts';

type G1 = InstanceType<typeof bls12_381.G1.Point>;
type G2 = InstanceType<typeof bls12_381.G2.Point>;

const { Fp12, Fr } = bls12_381.fields;
const long = bls12_381.longSignatures;
const short = bls12_381.shortSignatures;

/**
 * Parts of the transcript from which the weights of a batch come; the native make derives the same ones
 * (native/bls/src/weights.rs).
 */
const BATCH_TAG = utf8ToBytes('MINEONE-BLS-BATCH-1');
const WEIGHT_BYTES = 16;
const SALT_LENGTH_MIN = 32;

/** The make over `@noble/curves`: no build, no threads; about 15 ms to sign and 25 ms to verify. */
export function nobleBls(): Bls {
  return {
    name: 'noble',
    keygen,
    publicKey: (privateKey) => bls12_381.G1.Point.BASE.multiply(scalar(privateKey)).toBytes(true),
    sign,
    signAsync: async (privateKey, message, dst) => sign(privateKey, message, dst),
    verify,
    verifyAsync: async (signed, dst) => verify(signed, dst),
    verifyBatch,
    verifyBatchAsync: async (batch, dst) => verifyBatch(batch, dst),
    aggregate,
    aggregateVerify,
    aggregateVerifyAsync: async (keys, messages, sum, dst) => aggregateVerify(keys, messages, sum, dst),
    claimsHold: (claims, salt) => eachHolds(claims, salt, ({ publicKeys, messages, sum }) => aggregateVerify(publicKeys, messages, sum)),
    claimsHoldG1: (claims, salt) => eachHolds(claims, salt, verifySumG1),
    publicKeyG2: (privateKey) => bls12_381.G2.Point.BASE.multiply(scalar(privateKey)).toBytes(true),
    signG1,
    verifyG1,
    verifyG1Async: async (signed, dst) => verifyG1(signed, dst),
  };
}

/**
 * The 65-byte uncompressed public key that made `signature` (65 bytes: r, s, v) over a 32-byte digest; null where there
 * is none. As go-crypto's `EcRecover` (crypto.go:81, secp256k1-voi secec `RecoverPublicKey`): r and s in [1, n), v in
 * 0..3, a **high s is accepted**.
 */
export function recoverSecp256k1(digest: Uint8Array, signature: Uint8Array): Uint8Array | null {
  if (digest.length !== 32 || signature.length !== 65) return null;
  try {
    const compact = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact');
    return compact
      .addRecoveryBit(signature[64] ?? 255)
      .recoverPublicKey(digest)
      .toBytes(false);
  } catch {
    return null;
  }
}

/**
 * Signature (65 bytes: r, s, v) of a 32-byte digest by a 32-byte big-endian key; RFC 6979, low s. Throws
 * `SECP_PRIVATE_KEY`, `SECP_DIGEST`.
 */
export function signSecp256k1(privateKey: Uint8Array, digest: Uint8Array): Uint8Array {
  if (!secp256k1.utils.isValidSecretKey(privateKey))
    throw new MineOneError('SECP_PRIVATE_KEY', 'private key: expected 32 bytes, above zero and below the group order');
  if (digest.length !== 32) throw new MineOneError('SECP_DIGEST', `digest: expected 32 bytes, got ${digest.length}`);
  const made = secp256k1.sign(digest, privateKey, { prehash: false, lowS: true, format: 'recovered' });
  return concatBytes(made.subarray(1), made.subarray(0, 1));
}

/** 65-byte uncompressed public key of a 32-byte big-endian private key. */
export function publicKeySecp256k1(privateKey: Uint8Array): Uint8Array {
  return secp256k1.getPublicKey(privateKey, false);
}

/** KeyGen of draft-irtf-cfrg-bls-signature-05 section 2.3 with the salt of draft 4 and EIP-2333, little-endian. */
function keygen(seed: Uint8Array): Uint8Array {
  if (seed.length < 32) throw new MineOneError('BLS_SEED', `seed: expected at least 32 bytes, got ${seed.length}`);
  const key = concatBytes(seed, Uint8Array.of(0));
  for (let salt = sha256(utf8ToBytes('BLS-SIG-KEYGEN-SALT-')); ; salt = sha256(salt)) {
    const wide = expand(sha256, extract(sha256, key, salt), Uint8Array.of(0, 48), 48);
    const secret = bytesToNumberBE(wide) % Fr.ORDER;
    if (secret !== 0n) return Fr.toBytes(secret).reverse();
  }
}

function sign(privateKey: Uint8Array, message: Uint8Array, dst: string = DST_G2): Uint8Array {
  const secret = scalar(privateKey);
  return long.Signature.toBytes(long.hash(message, domain(dst)).multiply(secret));
}

function signG1(privateKey: Uint8Array, message: Uint8Array, dst: string = DST_G1): Uint8Array {
  const secret = scalar(privateKey);
  return short.Signature.toBytes(short.hash(message, domain(dst)).multiply(secret));
}

function verify(signed: SignedDigest, dst: string = DST_G2): boolean {
  const tag = domain(dst);
  const key = keyG1(signed.publicKey);
  const signature = signatureG2(signed.signature);
  return key !== null && signature !== null && long.verify(signature, long.hash(signed.message, tag), key);
}

function verifyG1(signed: SignedDigest, dst: string = DST_G1): boolean {
  const tag = domain(dst);
  const key = keyG2(signed.publicKey);
  const signature = signatureG1(signed.signature);
  return key !== null && signature !== null && short.verify(signature, short.hash(signed.message, tag), key);
}

/** e(g, sum of w_i S_i) = product of e(w_i P_i, H(m_i)). */
function verifyBatch(batch: readonly SignedDigest[], dst: string = DST_G2): boolean {
  const tag = domain(dst);
  let sum = bls12_381.G2.Point.ZERO;
  const pairs: Pair[] = [];
  const weights = batchWeights(batch, tag);
  for (const [i, signed] of batch.entries()) {
    const key = keyG1(signed.publicKey);
    const signature = signatureG2(signed.signature);
    if (key === null || signature === null) return false;
    const weight = weights[i] ?? 0n;
    sum = sum.add(signature.multiplyUnsafe(weight));
    pairs.push({ g1: key.multiplyUnsafe(weight), g2: long.hash(signed.message, tag) });
  }
  return productIsOne([...pairs, { g1: bls12_381.G1.Point.BASE.negate(), g2: sum }]);
}

function aggregate(signatures: readonly Uint8Array[]): Uint8Array {
  let sum = bls12_381.G2.Point.ZERO;
  for (const [i, bytes] of signatures.entries()) {
    const signature = signatureG2(bytes);
    if (signature === null)
      throw new MineOneError('BLS_SIGNATURE', `signature ${i}: expected a compressed point of G2 in 96 bytes, got ${bytes.length} bytes that are not one`);
    sum = sum.add(signature);
  }
  // A sum that cancels out has other coordinates than noble's own zero, which alone it writes.
  return (sum.is0() ? bls12_381.G2.Point.ZERO : sum).toBytes(true);
}

function aggregateVerify(publicKeys: readonly Uint8Array[], messages: readonly Uint8Array[], sum: Uint8Array, dst: string = DST_G2): boolean {
  const tag = domain(dst);
  const signature = signatureG2(sum);
  if (signature === null || publicKeys.length !== messages.length || !distinct(messages)) return false;
  const pairs: Pair[] = [];
  for (const [i, message] of messages.entries()) {
    const key = keyG1(publicKeys[i] ?? new Uint8Array());
    if (key === null) return false;
    pairs.push({ g1: key, g2: long.hash(message, tag) });
  }
  return productIsOne([...pairs, { g1: bls12_381.G1.Point.BASE.negate(), g2: signature }]);
}

/** One by one: in JavaScript weighted sums cost what they save. */
function eachHolds(claims: readonly BlsClaim[], salt: Uint8Array, holds: (claim: BlsClaim) => boolean): boolean {
  if (salt.length < SALT_LENGTH_MIN) throw new MineOneError('BLS_SALT', `salt: expected at least ${SALT_LENGTH_MIN} random bytes, got ${salt.length}`);
  return claims.every((claim) => !isInfinity(claim.sum) && holds(claim));
}

/** Nothing on a chain sums signatures of the G1 scheme, so only single ones hold. */
function verifySumG1({ publicKeys, messages, sum }: BlsClaim): boolean {
  const [publicKey, message] = [publicKeys[0], messages[0]];
  if (publicKeys.length !== 1 || messages.length !== 1 || publicKey === undefined || message === undefined) return false;
  return verifyG1({ publicKey, message, signature: sum });
}

function isInfinity(sum: Uint8Array): boolean {
  return sum[0] === 0xc0 && sum.subarray(1).every((byte) => byte === 0);
}

interface Pair {
  readonly g1: G1;
  readonly g2: G2;
}

/** A pair with a point at infinity contributes one; noble refuses such pairs, so they are left out. */
function productIsOne(pairs: readonly Pair[]): boolean {
  return Fp12.eql(bls12_381.pairingBatch(pairs.filter(({ g1, g2 }) => !g1.is0() && !g2.is0())), Fp12.ONE);
}

/**
 * 128-bit weights, little-endian, from SHA-256 of the whole batch and then of that digest with the index, so nobody can
 * choose signatures after the weights. Lengths and the index are 32-bit big-endian; a weight of zero counts as one.
 */
function batchWeights(batch: readonly SignedDigest[], tag: Uint8Array): bigint[] {
  const transcript = sha256.create().update(BATCH_TAG).update(u32(tag.length)).update(tag).update(u32(batch.length));
  for (const { publicKey, message, signature } of batch) for (const part of [publicKey, message, signature]) transcript.update(u32(part.length)).update(part);
  const digest = transcript.digest();
  return batch.map(
    (_, i) =>
      bytesToNumberBE(
        sha256(concatBytes(digest, u32(i)))
          .slice(0, WEIGHT_BYTES)
          .reverse(),
      ) || 1n,
  );
}

function distinct(messages: readonly Uint8Array[]): boolean {
  return new Set(messages.map((message) => bytesToHex(sha256(message)))).size === messages.length;
}

/** A public key is never the point at infinity; null for all that is not a compressed point of the group. */
function keyG1(bytes: Uint8Array): G1 | null {
  const point = decoded(bytes, 48, bls12_381.G1.Point.fromBytes);
  return point === null || point.is0() ? null : point;
}

function keyG2(bytes: Uint8Array): G2 | null {
  const point = decoded(bytes, 96, bls12_381.G2.Point.fromBytes);
  return point === null || point.is0() ? null : point;
}

function signatureG1(bytes: Uint8Array): G1 | null {
  return decoded(bytes, 48, short.Signature.fromBytes);
}

function signatureG2(bytes: Uint8Array): G2 | null {
  return decoded(bytes, 96, long.Signature.fromBytes);
}

/**
 * noble's decoders check the length, the flags, x < p, the curve and the subgroup, and throw; the length is checked
 * here so that no uncompressed form passes.
 */
function decoded<T>(bytes: Uint8Array, length: number, decode: (bytes: Uint8Array) => T): T | null {
  if (bytes.length !== length) return null;
  try {
    return decode(bytes);
  } catch {
    return null;
  }
}

/** noble reduces what is too large; a private key that is not canonical is refused instead. */
function scalar(privateKey: Uint8Array): bigint {
  const secret = privateKey.length === 32 ? bytesToNumberBE(privateKey.slice().reverse()) : 0n;
  if (secret === 0n || secret >= Fr.ORDER)
    throw new MineOneError('BLS_PRIVATE_KEY', 'private key: expected 32 bytes, little-endian, above zero and below the group order');
  return secret;
}

/** RFC 9380 allows longer tags by hashing them first; none is in use here, so 1 to 255 ASCII characters it is. */
function domain(dst: string): Uint8Array {
  if (!/^[\x20-\x7e]{1,255}$/.test(dst))
    throw new MineOneError('BLS_DST', `domain tag: expected 1 to 255 printable ASCII characters, got ${dst.length} characters`);
  return utf8ToBytes(dst);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
