/** A private key as Lotus writes it down: hex of the JSON `{"Type":"bls","PrivateKey":"<base64>"}` (docs/protocol.md 4.7). */

import { fromBase64, fromHex, fromUtf8, toBase64, toHex } from '../chain/bytes.ts';
import { MineOneError } from '../chain/error.ts';

const KEY_LENGTH = 32;

/** Text of `lotus wallet export` for a BLS key of 32 bytes, little-endian. */
export function walletExport(privateKey: Uint8Array): string {
  return toHex(fromUtf8(JSON.stringify({ Type: 'bls', PrivateKey: toBase64(privateKey) })));
}

/** A worker's key: 32 bytes, little-endian. Throws `KEY_FORMAT` for what is no export, `KEY_TYPE` for a key that cannot draw tickets. */
export function walletImport(text: string): Uint8Array {
  const { Type: type, PrivateKey: key } = readExport(text.trim());
  if (type !== 'bls') throw new MineOneError('KEY_TYPE', `a worker signs with a BLS key; this one is of type ${String(type)}`);
  if (typeof key !== 'string') throw unreadable();
  return privateKeyOf(key, 'base64');
}

/** Checks the length; whether it is a scalar is for the one who uses it to say. No message shows any of it. */
export function privateKeyOf(text: string, form: 'hex' | 'base64'): Uint8Array {
  const bytes = readBytes(text, form);
  if (bytes.length !== KEY_LENGTH) throw new MineOneError('KEY_FORMAT', `a BLS private key has ${KEY_LENGTH} bytes, this one ${bytes.length}`);
  return bytes;
}

function readBytes(text: string, form: 'hex' | 'base64'): Uint8Array {
  try {
    return form === 'hex' ? fromHex(text) : fromBase64(text);
  } catch {
    throw new MineOneError('KEY_FORMAT', `a private key is not valid ${form === 'hex' ? 'hexadecimal' : 'base64'}`);
  }
}

function readExport(text: string): { readonly Type?: unknown; readonly PrivateKey?: unknown } {
  try {
    const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromHex(text)));
    if (typeof read === 'object' && read !== null) return read;
  } catch {
    // Said below: a parser's own words would show parts of the key.
  }
  throw unreadable();
}

function unreadable(): MineOneError {
  return new MineOneError('KEY_FORMAT', 'expected the hexadecimal text that `lotus wallet export` prints');
}
