/** Byte strings: comparison, hexadecimal, base64, big- and little-endian integers. */

import { base64pad } from 'multiformats/bases/base64';
import { DecodeError } from '../../errors/mineone-error.ts';

export const EMPTY: Uint8Array = new Uint8Array(0);

const utf8 = new TextEncoder();

/** Negative, zero or positive: order of unsigned bytes, a prefix before what it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts);
}

const SHORT = 16;

/** Any number of parts, more than a call takes as arguments too. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    // A call costs more than a few bytes do.
    if (part.length > SHORT) joined.set(part, offset);
    else for (let i = 0; i < part.length; i++) joined[offset + i] = part[i] as number;
    offset += part.length;
  }
  return joined;
}

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Bytes that are turned into text at a time: a call takes only so many arguments. */
const HEX_CHUNK = 1024;

/** Lower case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  if (bytes.length <= HEX_CHUNK) return hexOf(bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += HEX_CHUNK) text += hexOf(bytes.subarray(at, at + HEX_CHUNK));
  return text;
}

/** In one piece, not digit by digit: most of these texts are keys of maps. */
function hexOf(bytes: Uint8Array): string {
  const codes = new Array<number>(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    codes[2 * i] = DIGITS[byte >> 4] as number;
    codes[2 * i + 1] = DIGITS[byte & 15] as number;
  }
  return String.fromCharCode.apply(null, codes);
}

/** Bytes of an even number of hexadecimal digits, either case; throws `HEX_INVALID`. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let wrong = text.length & 1;
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [digitOf(text.charCodeAt(2 * i)), digitOf(text.charCodeAt(2 * i + 1))];
    wrong |= (high | low) >> 4;
    bytes[i] = (high << 4) | low;
  }
  if (wrong !== 0) throw new DecodeError('HEX_INVALID', `expected an even number of hexadecimal digits, got ${quote(text)}`);
  return bytes;
}

/** Value of a hexadecimal digit by its code, 16 for what is none. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 && code < 0x80 ? lower - 0x57 : 16;
}

/** Base64 with padding (RFC 4648 section 4), the form of byte strings in Lotus' JSON. */
export function toBase64(bytes: Uint8Array): string {
  return base64pad.baseEncode(bytes);
}

/** Throws `BASE64_INVALID`; only the one text that {@link toBase64} gives is taken. */
export function fromBase64(text: string): Uint8Array {
  try {
    const bytes = base64pad.baseDecode(text);
    if (toBase64(bytes) === text) return bytes;
  } catch {
    // Reported below with the text itself.
  }
  throw new DecodeError('BASE64_INVALID', `expected padded base64, got ${quote(text)}`);
}

export function fromUtf8(text: string): Uint8Array {
  return utf8.encode(text);
}

/** Where integers are made and taken apart: a view of a short array of its own costs more than all the rest. */
const scratch = new Uint8Array(64);
const scratchView = new DataView(scratch.buffer);

/** Unsigned integer of all the bytes, most significant first; 0 for none. */
export function toUintBE(bytes: Uint8Array): bigint {
  const isShort = bytes.length <= scratch.length;
  if (isShort) scratch.set(bytes);
  const view = isShort ? scratchView : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) value = i === 0 ? view.getBigUint64(0) : (value << 64n) | view.getBigUint64(i);
  for (; i < bytes.length; i++) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}

/** Minimal big-endian bytes of a value >= 0; none for 0. */
export function fromUintBE(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY;
  if (value >= SHORT_END) return fromLongUint(value);
  let start = scratch.length;
  for (let rest = value; rest > 0n; rest >>= 64n) {
    start -= 8;
    scratchView.setBigUint64(start, BigInt.asUintN(64, rest));
  }
  while (scratch[start] === 0) start++;
  return scratch.slice(start);
}

/** What {@link scratch} has no room for. */
const SHORT_END = 1n << 512n;

function fromLongUint(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return fromHex(digits.length % 2 === 0 ? digits : `0${digits}`);
}

/** 8 bytes, most significant first, two's complement for negative values. */
export function int64BE(value: bigint | number): Uint8Array {
  scratchView.setBigInt64(0, BigInt(value));
  return scratch.slice(0, 8);
}

/** 8 bytes, least significant first. */
export function uint64LE(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

function quote(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}
