/**
 * A private key in each form that Lotus writes it down: `wallet export`, json-lotus and keystore files, gfc-json
 * (chain/types/keystore.go, cmd/lotus/wallet.go).
 */

import { isBytes, isText } from '../chain/argument.ts';
import { fromBase64, fromHex, fromUtf8, toBase64, toHex } from '../chain/encoding/bytes.ts';
import { MineOneError } from '../errors/mineone-error.ts';

const KEY_LENGTH = 32;

/** Text of `lotus wallet export` for a BLS key of 32 bytes, little-endian. Throws `KEY_FORMAT`. */
export function walletExport(privateKey: Uint8Array): string {
  if (!isBytes(privateKey) || privateKey.length !== KEY_LENGTH)
    throw new MineOneError('KEY_FORMAT', `walletExport: privateKey: expected ${KEY_LENGTH} bytes, got something else`);
  return toHex(fromUtf8(JSON.stringify({ Type: 'bls', PrivateKey: toBase64(privateKey) })));
}

/**
 * A worker's key as `wallet export` prints it: 32 bytes, little-endian. Throws `KEY_FORMAT` for what is no export,
 * `KEY_TYPE` for a key that cannot draw tickets.
 */
export function walletImport(text: string): Uint8Array {
  if (!isText(text)) throw unreadable();
  const [key, ...others] = keysOfJson(readExport(text.trim())) ?? [];
  if (key === undefined || others.length > 0) throw unreadable();
  return key;
}

/**
 * The keys of a JSON value, 32 bytes each: `{"Type":"bls","PrivateKey":"<base64>"}` (json-lotus, a keystore's file;
 * until 2020 with the type's number, 2), or `{"KeyInfo":[{"SigType":2,"PrivateKey":"<base64>"}]}` (gfc-json). `null`
 * for another value; throws `KEY_TYPE`, `KEY_FORMAT`.
 */
export function keysOfJson(value: unknown): readonly Uint8Array[] | null {
  const {
    Type: type,
    PrivateKey: key,
    KeyInfo: list,
  } = (value ?? {}) as { readonly Type?: unknown; readonly PrivateKey?: unknown; readonly KeyInfo?: unknown };
  if (Array.isArray(list) && list.length > 0) return list.map((item) => keyOf(item?.SigType, item?.PrivateKey));
  return type === undefined || key === undefined ? null : [keyOf(type, key)];
}

const BLS_TYPES: readonly unknown[] = ['bls', 2];

function keyOf(type: unknown, key: unknown): Uint8Array {
  if (typeof key !== 'string') throw unreadable();
  if (!BLS_TYPES.includes(type)) throw new MineOneError('KEY_TYPE', `a worker signs with a BLS key; this one is of type ${String(type)}`);
  return privateKeyOf(key, 'base64');
}

/** Checks the length; whether it is a scalar is for the one who uses it to say. No message shows any of it. */
export function privateKeyOf(text: string, form: 'hex' | 'base64'): Uint8Array {
  const isForm = FORMS.includes(form);
  if (!isText(text) || !isForm)
    throw new MineOneError('KEY_FORMAT', `a private key: expected a text in ${FORMS.join(' or ')}, got ${isForm ? 'no text' : 'another form'}`);
  const bytes = readBytes(text, form);
  if (bytes.length !== KEY_LENGTH) throw new MineOneError('KEY_FORMAT', `a BLS private key has ${KEY_LENGTH} bytes, this one ${bytes.length}`);
  return bytes;
}

const FORMS: readonly string[] = ['hex', 'base64'];

function readBytes(text: string, form: 'hex' | 'base64'): Uint8Array {
  try {
    return form === 'hex' ? fromHex(text) : fromBase64(text);
  } catch {
    throw new MineOneError('KEY_FORMAT', `a private key is not valid ${form === 'hex' ? 'hexadecimal' : 'base64'}`);
  }
}

function readExport(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromHex(text)));
  } catch {
    // A parser's own words would show parts of the key.
    throw unreadable();
  }
}

function unreadable(): MineOneError {
  return new MineOneError(
    'KEY_FORMAT',
    'expected one key as `lotus wallet export` prints it, in hexadecimal, or as its JSON {"Type":"bls","PrivateKey":"<base64>"}',
  );
}
