/** Unsigned varints (multiformats/unsigned-varint: its table, its refusals), within 64 bits. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { decodeVarint, encodeVarint } from '../../../src/chain/encoding/leb128.ts';
import { bytes, U64_MAX, u64 } from '../../arbitraries.ts';
import { decodeErrorOf } from '../../codec-laws.ts';

describe('varint', () => {
  it.each([
    [1n, '01'],
    [127n, '7f'],
    [128n, '8001'],
    [255n, 'ff01'],
    [300n, 'ac02'],
    [16384n, '808001'],
    [U64_MAX, 'ffffffffffffffffff01'],
  ])('%s is %s', (value, hex) => {
    expect(toHex(encodeVarint(value))).toBe(hex);
    expect(decodeVarint(fromHex(hex))).toEqual({ value, length: hex.length / 2 });
  });

  it('decodes what it encodes, wherever it stands', () => {
    fc.assert(
      fc.property(u64, bytes, bytes, (value, before, after) => {
        const encoded = encodeVarint(value);
        expect(decodeVarint(concatBytes(before, encoded, after), before.length)).toEqual({ value, length: encoded.length });
      }),
    );
  });

  it('encodes what it decodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (value) => {
        decodeErrorOf(() => {
          const { value: decoded, length } = decodeVarint(value);
          expect(toHex(encodeVarint(decoded))).toBe(toHex(value.subarray(0, length)));
        });
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', 'VARINT_TRUNCATED'],
    ['80', 'VARINT_TRUNCATED'],
    ['8000', 'VARINT_NOT_CANONICAL'],
    ['ff8000', 'VARINT_NOT_CANONICAL'],
    ['ffffffffffffffffff02', 'VARINT_RANGE'],
    ['ffffffffffffffffffff01', 'VARINT_RANGE'],
    ['80'.repeat(40), 'VARINT_RANGE'],
  ])('refuses %s: %s', (hex, code) => {
    expect(() => decodeVarint(fromHex(hex))).toThrow(expect.objectContaining({ code }));
  });
});
