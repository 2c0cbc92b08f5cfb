/**
 * The one signature that stands for all BLS messages of a block (docs/protocol.md 2.8; lotus
 * chain/consensus/signatures.go `VerifyBlsAggregate`).
 */

import type { CID } from '../../chain/encoding/cid.ts';
import { SIGNATURE_BLS, type Signature } from '../../chain/signature.ts';
import type { Bls } from '../signatures/bls.ts';

/** Bytes of a BLS signature. */
const SIGNATURE_LENGTH = 96;

/**
 * Sum of the messages' signatures, 96 bytes each, in block order; of none the point at infinity. Throws
 * `BLS_SIGNATURE`.
 */
export function aggregateSignature(bls: Pick<Bls, 'aggregate'>, signatures: readonly Uint8Array[]): Signature {
  return { type: SIGNATURE_BLS, data: bls.aggregate(signatures) };
}

/**
 * Whether the aggregate holds for the messages, each with the BLS key of its sender (48 bytes) at the same place; what
 * is signed is the bytes of the CID. With no messages there is nothing to verify and any aggregate passes; its type
 * byte is never looked at, nor are bytes beyond the 96th, and one of fewer is refused whatever it is for. The same
 * message twice is refused.
 */
export function verifyAggregate(
  bls: Pick<Bls, 'aggregateVerify'>,
  publicKeys: readonly Uint8Array[],
  messageCids: readonly CID[],
  aggregate: Signature,
): boolean {
  if (publicKeys.length !== messageCids.length || aggregate.data.length < SIGNATURE_LENGTH) return false;
  if (messageCids.length === 0) return true;
  const signed = messageCids.map((cid) => cid.bytes);
  return bls.aggregateVerify(publicKeys, signed, aggregate.data.subarray(0, SIGNATURE_LENGTH));
}
