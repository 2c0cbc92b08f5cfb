/**
 * BLS12-381 as a value: what the rules ask of a curve library. Filecoin's scheme is docs/protocol.md 2.2 and 2.8 (keys
 * in G1, signatures in G2), drand's two are 2.15.
 */

/**
 * Domain tag of Filecoin's signatures and of drand's chained scheme (lotus lib/sigs/bls/init.go:14): NUL, not
 * Ethereum's POP.
 */
export const DST_G2 = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_';

/** Domain tag of drand's unchained scheme, `bls-unchained-g1-rfc9380` (quicknet): keys in G2, signatures in G1. */
export const DST_G1 = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/** One signature to verify: 48-byte public key, message of any length, 96-byte signature. */
export interface SignedDigest {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * A sum of signatures, or a single one, and the distinct messages it is to be of, each with its key at the same place.
 */
export interface BlsClaim {
  readonly publicKeys: readonly Uint8Array[];
  readonly messages: readonly Uint8Array[];
  readonly sum: Uint8Array;
}

/**
 * Points are compressed (48 bytes in G1, 96 in G2); private keys are 32 bytes **little-endian**, as in Filecoin's key
 * files. Verification never throws over its input: a wrong length, a point off its curve or outside its subgroup and a
 * public key at infinity are all `false`. Signing and aggregating throw `MineOneError` with code `BLS_PRIVATE_KEY`
 * (wrong length, zero, or not below the group order), `BLS_SIGNATURE`, `BLS_SEED` (fewer than 32 bytes). `dst` defaults
 * to {@link DST_G2}, for the G1 functions to {@link DST_G1}. The `…Async` forms give the same answers without holding
 * up the event loop where the make can.
 */
export interface Bls {
  readonly name: 'noble' | 'native';
  /** KeyGen of draft-irtf-cfrg-bls-signature-05 (HKDF) from at least 32 bytes of seed. */
  keygen(seed: Uint8Array): Uint8Array;
  publicKey(privateKey: Uint8Array): Uint8Array;
  sign(privateKey: Uint8Array, message: Uint8Array, dst?: string): Uint8Array;
  signAsync(privateKey: Uint8Array, message: Uint8Array, dst?: string): Promise<Uint8Array>;
  verify(signed: SignedDigest, dst?: string): boolean;
  verifyAsync(signed: SignedDigest, dst?: string): Promise<boolean>;
  /**
   * All of them good? One random-linear check; the weights come from a hash of the batch itself, so the answer is
   * deterministic. An empty batch is good.
   */
  verifyBatch(batch: readonly SignedDigest[], dst?: string): boolean;
  verifyBatchAsync(batch: readonly SignedDigest[], dst?: string): Promise<boolean>;
  /** Sum of signatures; of none: the point at infinity (`c0` and 95 zero bytes). */
  aggregate(signatures: readonly Uint8Array[]): Uint8Array;
  /**
   * Basic scheme: messages must be distinct (else `false`); with no message the aggregate must be the point at
   * infinity.
   */
  aggregateVerify(publicKeys: readonly Uint8Array[], messages: readonly Uint8Array[], aggregate: Uint8Array, dst?: string): boolean;
  aggregateVerifyAsync(publicKeys: readonly Uint8Array[], messages: readonly Uint8Array[], aggregate: Uint8Array, dst?: string): Promise<boolean>;
  /**
   * True: each of the claims holds. False says nothing of any one: verify them by themselves. `salt`: 32 bytes or more
   * that were drawn after the claims were there and that nobody saw before, for the weights; they must not serve twice.
   * Throws `BLS_SALT` for fewer.
   */
  claimsHold(claims: readonly BlsClaim[], salt: Uint8Array): boolean;
  /** The same in the G1 scheme: keys in G2, sums in G1. */
  claimsHoldG1(claims: readonly BlsClaim[], salt: Uint8Array): boolean;
  /** 96-byte public key in G2 for the G1 scheme. */
  publicKeyG2(privateKey: Uint8Array): Uint8Array;
  /** 48-byte signature in G1 (drand quicknet's scheme; the devnet's beacon signs with it). */
  signG1(privateKey: Uint8Array, message: Uint8Array, dst?: string): Uint8Array;
  /** Public key 96 bytes in G2, signature 48 bytes in G1. */
  verifyG1(signed: SignedDigest, dst?: string): boolean;
  verifyG1Async(signed: SignedDigest, dst?: string): Promise<boolean>;
}

/** By which a value is known as {@link Bls}. */
export const BLS_CALLS = Object.keys({
  keygen: true,
  publicKey: true,
  sign: true,
  signAsync: true,
  verify: true,
  verifyAsync: true,
  verifyBatch: true,
  verifyBatchAsync: true,
  aggregate: true,
  aggregateVerify: true,
  aggregateVerifyAsync: true,
  claimsHold: true,
  claimsHoldG1: true,
  publicKeyG2: true,
  signG1: true,
  verifyG1: true,
  verifyG1Async: true,
} satisfies Readonly<Record<Exclude<keyof Bls, 'name'>, true>>);
