/** Addresses (protocols 0 to 4) as bytes and as text (docs/protocol.md 2.6 "Address forms" and 4.7). */

import { base32 } from 'multiformats/bases/base32';
import { DecodeError } from '../errors/mineone-error.ts';
import { concatBytes, equalBytes, toHex } from './encoding/bytes.ts';
import { readBytes, writeBytes } from './encoding/cbor.ts';
import { type Codec, textOf } from './encoding/codec.ts';
import { blake2b32, blake2b160 } from './encoding/hash.ts';
import { decodeVarint, encodeVarint } from './encoding/leb128.ts';

/** 0 actor id, 1 secp256k1 key, 2 actor, 3 BLS key, 4 delegated. */
export type AddressProtocol = 0 | 1 | 2 | 3 | 4;

export const PROTOCOL_ID = 0;
export const PROTOCOL_SECP256K1 = 1;
export const PROTOCOL_BLS = 3;
export const PROTOCOL_DELEGATED = 4;

/** Namespace of Ethereum addresses (the EAM, f010). */
export const NAMESPACE_ETHEREUM = 10n;

const HASH_LENGTH = 20;
const BLS_LENGTH = 48;
const SUB_ADDRESS_LENGTH_MAX = 54;
const CHECKSUM_LENGTH = 4;
const ADDRESS_LENGTH_MAX = 64;
/**
 * Characters of an address of a hash or key as text, by its protocol: prefix, protocol, and payload and checksum in
 * base32.
 */
const TEXT_LENGTH: Readonly<Record<string, number>> = { '1': 41, '2': 41, '3': 86 };
/** Ids and namespaces are varints of go-varint: 63 bits. */
const VARINT_MAX = (1n << 63n) - 1n;

/**
 * Payload: the id as LEB128 (0), blake2b-160 of the public key (1) or of the actor's birth (2), 48 bytes of key (3),
 * LEB128 namespace and sub-address (4).
 */
export interface Address {
  readonly protocol: AddressProtocol;
  readonly payload: Uint8Array;
}

export function idAddress(id: bigint | number): Address {
  const value = BigInt(id);
  if (value < 0n || value > VARINT_MAX) throw invalid(`an actor id is 0 to 2^63 - 1, got ${value}`);
  return { protocol: PROTOCOL_ID, payload: encodeVarint(value) };
}

/** Address of an uncompressed public key (65 bytes). */
export function secp256k1Address(publicKey: Uint8Array): Address {
  return { protocol: PROTOCOL_SECP256K1, payload: blake2b160(publicKey) };
}

/** Address of a BLS public key (48 bytes). */
export function blsAddress(publicKey: Uint8Array): Address {
  return checked(PROTOCOL_BLS, publicKey);
}

export function delegatedAddress(namespace: bigint, subAddress: Uint8Array): Address {
  return checked(PROTOCOL_DELEGATED, concatBytes(encodeVarint(namespace), subAddress));
}

/** The actor id of an id address; throws `ADDRESS_INVALID` for the others. */
export function idOf(address: Address): bigint {
  if (address.protocol !== PROTOCOL_ID) throw invalid(`expected an id address, got ${formatAddress(address)}`);
  return decodeVarint(address.payload).value;
}

/** Namespace and sub-address of a delegated address. */
export function delegatedParts(address: Address): { readonly namespace: bigint; readonly subAddress: Uint8Array } {
  if (address.protocol !== PROTOCOL_DELEGATED) throw invalid(`expected a delegated address, got ${formatAddress(address)}`);
  const { value, length } = decodeVarint(address.payload);
  return { namespace: value, subAddress: address.payload.subarray(length) };
}

/** The raw form: one byte of protocol, then the payload. */
export function addressBytes(address: Address): Uint8Array {
  return concatBytes(Uint8Array.of(address.protocol), address.payload);
}

/** Throws `ADDRESS_INVALID`, or a code of leb128.ts. */
export function addressFromBytes(bytes: Uint8Array): Address {
  const protocol = bytes[0];
  if (protocol === undefined || protocol > PROTOCOL_DELEGATED) throw invalid(`expected a protocol from 0 to 4, got ${protocol ?? 'no bytes'}`);
  return checked(protocol as AddressProtocol, bytes.subarray(1));
}

/** Text for people and JSON: `f01000`, `f3…`, `f410f…`; prefix `t` on networks that write so. */
export function formatAddress(address: Address, prefix: 'f' | 't' = 'f'): string {
  const { protocol, payload } = address;
  if (protocol === PROTOCOL_ID) return `${prefix}0${decodeVarint(payload).value}`;
  const checksum = blake2b32(addressBytes(address));
  if (protocol !== PROTOCOL_DELEGATED) return `${prefix}${protocol}${base32.baseEncode(concatBytes(payload, checksum))}`;
  const { namespace, subAddress } = delegatedParts(address);
  return `${prefix}4${namespace}f${base32.baseEncode(concatBytes(subAddress, checksum))}`;
}

/**
 * Address of its text, either prefix; only the spelling that {@link formatAddress} gives is taken. Throws
 * `ADDRESS_INVALID`.
 */
export function parseAddress(text: string): Address {
  const parts = /^([ft])(?:0(0|[1-9]\d{0,18})|([123])([a-z2-7]+)|4(0|[1-9]\d{0,19})f([a-z2-7]+))$/.exec(text);
  if (parts === null) throw invalid(`expected an address such as f01000, or f3 and 84 small letters and digits, got "${text.slice(0, 120)}"`);
  const [, prefix, id, protocol, body, namespace, sub] = parts;
  const expected = TEXT_LENGTH[protocol ?? ''] ?? text.length;
  if (text.length !== expected)
    throw invalid(`"${text.slice(0, 120)}" has ${text.length} characters, and an address that begins with ${prefix}${protocol} has ${expected}`);
  if (id !== undefined) return idAddress(BigInt(id));
  const encoded = base32Bytes((body ?? sub) as string, text);
  if (encoded.length < CHECKSUM_LENGTH) throw invalid(`"${text}" is too short`);
  const content = encoded.subarray(0, -CHECKSUM_LENGTH);
  const address = namespace === undefined ? checked(Number(protocol) as AddressProtocol, content) : delegatedAddress(BigInt(namespace), content);
  if (formatAddress(address, prefix as 'f' | 't') !== text) throw invalid(`the checksum of "${text}" is wrong: a character of it was changed`);
  return address;
}

export function equalAddress(a: Address, b: Address): boolean {
  return a.protocol === b.protocol && equalBytes(a.payload, b.payload);
}

/** A short key for maps: the raw bytes in hexadecimal. */
export function addressKey(address: Address): string {
  return toHex(addressBytes(address));
}

/** A CBOR byte string of the raw form; a text in JSON. */
export const address: Codec<Address> = {
  write: (w, value) => writeBytes(w, addressBytes(value)),
  read: (r) => addressFromBytes(readBytes(r, ADDRESS_LENGTH_MAX)),
  toJson: (value) => formatAddress(value),
  fromJson: (json) => parseAddress(textOf(json)),
};

function checked(protocol: AddressProtocol, payload: Uint8Array): Address {
  if (protocol === PROTOCOL_ID || protocol === PROTOCOL_DELEGATED) {
    const { value, length } = decodeVarint(payload);
    const rest = payload.length - length;
    if (value > VARINT_MAX) throw invalid(`an id or namespace is at most 2^63 - 1, got ${value}`);
    if (protocol === PROTOCOL_ID && rest !== 0) throw invalid(`an id address is one varint, ${rest} bytes follow it`);
    if (rest > SUB_ADDRESS_LENGTH_MAX) throw invalid(`a sub-address has at most ${SUB_ADDRESS_LENGTH_MAX} bytes, got ${rest}`);
    return { protocol, payload };
  }
  const expected = protocol === PROTOCOL_BLS ? BLS_LENGTH : HASH_LENGTH;
  if (payload.length !== expected) throw invalid(`protocol ${protocol} has ${expected} bytes of payload, got ${payload.length}`);
  return { protocol, payload };
}

function base32Bytes(encoded: string, text: string): Uint8Array {
  try {
    return base32.baseDecode(encoded);
  } catch {
    throw invalid(`"${text.slice(0, 120)}" is not base32`);
  }
}

function invalid(reason: string): DecodeError {
  return new DecodeError('ADDRESS_INVALID', reason);
}
