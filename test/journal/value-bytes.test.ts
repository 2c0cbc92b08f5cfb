/** The bytes of a value, held to an encoder that was written without a thought of speed. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareBytes, fromUtf8, joinBytes } from '../../src/chain/encoding/bytes.ts';
import { type Writer, writeBytes, writeDouble, writeHead, writeInt } from '../../src/chain/encoding/cbor.ts';
import { decodeValue, encodeValue, type Value } from '../../src/journal/format/value.ts';
import { numberOfWord } from '../../src/journal/format/words.ts';

/** Canonical CBOR by the book: every piece its own array, keys encoded to be compared. */
function byTheBook(value: Value): Uint8Array {
  const w: Writer = [];
  if (value === null) w.push(Uint8Array.of(0xf6));
  else if (typeof value === 'boolean') w.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') Number.isSafeInteger(value) ? writeInt(w, value) : writeDouble(w, value);
  else if (typeof value === 'bigint') {
    const hex = (value < 0n ? -1n - value : value).toString(16);
    writeHead(w, 6, value < 0n ? 3 : 2);
    writeBytes(w, hex === '0' ? new Uint8Array(0) : Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')));
  } else if (typeof value === 'string') text(w, value);
  else if (value instanceof Uint8Array) writeBytes(w, value);
  else if (Array.isArray(value)) {
    writeHead(w, 4, value.length);
    for (const item of value) w.push(byTheBook(item));
  } else {
    const entries = Object.entries(value).map(([key, inner]) => ({ key, raw: fromUtf8(key), inner }));
    entries.sort((a, b) => a.raw.length - b.raw.length || compareBytes(a.raw, b.raw));
    writeHead(w, 5, entries.length);
    for (const { key, inner } of entries) {
      text(w, key);
      w.push(byTheBook(inner));
    }
  }
  return joinBytes(w);
}

function text(w: Writer, value: string): void {
  const word = numberOfWord(value);
  if (word !== undefined) {
    writeHead(w, 6, 6);
    writeHead(w, 0, word);
    return;
  }
  const raw = fromUtf8(value);
  writeHead(w, 3, raw.length);
  w.push(raw);
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
