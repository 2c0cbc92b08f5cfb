/** Byte strings: order, hexadecimal, base64 (RFC 4648 section 10), integers of both byte orders. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareBytes,
  concatBytes,
  EMPTY,
  equalBytes,
  fromBase64,
  fromHex,
  fromUintBE,
  fromUtf8,
  int64BE,
  toBase64,
  toHex,
  toUintBE,
  uint64LE,
} from '../../../src/chain/encoding/bytes.ts';
import { bytes, I64_MAX, U64_MAX } from '../../arbitraries.ts';

describe('bytes', () => {
  it('has the order of hexadecimal text', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [x, y] = [toHex(a), toHex(b)];
        expect(Math.sign(compareBytes(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(equalBytes(a, b)).toBe(x === y);
      }),
    );
  });

  it('puts a prefix before what it begins', () => {
    expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
    expect(compareBytes(Uint8Array.of(0x80), Uint8Array.of(0x7f))).toBeGreaterThan(0);
    expect(equalBytes(EMPTY, Uint8Array.of())).toBe(true);
  });

  it('reads its own hexadecimal, either case, and nothing else', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(fromHex(toHex(value).toUpperCase())).toEqual(value);
      }),
    );
    for (const text of ['0', 'zz', '0x00', ' 00', '00\n', 'é0']) expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'HEX_INVALID' }));
  });

  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('base64 of "%s" is "%s"', (text, encoded) => {
    expect(toBase64(fromUtf8(text))).toBe(encoded);
    expect(fromBase64(encoded)).toEqual(fromUtf8(text));
  });

  it.each(['Zg', 'Zg=', 'Zh==', 'Zm8', 'Zm9=', 'Z', 'Zm9v\n', 'Zm-_', '=', 'Zg==='])('refuses "%s", which base64 does not write', (text) => {
    expect(() => fromBase64(text)).toThrow(expect.objectContaining({ code: 'BASE64_INVALID' }));
  });

  it('reads minimal big-endian integers of any length', () => {
    expect(fromUintBE(0n)).toEqual(EMPTY);
    expect(toUintBE(EMPTY)).toBe(0n);
    expect(fromUintBE(256n)).toEqual(Uint8Array.of(1, 0));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 1024n }), (value) => {
        const written = fromUintBE(value);
        expect(toUintBE(written)).toBe(value);
        expect(written[0]).not.toBe(0);
        expect(toUintBE(concatBytes(Uint8Array.of(0, 0, 0), written))).toBe(value);
      }),
    );
  });

  it('writes 64-bit integers', () => {
    expect(toHex(int64BE(1n))).toBe('0000000000000001');
    expect(toHex(int64BE(-1))).toBe('ffffffffffffffff');
    expect(toHex(int64BE(I64_MAX))).toBe('7fffffffffffffff');
    expect(toHex(uint64LE(1))).toBe('0100000000000000');
    expect(toHex(uint64LE(U64_MAX - 1n))).toBe('feffffffffffffff');
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => equalBytes(int64BE(value), int64BE(BigInt(value)))));
  });

  it('writes and joins long and short byte strings alike', () => {
    const long = Uint8Array.from({ length: 5000 }, (_, i) => (i * 31) & 255);
    expect(toHex(long)).toBe(Buffer.from(long).toString('hex'));
    const parts = [0, 1, 15, 16, 17, 300].map((length) => long.subarray(0, length));
    expect(concatBytes(...parts)).toEqual(Uint8Array.from(parts.flatMap((part) => [...part])));
  });
});
