/**
 * The pieces nouns are made of: integers, byte strings, lists, options, tuples, and where an error says it happened.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { byteString, decode, encode, i64, int, integerOf, list, nullable, objectOf, textOf, tuple, u64 } from '../../../src/chain/encoding/codec.ts';
import { DecodeError } from '../../../src/errors/mineone-error.ts';
import * as arb from '../../arbitraries.ts';
import { obeysCodecLaws } from '../../codec-laws.ts';

describe('unsigned integer of 64 bits', () => obeysCodecLaws(u64, arb.u64));
describe('signed integer of 64 bits', () => obeysCodecLaws(i64, arb.i64));
describe('safe integer', () => obeysCodecLaws(int, fc.maxSafeInteger()));
describe('byte string', () => obeysCodecLaws(byteString(), arb.bytes));
describe('list', () => obeysCodecLaws(list(u64), fc.array(arb.u64, { maxLength: 30 })));
describe('option', () => obeysCodecLaws(nullable(u64), fc.option(arb.u64)));

interface Pair {
  readonly left: bigint;
  readonly right: readonly bigint[];
}

const pair = tuple<Pair>('Pair', { left: ['Left', u64], right: ['Right', list(u64, 3)] });

describe('tuple', () => {
  obeysCodecLaws(pair, fc.record({ left: arb.u64, right: fc.array(arb.u64, { maxLength: 3 }) }));

  it('is an array in CBOR and an object in JSON', () => {
    expect(toHex(encode(pair, { left: 1n, right: [2n, 3n] }))).toBe('8201820203');
    expect(pair.toJson({ left: 1n, right: [2n, 3n] })).toEqual({ Left: 1, Right: [2, 3] });
    expect(pair.fromJson({ Left: 1, Right: null, CID: 'what Lotus adds' })).toEqual({ left: 1n, right: [] });
  });

  it('says where an error happened', () => {
    expect(() => decode(pair, fromHex('82018302f604'))).toThrow(new DecodeError('CBOR_TYPE', 'expected an unsigned integer, got null', 'Pair.right[1]'));
    expect(() => decode(pair, fromHex('82f680'))).toThrow(expect.objectContaining({ place: 'Pair.left' }));
    expect(() => decode(pair, fromHex('820184'))).toThrow(expect.objectContaining({ code: 'CBOR_TOO_LONG', place: 'Pair.right' }));
    expect(() => pair.fromJson({ Left: 1, Right: [2, 'x'] })).toThrow(expect.objectContaining({ code: 'JSON_TYPE', place: 'Pair.Right[1]' }));
    expect(() => pair.fromJson([])).toThrow(new DecodeError('JSON_TYPE', 'expected an object, got []', 'Pair'));
    expect(() => pair.fromJson({})).toThrow(new DecodeError('JSON_TYPE', 'expected an integer, got nothing', 'Pair.Left'));
  });

  it('lets errors that are no fault of the input through as they are', () => {
    const broken = tuple<{ readonly a: bigint }>('Broken', {
      a: [
        'A',
        {
          ...u64,
          read: () => {
            throw new RangeError('a fault of the program');
          },
        },
      ],
    });
    expect(() => decode(broken, fromHex('8100'))).toThrow(RangeError);
  });
});

describe('limits', () => {
  it('are the same for reading and for writing', () => {
    expect(() => encode(u64, -1n)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE' }));
    expect(() => encode(u64, 1n << 64n)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE' }));
    expect(() => encode(i64, 1n << 63n)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE' }));
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => encode(int, value)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE' }));
    }
    expect(() => encode(byteString(2), Uint8Array.of(1, 2, 3))).toThrow(expect.objectContaining({ code: 'CBOR_TOO_LONG' }));
    expect(() => encode(list(u64, 2), [1n, 2n, 3n])).toThrow(expect.objectContaining({ code: 'CBOR_TOO_LONG' }));
    expect(() => decode(byteString(2), fromHex('43010203'))).toThrow(expect.objectContaining({ code: 'CBOR_TOO_LONG' }));
  });
});

describe('JSON', () => {
  it('keeps integers beyond 2^53 as bigints, and takes them as texts', () => {
    expect(u64.toJson(2n ** 53n - 1n)).toBe(2 ** 53 - 1);
    expect(u64.toJson(2n ** 53n)).toBe(2n ** 53n);
    expect(integerOf('9007199254740993')).toBe(9007199254740993n);
  });

  it('says what it expected and what came, briefly', () => {
    expect(() => textOf(7)).toThrow(new DecodeError('JSON_TYPE', 'expected a text, got 7'));
    expect(() => textOf(10n ** 20n)).toThrow('expected a text, got "100000000000000000000"');
    expect(() => objectOf('x'.repeat(1000))).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,100}$/) }));
    expect(() => byteString().fromJson(undefined)).toThrow(expect.objectContaining({ code: 'JSON_TYPE' }));
    expect(byteString().fromJson(null)).toEqual(Uint8Array.of());
  });
});
