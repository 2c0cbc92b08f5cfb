/**
 * JSON for scripts: big integers as decimal text, bytes as hex, CIDs as their text, also those that records hold as
 * bytes (docs/json.md).
 */

import { CID } from 'multiformats/cid';
import { toHex } from '../../chain/encoding/bytes.ts';
import { decodeCid } from '../../chain/encoding/cid.ts';

/** One line of JSON, without its newline. Maps and sets, which JSON would silently empty, are refused. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, plain);
}

/** Reads the value as its holder has it: `plain` sees a CID only after its own `toJSON`. */
function plain(this: unknown, key: string, seen: unknown): unknown {
  const value = typeof this === 'object' && this !== null ? Reflect.get(this, key) : seen;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return bytesText(key, value);
  if (value instanceof Map || value instanceof Set) throw new TypeError(`toJson: ${key}: a Map or a Set has no JSON form, give it one first`);
  return CID.asCID(value)?.toString() ?? seen;
}

/** Of a block, as records hold it; several lie one after another. */
const BLOCK_CID_LENGTH = 38;

function bytesText(key: string, bytes: Uint8Array): string | readonly string[] {
  if (key === 'parents') return cidTexts(bytes) ?? toHex(bytes);
  if (/^(cid|.*Cid)$/.test(key)) return cidText(bytes) ?? toHex(bytes);
  return toHex(bytes);
}

/** `null` for bytes that are none. */
function cidText(bytes: Uint8Array): string | null {
  try {
    return String(decodeCid(bytes));
  } catch {
    return null;
  }
}

function cidTexts(bytes: Uint8Array): readonly string[] | null {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_CID_LENGTH) {
    const text = cidText(bytes.slice(at, at + BLOCK_CID_LENGTH));
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}
