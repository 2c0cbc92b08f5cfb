/**
 * Messages, signed messages and their CIDs (docs/protocol.md 2.6): a BLS message goes by the CID of the unsigned form,
 * the others by the signed one.
 */

import { type Address, address } from './address.ts';
import { bigInt } from './encoding/big-int.ts';
import { type CID, cidOf } from './encoding/cid.ts';
import { byteString, type Codec, encode, i64, tuple, u64 } from './encoding/codec.ts';
import { SIGNATURE_BLS, type Signature, signature } from './signature.ts';

/** Amounts in attoFIL; gas limit in gas units. */
export interface Message {
  readonly version: bigint;
  readonly to: Address;
  readonly from: Address;
  readonly nonce: bigint;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly gasFeeCap: bigint;
  readonly gasPremium: bigint;
  readonly method: bigint;
  readonly params: Uint8Array;
}

export interface SignedMessage {
  readonly message: Message;
  readonly signature: Signature;
}

export const message: Codec<Message> = tuple('Message', {
  version: ['Version', u64],
  to: ['To', address],
  from: ['From', address],
  nonce: ['Nonce', u64],
  value: ['Value', bigInt],
  gasLimit: ['GasLimit', i64],
  gasFeeCap: ['GasFeeCap', bigInt],
  gasPremium: ['GasPremium', bigInt],
  method: ['Method', u64],
  params: ['Params', byteString()],
});

export const signedMessage: Codec<SignedMessage> = tuple('SignedMessage', {
  message: ['Message', message],
  signature: ['Signature', signature],
});

/** CID of the unsigned form: what a sender signs, and the CID of a BLS message. */
export function messageCid(value: Message): CID {
  return cidOf(encode(message, value));
}

/** The CID a signed message goes by, in blocks and to its users. */
export function signedMessageCid(value: SignedMessage): CID {
  return value.signature.type === SIGNATURE_BLS ? messageCid(value.message) : cidOf(encode(signedMessage, value));
}

/** Length in bytes that gas is charged for: of the unsigned form for BLS, of the signed one otherwise (2.16). */
export function chainLength(value: Message | SignedMessage): number {
  if (!('signature' in value)) return encode(message, value).length;
  return value.signature.type === SIGNATURE_BLS ? encode(message, value.message).length : encode(signedMessage, value).length;
}
