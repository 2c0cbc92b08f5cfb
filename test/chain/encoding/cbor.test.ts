/** Canonical CBOR: RFC 8949's own examples, `@ipld/dag-cbor` as an independent opinion, and hostile bytes. */

import { decode as dagDecode, encode as dagEncode } from '@ipld/dag-cbor';
import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { blockHeader } from '../../../src/chain/block-header.ts';
import { blockMessage } from '../../../src/chain/block-message.ts';
import { ByteWriter } from '../../../src/chain/encoding/byte-writer.ts';
import { concatBytes, fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import {
  finish,
  MAJOR_ARRAY,
  MAJOR_BYTES,
  MAJOR_UINT,
  peekMajor,
  peekNull,
  type Reader,
  readArrayHead,
  readBool,
  readBytes,
  readerOf,
  readHead,
  readInt,
  readLink,
  readMapHead,
  readNull,
  readText,
  writeBytes,
  writeHead,
  writeInt,
  writeLink,
  writeNull,
} from '../../../src/chain/encoding/cbor.ts';
import { type Codec, decode, encode } from '../../../src/chain/encoding/codec.ts';
import { message, signedMessage } from '../../../src/chain/message.ts';
import * as arb from '../../arbitraries.ts';
import { decodeErrorOf, isExactOrRefused } from '../../codec-laws.ts';

/** RFC 8949 appendix A, the rows of integers, strings and arrays. */
const INTEGERS: readonly [bigint, string][] = [
  [0n, '00'],
  [1n, '01'],
  [10n, '0a'],
  [23n, '17'],
  [24n, '1818'],
  [25n, '1819'],
  [100n, '1864'],
  [1000n, '1903e8'],
  [1_000_000n, '1a000f4240'],
  [1_000_000_000_000n, '1b000000e8d4a51000'],
  [-1n, '20'],
  [-10n, '29'],
  [-100n, '3863'],
  [-1000n, '3903e7'],
];

function read<T>(step: (r: Reader) => T, hex: string): T {
  const r = readerOf(fromHex(hex));
  const value = step(r);
  finish(r);
  return value;
}

describe('canonical CBOR', () => {
  it.each(INTEGERS)('%s is %s', (value, hex) => {
    const w = new ByteWriter();
    writeInt(w, value);
    expect(toHex(w.written())).toBe(hex);
    expect(read(readInt, hex)).toBe(value);
  });

  it('has 64 bits for unsigned integers and 63 and a sign for signed ones', () => {
    expect(read((r) => readHead(r, MAJOR_UINT), '1bffffffffffffffff')).toBe(18446744073709551615n);
    expect(read(readInt, '3b7fffffffffffffff')).toBe(-9223372036854775808n);
    for (const hex of ['1b8000000000000000', '3b8000000000000000', '3bffffffffffffffff']) {
      expect(() => read(readInt, hex)).toThrow(expect.objectContaining({ code: 'CBOR_RANGE' }));
    }
  });

  it('reads strings, arrays, maps, booleans, null and links', () => {
    expect(read((r) => readBytes(r, 4), '4401020304')).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(read((r) => readText(r, 4), '62c3bc')).toBe('\u00fc');
    expect(read((r) => readText(r, 4), '63e6b0b4')).toBe('\u6c34');
    expect(read((r) => readArrayHead(r, 9), '80')).toBe(0);
    expect(read((r) => readMapHead(r, 9), 'a0')).toBe(0);
    expect([read(readBool, 'f4'), read(readBool, 'f5'), read(readNull, 'f6')]).toEqual([false, true, null]);
    expect([peekMajor(readerOf(fromHex('83'))), peekNull(readerOf(fromHex('f6'))), peekNull(readerOf(fromHex('f5')))]).toEqual([MAJOR_ARRAY, true, false]);
    fc.assert(
      fc.property(arb.cid, (cid) => {
        const w = new ByteWriter();
        writeLink(w, cid);
        expect(read(readLink, toHex(w.written())).equals(cid)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('writes heads as dag-cbor does, through every size', () => {
    fc.assert(
      fc.property(arb.u64, arb.i64, (unsigned, signed) => {
        for (const value of [unsigned, signed]) {
          const w = new ByteWriter();
          writeInt(w, value);
          expect(toHex(w.written())).toBe(toHex(dagEncode(value)));
        }
      }),
    );
    for (const length of [0, 23, 24, 255, 256, 65_535, 65_536, 70_000]) {
      const w = new ByteWriter();
      writeBytes(w, new Uint8Array(length));
      writeNull(w);
      expect(toHex(w.written())).toBe(`${toHex(dagEncode(new Uint8Array(length)))}f6`);
    }
    const w = new ByteWriter();
    writeHead(w, MAJOR_BYTES, 2 ** 31);
    writeHead(w, MAJOR_BYTES, 2n ** 60n);
    expect(toHex(w.written())).toBe('5a800000005b1000000000000000');
  });

  it.each([
    ['message', message, arb.anyMessage],
    ['signed message', signedMessage, arb.signedMessage],
    ['block header', blockHeader, arb.blockHeader],
    ['block message', blockMessage, arb.blockMessage],
  ] as [string, Codec<unknown>, fc.Arbitrary<unknown>][])(
    'a %s is dag-cbor: decoded and encoded by @ipld/dag-cbor it is the same bytes',
    (_, codec, values) => {
      fc.assert(
        fc.property(values, (value) => {
          const bytes = encode(codec, value);
          expect(toHex(dagEncode(dagDecode(bytes)))).toBe(toHex(bytes));
        }),
        { numRuns: 60 },
      );
    },
  );
});

/** A field of a message header replaced by something that CBOR can say and the chain cannot. */
const HOSTILE: readonly [what: string, hex: string, code: string][] = [
  ['nothing', '', 'CBOR_TRUNCATED'],
  ['an array of 2^31', '9a80000000', 'CBOR_TOO_LONG'],
  ['an array of 2^60', '9b1000000000000000', 'CBOR_TOO_LONG'],
  ['an array of 2^64 - 1', '9bffffffffffffffff', 'CBOR_TOO_LONG'],
  ['an array of 8193', '992001', 'CBOR_TOO_LONG'],
  ['an array of 8192 with nothing in it', '992000', 'CBOR_TRUNCATED'],
  ['an indefinite array', '9fff', 'CBOR_NOT_CANONICAL'],
  ['an array whose length is spelled in a byte too many', '980a', 'CBOR_NOT_CANONICAL'],
  ['a reserved length', '9c', 'CBOR_NOT_CANONICAL'],
  ['a map', 'a0', 'CBOR_TYPE'],
  ['a text', '60', 'CBOR_TYPE'],
  ['null', 'f6', 'CBOR_TYPE'],
  ['undefined', 'f7', 'CBOR_TYPE'],
  ['a float', 'fb3ff0000000000000', 'CBOR_TYPE'],
  ['a tag around an array', 'c18a', 'CBOR_TYPE'],
  ['nine fields', `89${'00'.repeat(9)}`, 'CBOR_FIELDS'],
  ['eleven fields', `8b${'00'.repeat(11)}`, 'CBOR_FIELDS'],
  ['a version spelled in a byte too many', `8a1800${'00'.repeat(9)}`, 'CBOR_NOT_CANONICAL'],
  ['a version in nine bytes', `8a1b0000000000000000${'00'.repeat(9)}`, 'CBOR_NOT_CANONICAL'],
  ['a negative version', `8a20${'00'.repeat(9)}`, 'CBOR_TYPE'],
  ['a float for a version', `8af90000${'00'.repeat(9)}`, 'CBOR_TYPE'],
  ['an address of 65 bytes', `8a005841${'00'.repeat(65)}`, 'CBOR_TOO_LONG'],
  ['an address of 2^31 bytes', `8a005a80000000${'00'.repeat(9)}`, 'CBOR_TOO_LONG'],
  ['an address of 2^60 bytes', `8a005b1000000000000000${'00'.repeat(9)}`, 'CBOR_TOO_LONG'],
  ['an indefinite byte string', `8a005f41ff${'00'.repeat(9)}`, 'CBOR_NOT_CANONICAL'],
  ['an empty address', `8a0040${'00'.repeat(9)}`, 'ADDRESS_INVALID'],
  ['a link for an address', `8a00d82a45${'00'.repeat(9)}`, 'CBOR_TYPE'],
];

describe('hostile bytes', () => {
  it.each(HOSTILE)('%s is refused', (_, hex, code) => {
    const start = performance.now();
    expect(decodeErrorOf(() => decode(message, fromHex(hex)))?.code).toBe(code);
    expect(performance.now() - start).toBeLessThan(100);
  });

  it('refuses params of more than 2 MiB by their announced length, before there is anything to read', () => {
    const head = toHex(encode(message, SMALL)).slice(0, -2);
    expect(decodeErrorOf(() => decode(message, fromHex(`${head}5a00200001`)))).toMatchObject({ code: 'CBOR_TOO_LONG', place: 'Message.params' });
    expect(decodeErrorOf(() => decode(message, fromHex(`${head}5a00200000`)))).toMatchObject({ code: 'CBOR_TRUNCATED', place: 'Message.params' });
    expect(decode(message, concatBytes(fromHex(`${head}5a00200000`), new Uint8Array(1 << 21))).params).toHaveLength(1 << 21);
  });

  it('refuses nesting of any depth at its first wrong level', () => {
    const towers = ['81', '90', 'd82a', 'a1', '9f', 'c1'].map((level) => fromHex(level.repeat(100_000)));
    const start = performance.now();
    for (const tower of towers) expect(decodeErrorOf(() => decode(blockHeader, tower))).not.toBeNull();
    expect(performance.now() - start).toBeLessThan(100);
  });

  it('refuses links that are none', () => {
    const digest = `0171a0e40220${'11'.repeat(32)}`;
    expect(decodeErrorOf(() => read(readLink, `d82a582701${digest}`))?.code).toBe('CBOR_LINK');
    expect(decodeErrorOf(() => read(readLink, 'd82a40'))?.code).toBe('CBOR_LINK');
    expect(decodeErrorOf(() => read(readLink, `d82b582700${digest}`))?.code).toBe('CBOR_TYPE');
    expect(decodeErrorOf(() => read(readLink, `d82a582800${digest}00`))?.code).toBe('CID_INVALID');
    expect(decodeErrorOf(() => read(readLink, `d9002a582700${digest}`))?.code).toBe('CBOR_NOT_CANONICAL');
    expect(read(readLink, `d82a582700${digest}`)).toBeInstanceOf(CID);
  });

  it('refuses texts that are not UTF-8', () => {
    for (const hex of ['61ff', '62c328', '63eda080']) expect(decodeErrorOf(() => read((r) => readText(r, 9), hex))?.code).toBe('CBOR_TEXT');
  });

  it('never throws anything but DecodeError over random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const codec of [message, signedMessage, blockHeader, blockMessage] as Codec<unknown>[]) isExactOrRefused(codec, bytes);
      }),
      { numRuns: 500 },
    );
  });
});

const SMALL = {
  ...fc.sample(arb.message, { numRuns: 1, seed: 1 })[0],
  params: Uint8Array.of(),
} as Parameters<typeof message.write>[1];
