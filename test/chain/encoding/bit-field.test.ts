/**
 * RLE+ bit fields: encodings worked out by hand from the specification, plain sets as oracle, and refusals. Those of
 * real chains: state/miner.test.ts.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type BitField,
  bitField,
  bitFieldCount,
  bitFieldMembers,
  bitFieldNth,
  bitFieldOf,
  bitFieldSubtract,
  bitFieldUnion,
  decodeBitField,
  encodeBitField,
} from '../../../src/chain/encoding/bit-field.ts';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { decode, encode } from '../../../src/chain/encoding/codec.ts';
import { DecodeError } from '../../../src/errors/mineone-error.ts';

/** Bits in their order, as the specification writes them. */
function fromBits(bits: string): Uint8Array {
  const digits = bits.replaceAll(' ', '');
  const bytes = new Uint8Array(Math.ceil(digits.length / 8));
  for (const [i, digit] of [...digits].entries()) if (digit === '1') bytes[i >> 3] = (bytes[i >> 3] as number) | (1 << (i & 7));
  return bytes;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return 'accepted';
}

const runs = (...given: readonly (readonly [bigint, bigint])[]): BitField => given.map(([start, length]) => ({ start, length }));

/** Gaps and lengths, some of them huge, as runs. */
const fields = fc.array(fc.tuple(length(), length()), { maxLength: 12 }).chain((pairs) => fc.boolean().map((fromZero) => fieldOf(pairs, fromZero)));

function length() {
  return fc.oneof(fc.constant(1n), fc.bigInt(1n, 20n), fc.bigInt(1n, 1n << 40n), fc.bigInt(1n, 1n << 58n));
}

function fieldOf(pairs: readonly (readonly [bigint, bigint])[], fromZero: boolean): BitField {
  let end = 0n;
  return pairs.map(([gap, length], i) => {
    const start = end + (i === 0 && fromZero ? 0n : gap);
    end = start + length;
    return { start, length };
  });
}

const smallSets = fc.uniqueArray(fc.nat(120), { maxLength: 100 });
const members = (field: BitField) => [...bitFieldMembers(field)].map(Number);
const ascending = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

describe('encodings worked out by hand', () => {
  test.each([
    ['nothing', runs(), ''],
    ['0', runs([0n, 1n]), '00 1 1'],
    ['1', runs([1n, 1n]), '00 0 1 1'],
    ['0 to 7', runs([0n, 8n]), '00 1 01 0001'],
    ['0 to 14', runs([0n, 15n]), '00 1 01 1111'],
    ['0 to 15', runs([0n, 16n]), '00 1 00 00001000'],
    ['0 to 127 (without the zero byte that would follow)', runs([0n, 128n]), '00 1 00 00000001 100'],
    ['2, 3 and 5', runs([2n, 2n], [5n, 1n]), '00 0 01 0100 01 0100 1 1'],
    ['100', runs([100n, 1n]), '00 0 00 00100110 1'],
    ['2^62 to 2^63 - 1', runs([1n << 62n, 1n << 62n]), `00 0 00 ${'00000001'.repeat(8)}00000010 00 ${'00000001'.repeat(8)}00000010`],
  ])('%s', (_, field, bits) => {
    expect(toHex(encodeBitField(field))).toBe(toHex(fromBits(bits)));
    expect(decodeBitField(fromBits(bits))).toEqual(field);
  });
});

describe('against plain sets', () => {
  test('members, count, nth', () => {
    fc.assert(
      fc.property(smallSets, (given) => {
        const field = bitFieldOf(given);
        const sorted = ascending(given);
        expect(members(field)).toEqual(sorted);
        expect(members(decodeBitField(encodeBitField(field)))).toEqual(sorted);
        expect(bitFieldCount(field)).toBe(BigInt(given.length));
        sorted.forEach((member, i) => {
          expect(bitFieldNth(field, i)).toBe(BigInt(member));
        });
        expect(bitFieldNth(field, given.length)).toBeNull();
        expect(bitFieldNth(field, -1)).toBeNull();
      }),
    );
  });

  test('union and subtraction', () => {
    fc.assert(
      fc.property(smallSets, smallSets, smallSets, (a, b, c) => {
        const [x, y, z] = [bitFieldOf(a), bitFieldOf(b), bitFieldOf(c)];
        expect(members(bitFieldUnion([x, y, z]))).toEqual(ascending(new Set([...a, ...b, ...c])));
        expect(members(bitFieldSubtract(x, y))).toEqual(ascending(a.filter((member) => !b.includes(member))));
        expect(bitFieldSubtract(x, y)).toEqual(bitFieldOf(a.filter((member) => !b.includes(member))));
        expect(bitFieldUnion([x, y])).toEqual(bitFieldOf([...a, ...b]));
      }),
    );
  });

  test('huge runs are counted, not spelled out', () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const both = bitFieldUnion([a, b]);
        expect(bitFieldUnion([bitFieldSubtract(both, b), b])).toEqual(both);
        expect(bitFieldCount(bitFieldSubtract(a, b))).toBe(bitFieldCount(both) - bitFieldCount(b));
        const count = bitFieldCount(a);
        expect(bitFieldNth(a, count)).toBeNull();
        if (count > 0n) expect(bitFieldNth(a, count - 1n)).toBe((a.at(-1)?.start ?? 0n) + (a.at(-1)?.length ?? 0n) - 1n);
      }),
    );
    const [first] = bitFieldMembers(runs([5n, 1n << 60n]));
    expect(first).toBe(5n);
  });
});

describe('codec', () => {
  test('every set comes back, in CBOR and in JSON', () => {
    fc.assert(
      fc.property(fields, (field) => {
        expect(decode(bitField, encode(bitField, field))).toEqual(field);
        expect(bitField.fromJson(bitField.toJson(field))).toEqual(field);
      }),
    );
  });

  test('whatever bytes are read are the bytes that encoding gives back', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (tail) => {
        const bytes = Uint8Array.from(tail, (byte, i) => (i === 0 ? byte & 0xfc : byte));
        let field: BitField;
        try {
          field = decodeBitField(bytes);
        } catch (error) {
          if (error instanceof DecodeError) return;
          throw error;
        }
        accepted++;
        expect(encodeBitField(field)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(40);
  });

  test('JSON is the lengths of runs', () => {
    expect(bitField.toJson(runs())).toEqual([0]);
    // The example of go-bitfield's own comment.
    expect(bitField.toJson(bitFieldOf([0, 1, 2, 8, 9]))).toEqual([0, 3, 5, 2]);
    expect(bitField.toJson(runs([2n, 3n], [9n, 1n]))).toEqual([2, 3, 4, 1]);
    expect(bitField.fromJson([2, 3, '4', 1n])).toEqual(runs([2n, 3n], [9n, 1n]));
    for (const json of [null, 'x', {}, [1.5]]) expect(codeOf(() => bitField.fromJson(json))).toBe('JSON_TYPE');
    for (const json of [
      [0, 0],
      [1, 0, 1],
      [-1, 2],
      [1, 1n << 63n],
    ])
      expect(codeOf(() => bitField.fromJson(json))).toBe('BIT_FIELD_RANGE');
  });
});

describe('refused', () => {
  test.each([
    ['version 1', fromBits('10 1 1'), 'BIT_FIELD_VERSION'],
    ['version 2', fromBits('01 1 1'), 'BIT_FIELD_VERSION'],
    ['a zero byte for the empty set', fromHex('00'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a zero byte at the end', fromHex('0c00'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a first value without a run', fromBits('00 1'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a last run of non-members', fromBits('00 1 1 1'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a length of 1 in the short block', fromBits('00 1 01 1000'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a length of 0 in the short block', fromBits('00 1 01 0000 1'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a length of 0 in the long block', fromBits('00 1 00 00000000 1 1'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a length of 15 in the long block', fromBits('00 1 00 11110000'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a varint in more bytes than it needs', fromBits('00 1 00 00001001 00000000 1 1'), 'BIT_FIELD_NOT_CANONICAL'],
    ['a varint that never ends', fromBits(`00 1 00 ${'11111111'.repeat(12)}`), 'BIT_FIELD_RANGE'],
    ['a run of 2^63 + 1', fromBits(`00 1 00 10000001${'00000001'.repeat(8)}10000000`), 'BIT_FIELD_RANGE'],
    ['runs beyond 2^63', fromBits(`00 0 00 ${'00000001'.repeat(8)}00000010 00 10000001${'00000001'.repeat(7)}00000010`), 'BIT_FIELD_RANGE'],
    ['more than 32 KiB', new Uint8Array(32 * 1024 + 1).fill(0xff), 'BIT_FIELD_TOO_LONG'],
  ])('%s', (_, bytes, code) => {
    expect(codeOf(() => decodeBitField(bytes))).toBe(code);
  });

  test('members that no encoding can hold', () => {
    expect(codeOf(() => encodeBitField(runs([-1n, 1n])))).toBe('BIT_FIELD_RANGE');
    expect(codeOf(() => encodeBitField(runs([1n << 63n, 1n])))).toBe('BIT_FIELD_RANGE');
  });

  test('32 KiB of runs are read in little time', () => {
    const bytes = new Uint8Array(32 * 1024).fill(0xff);
    bytes[0] = 0xfc;
    const field = decodeBitField(bytes);
    expect(field).toHaveLength((32 * 1024 * 8 - 3 + 1) / 2);
    expect(encodeBitField(field)).toEqual(bytes);
  });
});
