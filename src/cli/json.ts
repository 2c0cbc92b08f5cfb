/** JSON for scripts: big integers as decimal strings, bytes as hex, CIDs as their text (docs/commands.md, «Command line»). */

import { CID } from 'multiformats/cid';
import { toHex } from '../chain/bytes.ts';

/** One line of JSON, without its newline. Maps and sets, which JSON would silently empty, are refused. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, plain);
}

/** Reads the value as its holder has it: `plain` sees a CID only after its own `toJSON`. */
function plain(this: unknown, key: string, seen: unknown): unknown {
  const value = typeof this === 'object' && this !== null ? Reflect.get(this, key) : seen;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Map || value instanceof Set) throw new TypeError(`toJson: ${key}: a Map or a Set has no JSON form, give it one first`);
  return CID.asCID(value)?.toString() ?? seen;
}
