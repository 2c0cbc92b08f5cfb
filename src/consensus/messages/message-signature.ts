/** Who signed a message (docs/protocol.md 2.6, 2.16 and 4.7; lotus chain/consensus/signatures.go, lib/sigs). */

import {
  type Address,
  type AddressProtocol,
  equalAddress,
  formatAddress,
  PROTOCOL_BLS,
  PROTOCOL_DELEGATED,
  PROTOCOL_SECP256K1,
  secp256k1Address,
} from '../../chain/address.ts';
import { blake2b256, keccak256 } from '../../chain/encoding/hash.ts';
import { messageCid, type SignedMessage } from '../../chain/message.ts';
import { SIGNATURE_BLS, SIGNATURE_DELEGATED, SIGNATURE_SECP256K1, type SignatureType } from '../../chain/signature.ts';
import type { Bls } from '../signatures/bls.ts';
import { type EthereumRule, ethereumTransaction, signingPayload } from './ethereum.ts';
import { ethereumAccount } from './ethereum-address.ts';
import { DELEGATED_FROM_VERSION } from './message-validity.ts';
import { isRefusal, type MessageRefusal, refusal } from './refusal.ts';

export type SignatureRule = 'signatureType' | 'ethereumForm' | 'signerProtocol' | 'signature' | EthereumRule;

/**
 * 65-byte uncompressed public key behind a 65-byte signature (r, s, recovery id) of a 32-byte digest, null for none.
 */
export type RecoverSecp256k1 = (digest: Uint8Array, signature: Uint8Array) => Uint8Array | null;

/** The curves, as values. */
export interface SignatureTools {
  readonly bls: Pick<Bls, 'verify'>;
  readonly recoverSecp256k1: RecoverSecp256k1;
}

/** First network versions with these rules. */
const TYPES_CHECKED_FROM_VERSION = 14;
const LEGACY_FORMS_FROM_VERSION = 23;

const SIGNER_PROTOCOL: { readonly [type in SignatureType]: AddressProtocol } = {
  [SIGNATURE_SECP256K1]: PROTOCOL_SECP256K1,
  [SIGNATURE_BLS]: PROTOCOL_BLS,
  [SIGNATURE_DELEGATED]: PROTOCOL_DELEGATED,
};

/**
 * What a block of this network version refuses among its signed messages before looking at curves: types, and forms of
 * Ethereum transactions.
 */
export function signedFormRefusal(signed: SignedMessage, networkVersion: number, chainId: bigint): MessageRefusal<SignatureRule> | null {
  const { type } = signed.signature;
  const types = allowedTypes(networkVersion);
  if (!types.includes(type)) return refusal('signatureType', `type ${types.join(' or ')} in network version ${networkVersion}`, type);
  if (type !== SIGNATURE_DELEGATED) return null;
  const transaction = ethereumTransaction(signed, chainId);
  if (isRefusal(transaction)) return transaction;
  if (transaction.form === 'eip1559' || networkVersion >= LEGACY_FORMS_FROM_VERSION) return null;
  return refusal('ethereumForm', `eip1559 alone before network version ${LEGACY_FORMS_FROM_VERSION}`, transaction.form);
}

/** Data of a BLS signature. */
const BLS_LENGTH = 96;
/** Data of a secp256k1 signature: r, s, and the recovery id, 0 to 3. */
const SECP256K1_LENGTH = 65;
const RECOVERY_MAX = 3;
/** In the first byte of a compressed point: it is the one at infinity, which nobody's signature is. */
const AT_INFINITY = 0x40;

/**
 * All that is to be seen of a message's signature without a curve and without a state: its kind, its length, and that
 * it is of its sender's kind of key.
 */
export function signatureFormRefusal(signed: SignedMessage, networkVersion: number, chainId: bigint): MessageRefusal<SignatureRule> | null {
  const { message, signature } = signed;
  const { type, data } = signature;
  const protocol = SIGNER_PROTOCOL[type];
  if (message.from.protocol !== protocol)
    return refusal('signerProtocol', `a sender of protocol ${protocol} for a signature of type ${type}`, formatAddress(message.from));
  if (type === SIGNATURE_BLS) {
    const isForm = data.length === BLS_LENGTH && ((data[0] as number) & AT_INFINITY) === 0;
    return isForm ? null : refusal('signature', `a point of ${BLS_LENGTH} bytes, not at infinity`, `${data.length} bytes`);
  }
  const form = signedFormRefusal(signed, networkVersion, chainId);
  if (form !== null || type === SIGNATURE_DELEGATED) return form;
  const isForm = data.length === SECP256K1_LENGTH && (data[SECP256K1_LENGTH - 1] as number) <= RECOVERY_MAX;
  return isForm ? null : refusal('signature', `${SECP256K1_LENGTH} bytes, the last of them 0 to ${RECOVERY_MAX}`, `${data.length} bytes`);
}

/**
 * Whether `signer` signed the message; null if so. `signer` is the key address that From resolves to: From itself
 * unless it is an id or actor address. `chainId` is the network's EIP-155 number, asked for by delegated signatures
 * alone.
 */
export function signatureRefusal(signed: SignedMessage, signer: Address, chainId: bigint, tools: SignatureTools): MessageRefusal<SignatureRule> | null {
  const { type, data } = signed.signature;
  const protocol = SIGNER_PROTOCOL[type];
  if (signer.protocol !== protocol) return refusal('signerProtocol', `a signer of protocol ${protocol} for a signature of type ${type}`, formatAddress(signer));
  if (type === SIGNATURE_DELEGATED) return delegatedRefusal(signed, signer, chainId, tools);
  const signedBytes = messageCid(signed.message).bytes;
  if (type === SIGNATURE_BLS) {
    const good = tools.bls.verify({ publicKey: signer.payload, message: signedBytes, signature: data });
    return good ? null : refusal('signature', `a BLS signature by ${formatAddress(signer)}`, `${data.length} bytes that are none`);
  }
  const key = tools.recoverSecp256k1(blake2b256(signedBytes), data);
  return recoveredRefusal(key === null ? null : secp256k1Address(key), signer);
}

function delegatedRefusal(signed: SignedMessage, signer: Address, chainId: bigint, tools: SignatureTools): MessageRefusal<SignatureRule> | null {
  const transaction = ethereumTransaction(signed, chainId);
  if (isRefusal(transaction)) return transaction;
  const key = tools.recoverSecp256k1(keccak256(signingPayload(transaction)), transaction.signature);
  return recoveredRefusal(key === null ? null : ethereumAccount(key), signer);
}

function recoveredRefusal(recovered: Address | null, signer: Address): MessageRefusal<SignatureRule> | null {
  if (recovered !== null && equalAddress(recovered, signer)) return null;
  return refusal('signature', `a signature by ${formatAddress(signer)}`, recovered === null ? 'a signature of no key' : `one by ${formatAddress(recovered)}`);
}

/** Before version 14 the type was not looked at: a BLS signature passed where it verified. */
function allowedTypes(networkVersion: number): readonly SignatureType[] {
  if (networkVersion < TYPES_CHECKED_FROM_VERSION) return [SIGNATURE_SECP256K1, SIGNATURE_BLS];
  return networkVersion < DELEGATED_FROM_VERSION ? [SIGNATURE_SECP256K1] : [SIGNATURE_SECP256K1, SIGNATURE_DELEGATED];
}
