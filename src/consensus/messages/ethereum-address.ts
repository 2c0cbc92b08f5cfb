/**
 * Ethereum's 20-byte addresses and Filecoin's: f410 addresses hold them, actor ids go in them behind a mask
 * (docs/protocol.md 4.7; lotus chain/types/ethtypes/eth_types.go).
 */

import { type Address, delegatedAddress, delegatedParts, idAddress, idOf, NAMESPACE_ETHEREUM, PROTOCOL_DELEGATED, PROTOCOL_ID } from '../../chain/address.ts';
import { concatBytes, equalBytes, int64BE, toUintBE } from '../../chain/encoding/bytes.ts';
import { keccak256 } from '../../chain/encoding/hash.ts';

export const ETHEREUM_ADDRESS_LENGTH = 20;

/** `ff` and eleven zeros: what follows is an actor id in 8 bytes. */
const ID_MASK = Uint8Array.from({ length: 12 }, (_, i) => (i === 0 ? 0xff : 0));

/** 20 bytes for an id address or an f410 address whose bytes do not look like a masked id; null for all others. */
export function toEthereumAddress(address: Address): Uint8Array | null {
  if (address.protocol === PROTOCOL_ID) return concatBytes(ID_MASK, int64BE(idOf(address)));
  if (address.protocol !== PROTOCOL_DELEGATED) return null;
  const { namespace, subAddress } = delegatedParts(address);
  if (namespace !== NAMESPACE_ETHEREUM || subAddress.length !== ETHEREUM_ADDRESS_LENGTH || isMaskedId(subAddress)) return null;
  return subAddress;
}

/** The id address behind a mask, f410 otherwise; throws `ADDRESS_INVALID` for a masked id of 2^63 or more. */
export function fromEthereumAddress(bytes: Uint8Array): Address {
  return isMaskedId(bytes) ? idAddress(toUintBE(bytes.subarray(ID_MASK.length))) : delegatedAddress(NAMESPACE_ETHEREUM, bytes);
}

/**
 * f410 address of an uncompressed secp256k1 public key (65 bytes): the last 20 bytes of its Keccak-256 without the
 * leading `04`.
 */
export function ethereumAccount(publicKey: Uint8Array): Address {
  return delegatedAddress(NAMESPACE_ETHEREUM, keccak256(publicKey.subarray(1)).subarray(-ETHEREUM_ADDRESS_LENGTH));
}

function isMaskedId(bytes: Uint8Array): boolean {
  return equalBytes(bytes.subarray(0, ID_MASK.length), ID_MASK);
}
