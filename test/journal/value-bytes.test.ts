/** The bytes of a value, held to an encoder that was written without a thought of speed. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareBytes, fromUtf8, joinBytes } from '../../src/chain/encoding/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../../src/journal/format/value.ts';
import { numberOfWord } from '../../src/journal/format/words.ts';

/** Canonical CBOR by the book: every piece its own array, keys encoded to be compared. */
function byTheBook(value: Value): Uint8Array {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'number') return integerOrDouble(value);
  if (typeof value === 'bigint') return joinBytes([head(6, value < 0n ? 3 : 2), string(2, magnitude(value < 0n ? -1n - value : value))]);
  if (typeof value === 'string') return text(value);
  if (value instanceof Uint8Array) return string(2, value);
  if (Array.isArray(value)) return joinBytes([head(4, value.length), ...value.map(byTheBook)]);
  const entries = Object.entries(value).map(([key, inner]) => ({ key, raw: fromUtf8(key), inner }));
  entries.sort((a, b) => a.raw.length - b.raw.length || compareBytes(a.raw, b.raw));
  return joinBytes([head(5, entries.length), ...entries.flatMap(({ key, inner }) => [text(key), byTheBook(inner)])]);
}

function integerOrDouble(value: number): Uint8Array {
  if (Number.isSafeInteger(value)) return value < 0 ? head(1, -1 - value) : head(0, value);
  const bytes = new Uint8Array(9);
  bytes[0] = 0xfb;
  new DataView(bytes.buffer).setFloat64(1, value);
  return bytes;
}

function head(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of(major * 32 + argument);
  const size = [1, 2, 4, 8].find((length) => argument < 256 ** length) ?? 8;
  const digits = argument.toString(16).padStart(2 * size, '0');
  return Uint8Array.of(major * 32 + 24 + Math.log2(size), ...Buffer.from(digits, 'hex'));
}

function magnitude(value: bigint): Uint8Array {
  const hex = value === 0n ? '' : value.toString(16);
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function string(major: number, bytes: Uint8Array): Uint8Array {
  return joinBytes([head(major, bytes.length), bytes]);
}

function text(value: string): Uint8Array {
  const word = numberOfWord(value);
  return word === undefined ? string(3, fromUtf8(value)) : joinBytes([head(6, 6), head(0, word)]);
}

const name = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string({ maxLength: 300 })).filter((key) => key !== '__proto__');
const number = fc
  .oneof(fc.maxSafeInteger(), fc.integer({ min: -70_000, max: 70_000 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .filter((n) => !Object.is(n, -0));
const leaf = fc.oneof(fc.constant(null), fc.boolean(), number, fc.bigInt({ min: -(1n << 300n), max: 1n << 300n }), name, fc.uint8Array({ maxLength: 40_000 }));
const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 30 }), fc.dictionary(name, tie('value'), { maxKeys: 30, noNullPrototype: true })),
})).value;

it('are those of the book, and decode to the value', () => {
  fc.assert(
    fc.property(value, (some) => {
      const bytes = encodeValue(some);
      expect(Buffer.from(bytes).equals(byTheBook(some))).toBe(true);
      expect(decodeValue(bytes)).toEqual(some);
    }),
    { numRuns: 300 },
  );
});

it.for([0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])('have the shortest head for %i and for what is below none', (n) => {
  for (const some of [n, -n - 1 >= -Number.MAX_SAFE_INTEGER ? -n - 1 : -n]) {
    expect(encodeValue(some)).toEqual(byTheBook(some));
    expect(decodeValue(encodeValue(some))).toBe(some);
  }
});

it('are not spoilt by an encoding that threw half-way', () => {
  expect(() => encodeValue(['written', Number.NaN])).toThrow(/VALUE_REFUSED|plain data/);
  expect(decodeValue(encodeValue(['again']))).toEqual(['again']);
});

it('are not spoilt by an encoding that begins within another', () => {
  const inner = {
    hashOf(value: object) {
      encodeValue(['something else', value === outer]);
      return undefined;
    },
    resolve: () => null,
  };
  const outer = { epoch: 3, names: ['f01000', 'f01001'], ticket: Uint8Array.of(1, 2, 3) };
  expect(encodeValue(outer, inner)).toEqual(byTheBook(outer));
});
