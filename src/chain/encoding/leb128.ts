/**
 * Unsigned LEB128 varints (multiformats/unsigned-varint): ids in addresses, lengths in CAR files, runs in bit fields.
 */

import { DecodeError } from '../../errors/mineone-error.ts';

/** 64 bits need at most 10 bytes of 7. */
const LENGTH_MAX = 10;

export function encodeVarint(value: bigint | number): Uint8Array {
  let rest = BigInt(value);
  const bytes: number[] = [];
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/**
 * The varint at `offset` (0 ... 2^64 - 1) and its length in bytes; throws `VARINT_TRUNCATED`, `VARINT_NOT_CANONICAL`,
 * `VARINT_RANGE`.
 */
export function decodeVarint(bytes: Uint8Array, offset = 0): { readonly value: bigint; readonly length: number } {
  let value = 0n;
  for (let i = 0; i < LENGTH_MAX; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) throw new DecodeError('VARINT_TRUNCATED', 'the bytes end inside a varint');
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) {
      if (byte === 0 && i > 0) throw new DecodeError('VARINT_NOT_CANONICAL', 'a varint in more bytes than it needs');
      if (value >= 1n << 64n) break;
      return { value, length: i + 1 };
    }
  }
  throw new DecodeError('VARINT_RANGE', 'a varint of more than 64 bits');
}
