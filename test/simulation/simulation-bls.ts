/**
 * Signatures for many lives in one process: real ones, made when they are asked for and not in another thread, each
 * made and verified once.
 */

import { loadBls } from '../../native/bls.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { rememberingBls } from '../../src/devnet/setting/remembering-bls.ts';

/** Signatures kept of one simulation: several instances hold the same keys and draw the same. */
const KEPT = 1024;

/** A character a byte. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

export function simulationBls(): Bls {
  const { bls } = loadBls();
  const made = new Map<string, Uint8Array>();
  const sign: Bls['sign'] = (privateKey, message, dst) => {
    const key = `${textOf(privateKey)}${textOf(message)}${dst ?? ''}`;
    const signature = made.get(key) ?? bls.sign(privateKey, message, dst);
    if (made.size >= KEPT) made.clear();
    made.set(key, signature);
    return signature;
  };
  const now: Bls = {
    ...bls,
    sign,
    signAsync: async (privateKey, message, dst) => sign(privateKey, message, dst),
    verifyAsync: async (signed, dst) => bls.verify(signed, dst),
    verifyBatchAsync: async (batch, dst) => bls.verifyBatch(batch, dst),
    aggregateVerifyAsync: async (keys, messages, sum, dst) => bls.aggregateVerify(keys, messages, sum, dst),
    verifyG1Async: async (signed, dst) => bls.verifyG1(signed, dst),
  };
  return rememberingBls(now);
}
