/** Signatures on the chain: a type byte and the scheme's own bytes (docs/protocol.md 2.6). */

import { DecodeError } from '../errors/mineone-error.ts';
import { concatBytes } from './encoding/bytes.ts';
import { readBytes, writeBytes } from './encoding/cbor.ts';
import { byteString, type Codec, integerOf, limited, objectOf } from './encoding/codec.ts';

export type SignatureType = 1 | 2 | 3;

export const SIGNATURE_SECP256K1 = 1;
export const SIGNATURE_BLS = 2;
export const SIGNATURE_DELEGATED = 3;

/** go-state-types' limit of type byte and data together. */
const SIGNATURE_LENGTH_MAX = 200;

/** Data: 65 bytes r, s, v (secp256k1), 96 (BLS), 65 or more (delegated: an Ethereum transaction's). */
export interface Signature {
  readonly type: SignatureType;
  readonly data: Uint8Array;
}

const data = byteString();

export const signature: Codec<Signature> = {
  write: (w, value) => writeBytes(w, limited(concatBytes(Uint8Array.of(value.type), value.data), SIGNATURE_LENGTH_MAX)),
  read(r) {
    const bytes = readBytes(r, SIGNATURE_LENGTH_MAX);
    return { type: signatureType(bytes[0]), data: bytes.subarray(1) };
  },
  toJson: (value) => ({ Type: value.type, Data: data.toJson(value.data) }),
  fromJson(json) {
    const object = objectOf(json);
    return { type: signatureType(Number(integerOf(object['Type']))), data: data.fromJson(object['Data']) };
  },
};

function signatureType(type: number | undefined): SignatureType {
  if (type !== SIGNATURE_SECP256K1 && type !== SIGNATURE_BLS && type !== SIGNATURE_DELEGATED) {
    throw new DecodeError('SIGNATURE_TYPE', `a signature is of type 1 (secp256k1), 2 (BLS) or 3 (delegated), got ${type ?? 'no bytes'}`);
  }
  return type;
}
