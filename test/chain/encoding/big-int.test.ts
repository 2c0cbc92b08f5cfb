/** Big integers: sign byte and minimal magnitude (go-state-types big). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bigInt, bitLength, decodeBigInt, encodeBigInt, floorDiv } from '../../../src/chain/encoding/big-int.ts';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { encode } from '../../../src/chain/encoding/codec.ts';
import { bigInteger } from '../../arbitraries.ts';
import { obeysCodecLaws } from '../../codec-laws.ts';

describe('big integer', () => {
  obeysCodecLaws(bigInt, bigInteger);

  it.each([
    [0n, '40'],
    [1n, '420001'],
    [-1n, '420101'],
    [255n, '4200ff'],
    [256n, '43000100'],
    [8309n, '43002075'],
    [1_000_000_000n, '45003b9aca00'],
    [11416382733294334924n, '49009e6f239bfde973cc'],
  ])('%s is %s (filecoin-project/serialization-vectors and lotus TestInteropBH among them)', (value, hex) => {
    expect(toHex(encode(bigInt, value))).toBe(hex);
  });

  it.each([
    ['00', 'BIG_INT_NOT_CANONICAL'],
    ['01', 'BIG_INT_NOT_CANONICAL'],
    ['0000', 'BIG_INT_NOT_CANONICAL'],
    ['000001', 'BIG_INT_NOT_CANONICAL'],
    ['0201', 'BIG_INT_SIGN'],
    ['ff', 'BIG_INT_SIGN'],
  ])('refuses the bytes %s: %s', (hex, code) => {
    expect(() => decodeBigInt(fromHex(hex))).toThrow(expect.objectContaining({ code }));
  });

  it('has at most 128 bytes, sign and all', () => {
    expect(encodeBigInt((1n << 1016n) - 1n)).toHaveLength(128);
    expect(() => encodeBigInt(1n << 1016n)).toThrow(expect.objectContaining({ code: 'BIG_INT_TOO_LONG' }));
  });

  it('is a decimal text in JSON; numbers are taken while they are exact', () => {
    expect(bigInt.toJson(-(10n ** 30n))).toBe('-1000000000000000000000000000000');
    expect(bigInt.fromJson(7)).toBe(7n);
    for (const json of ['', '01', '-0', '1e3', '0x1', ' 1', '1.0', 2 ** 53, 0.5, null, undefined, [], true]) {
      expect(() => bigInt.fromJson(json)).toThrow(expect.objectContaining({ code: 'JSON_TYPE' }));
    }
  });

  it('divides rounding down, whatever the signs', () => {
    expect([floorDiv(7n, 2n), floorDiv(-7n, 2n), floorDiv(7n, -2n), floorDiv(-7n, -2n), floorDiv(-8n, 2n)]).toEqual([3n, -4n, -4n, 3n, -4n]);
    fc.assert(
      fc.property(bigInteger, bigInteger, (dividend, divisor) => {
        fc.pre(divisor !== 0n);
        const rest = dividend - floorDiv(dividend, divisor) * divisor;
        expect(divisor > 0n ? rest >= 0n && rest < divisor : rest <= 0n && rest > divisor).toBe(true);
      }),
    );
  });

  it('counts binary digits', () => {
    expect([0n, 1n, 2n, 255n, 256n].map(bitLength)).toEqual([0, 1, 2, 8, 9]);
    fc.assert(
      fc.property(fc.nat(2000), (n) => {
        expect(bitLength(1n << BigInt(n))).toBe(n + 1);
      }),
    );
  });
});
