/**
 * Addresses of BLS keys, which are 86 letters of 48 bytes and a checksum: records hold the bytes. Most are the few of
 * workers, so they are worked out once.
 */

import { formatAddress, PROTOCOL_BLS, parseAddress } from '../../chain/address.ts';
import { toHex } from '../../chain/encoding/bytes.ts';
import { type Reader, readBytes } from '../../chain/encoding/cbor.ts';
import { DecodeError } from '../../errors/mineone-error.ts';

const TEXT_LENGTH = 86;
const KEY_LENGTH = 48;
const KEPT_MAX = 1024;

const keys = new Map<string, Uint8Array | null>();
const texts = new Map<string, string>();

/** `undefined` for a text that is not the one text of a BLS key. */
export function keyOfAddressText(text: string): Uint8Array | undefined {
  if (text.length !== TEXT_LENGTH || !text.startsWith('f3')) return undefined;
  const known = keys.get(text);
  if (known !== undefined) return known ?? undefined;
  const key = parse(text);
  keep(keys, text, key);
  return key ?? undefined;
}

/** The text of the key that follows a tag of one byte. Throws `DecodeError`. */
export function readAddressText(r: Reader): string {
  r.offset++;
  const key = readBytes(r, KEY_LENGTH);
  if (key.length !== KEY_LENGTH) throw new DecodeError('VALUE_ADDRESS', `a BLS key has ${KEY_LENGTH} bytes, got ${key.length}`);
  return addressTextOf(key);
}

function addressTextOf(key: Uint8Array): string {
  const name = toHex(key);
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = formatAddress({ protocol: PROTOCOL_BLS, payload: key.slice() });
  keep(texts, name, text);
  return text;
}

function parse(text: string): Uint8Array | null {
  try {
    const address = parseAddress(text);
    return formatAddress(address) === text ? address.payload : null;
  } catch {
    return null;
  }
}

function keep<T>(kept: Map<string, T>, name: string, value: T): void {
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(name, value);
}
