/**
 * Big integers (token amounts, power, weight): a CBOR byte string of a sign byte and the minimal magnitude, empty for
 * zero (docs/protocol.md 2.6).
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { concatBytes, EMPTY, fromUintBE, toUintBE } from './bytes.ts';
import { readBytes, writeBytes } from './cbor.ts';
import { type Codec, integerOf } from './codec.ts';

/** go-state-types' limit of the whole byte string. */
export const BIG_INT_LENGTH_MAX = 128;

export function encodeBigInt(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY;
  const bytes = concatBytes(Uint8Array.of(value < 0n ? 1 : 0), fromUintBE(value < 0n ? -value : value));
  if (bytes.length > BIG_INT_LENGTH_MAX)
    throw new DecodeError('BIG_INT_TOO_LONG', `a big integer of ${bytes.length} bytes where ${BIG_INT_LENGTH_MAX} are allowed`);
  return bytes;
}

export function decodeBigInt(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const [sign, first] = bytes;
  if (sign !== 0 && sign !== 1) throw new DecodeError('BIG_INT_SIGN', `a big integer begins with 00 or 01, got ${sign}`);
  if (first === undefined || first === 0) throw new DecodeError('BIG_INT_NOT_CANONICAL', 'the magnitude of a big integer is empty or has a leading zero');
  const magnitude = toUintBE(bytes.subarray(1));
  return sign === 1 ? -magnitude : magnitude;
}

/** JSON: a decimal text. */
export const bigInt: Codec<bigint> = {
  write: (w, value) => writeBytes(w, encodeBigInt(value)),
  read: (r) => decodeBigInt(readBytes(r, BIG_INT_LENGTH_MAX)),
  toJson: (value) => value.toString(),
  fromJson: integerOf,
};

/** Quotient rounded down, as Go's big.Int.Div for a positive divisor; BigInt's `/` rounds towards zero. */
export function floorDiv(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor !== 0n && dividend < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

/** Number of binary digits of a value >= 0; 0 for 0. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}
