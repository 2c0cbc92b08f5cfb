/**
 * Signature checks remembered for a while: blocks of one tipset carry the same beacon entries and often the same
 * messages.
 */

import { concatBytes, toHex } from '../chain/encoding/bytes.ts';
import { blake2b256 } from '../chain/encoding/hash.ts';
import type { RecoverSecp256k1 } from '../consensus/messages/message-signature.ts';
import type { Bls, SignedDigest } from '../consensus/signatures/bls.ts';

const KEPT = 4096;

/** Beacon entries of unchained networks are the signatures that repeat. */
export function rememberingBls(bls: Bls): Bls {
  const known = answers<boolean>();
  return { ...bls, verifyG1: (signed, dst) => known(keyOf(signed), () => bls.verifyG1(signed, dst)) };
}

export function rememberingRecovery(recover: RecoverSecp256k1): RecoverSecp256k1 {
  const known = answers<Uint8Array | null>();
  return (digest, signature) => known(toHex(concatBytes(digest, signature)), () => recover(digest, signature));
}

function keyOf({ publicKey, message, signature }: SignedDigest): string {
  return toHex(blake2b256(concatBytes(publicKey, message, signature)));
}

function answers<T>(): (key: string, ask: () => T) => T {
  const kept = new Map<string, T>();
  return (key, ask) => {
    if (kept.has(key)) return kept.get(key) as T;
    if (kept.size >= KEPT) kept.clear();
    const answer = ask();
    kept.set(key, answer);
    return answer;
  };
}
