/** CBOR without a schema: @ipld/dag-cbor as oracle, and refusals. */

import * as dagCbor from '@ipld/dag-cbor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex } from '../../../src/chain/encoding/bytes.ts';
import { finish, readerOf } from '../../../src/chain/encoding/cbor.ts';
import { CID, cidOf } from '../../../src/chain/encoding/cid.ts';
import { type CborValue, decodeCborValue, readRaw } from '../../../src/chain/ipld/cbor-value.ts';
import { DecodeError } from '../../../src/errors/mineone-error.ts';

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.bigInt(-(1n << 64n), (1n << 64n) - 1n),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array(),
    fc.nat().map((n) => cidOf(Uint8Array.of(n & 255))),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
}));

/** The oracle's bytes; it gives a Buffer, whose slices are Buffers. */
function encoded(v: unknown): Uint8Array {
  return Uint8Array.from(dagCbor.encode(v));
}

/** The same value with objects instead of maps, as the oracle has it. */
function plain(v: CborValue): unknown {
  if (v instanceof Map) return Object.fromEntries([...v].map(([key, item]) => [key, plain(item)]));
  return Array.isArray(v) ? v.map(plain) : v;
}

/** The oracle gives small integers as numbers. */
function widened(v: unknown): unknown {
  if (typeof v === 'number') return BigInt(v);
  if (Array.isArray(v)) return v.map(widened);
  if (v === null || typeof v !== 'object' || v instanceof Uint8Array || CID.asCID(v) !== null) return v;
  return Object.fromEntries(Object.entries(v).map(([key, item]) => [key, widened(item)]));
}

function outcome(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return 'accepted';
}

const readWhole = (bytes: Uint8Array) => {
  const r = readerOf(bytes);
  readRaw(r);
  finish(r);
};

describe('CBOR values', () => {
  test('what dag-cbor writes is read the same, and passed over whole', () => {
    fc.assert(
      fc.property(value, (v) => {
        const bytes = encoded(v);
        expect(plain(decodeCborValue(bytes))).toEqual(widened(dagCbor.decode(bytes)));
        const r = readerOf(Uint8Array.from([...bytes, 0xf6]));
        expect(readRaw(r)).toEqual(bytes);
        expect(r.offset).toBe(bytes.length);
      }),
    );
  });

  test('what is read is what encoding gives back', () => {
    let accepted = 0;
    fc.assert(
      fc.property(value, fc.nat(), fc.nat(255), (v, where, byte) => {
        const bytes = encoded(v);
        bytes[where % bytes.length] = byte;
        if (outcome(() => decodeCborValue(bytes)) !== 'accepted') return;
        accepted++;
        expect(encoded(plain(decodeCborValue(bytes)))).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test.each([
    ['an integer in more bytes than it needs', '1817', 'CBOR_NOT_CANONICAL'],
    ['an indefinite array', '9fff', 'CBOR_NOT_CANONICAL'],
    ['a float', 'f93c00', 'CBOR_TYPE'],
    ['undefined', 'f7', 'CBOR_TYPE'],
    ['another tag', 'c100', 'CBOR_TYPE'],
    ['a tag around a number', 'd82a01', 'CBOR_TYPE'],
    ['2^60 items', '9b1000000000000000', 'CBOR_TRUNCATED'],
    ['2^64 - 1 items', '9bffffffffffffffff', 'CBOR_TOO_LONG'],
    ['2^40 pairs', 'bb0000010000000000', 'CBOR_TRUNCATED'],
    ['a text of 4 GB', '7b00000001ffffffff', 'CBOR_TRUNCATED'],
    ['something after it', 'f6f6', 'CBOR_TRAILING'],
    ['nothing', '', 'CBOR_TRUNCATED'],
  ])('%s is refused by both readers', (_, hex, code) => {
    expect(outcome(() => decodeCborValue(fromHex(hex)))).toSatisfy((c: string) => c === code || (code === 'CBOR_TRUNCATED' && c === 'CBOR_TOO_LONG'));
    expect(outcome(() => readWhole(fromHex(hex)))).toSatisfy((c: string) => c === code || (code === 'CBOR_TRUNCATED' && c === 'CBOR_TOO_LONG'));
  });

  test.each([
    ['keys out of order', 'a2616201616101', 'CBOR_NOT_CANONICAL'],
    ['a key twice', 'a2616101616101', 'CBOR_NOT_CANONICAL'],
    ['a key that is no text', 'a10101', 'CBOR_TYPE'],
    ['a text that is not UTF-8', '61ff', 'CBOR_TEXT'],
    ['a link without its 00', 'd82a4101', 'CBOR_LINK'],
  ])('%s is refused where values are read', (_, hex, code) => {
    expect(outcome(() => decodeCborValue(fromHex(hex)))).toBe(code);
  });

  test('a million arrays inside one another are refused, and passed over without recursion', () => {
    const bytes = new Uint8Array(1_000_001).fill(0x81);
    bytes[1_000_000] = 0xf6;
    expect(outcome(() => decodeCborValue(bytes))).toBe('CBOR_TOO_DEEP');
    expect(outcome(() => readWhole(bytes))).toBe('accepted');
  });
});
