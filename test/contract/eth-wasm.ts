/**
 * bls-eth-wasm as an independent oracle: herumi's library in WebAssembly, told Filecoin's domain tag. Its own keys are
 * big-endian, and it wants byte strings of its own.
 */

import bls from 'bls-eth-wasm';

export interface Oracle {
  publicKey(littleEndianKey: Uint8Array): Uint8Array;
  sign(littleEndianKey: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  aggregate(signatures: readonly Uint8Array[]): Uint8Array;
}

/** The declarations of 1.7.0 lack this one; its source has it. */
interface WithDst {
  setDstG2(dst: string): void;
}

/** The library is one global state: everybody in a process must ask for the same tag. */
export async function oracle(dst: string): Promise<Oracle> {
  await bls.init(bls.BLS12_381);
  (bls as unknown as WithDst).setDstG2(dst);
  const secret = (key: Uint8Array) => {
    const made = new bls.SecretKey();
    made.setLittleEndian(key);
    return made;
  };
  const point = (bytes: Uint8Array) => {
    const made = new bls.Signature();
    made.deserialize(bytes);
    return made;
  };
  return {
    publicKey: (key) => secret(key).getPublicKey().serialize(),
    sign: (key, message) => secret(key).sign(message).serialize(),
    verify(publicKey, message, signature) {
      const key = new bls.PublicKey();
      key.deserialize(publicKey);
      return key.verify(point(signature), message);
    },
    aggregate(signatures) {
      const sum = new bls.Signature();
      sum.aggregate(signatures.map(point));
      return sum.serialize();
    },
  };
}
