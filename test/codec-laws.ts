/**
 * What every codec of a noun must do, whatever it is given: both directions exact, all else refused as a `DecodeError`
 * with a code.
 */

import fc, { type Arbitrary } from 'fast-check';
import { CID } from 'multiformats/cid';
import { expect, it } from 'vitest';
import { concatBytes, toHex } from '../src/chain/encoding/bytes.ts';
import { type Codec, decode, encode, type Json } from '../src/chain/encoding/codec.ts';
import { DecodeError } from '../src/errors/mineone-error.ts';

/** Cases of each property; all codecs together stay within seconds. */
const RUNS = 100;

/** The error that a step throws, which must be a `DecodeError`; null when it throws none. */
export function decodeErrorOf(step: () => unknown): DecodeError | null {
  try {
    step();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    expect(error.code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    return error;
  }
  return null;
}

/** Decodes to something that encodes to the same bytes, or is refused: the two things that may happen to bytes. */
export function isExactOrRefused<T>(codec: Codec<T>, bytes: Uint8Array): boolean {
  let again: Uint8Array | null = null;
  const error = decodeErrorOf(() => {
    again = encode(codec, decode(codec, bytes));
  });
  if (error === null) expect(toHex(again as unknown as Uint8Array)).toBe(toHex(bytes));
  return error === null;
}

interface Mutation {
  readonly kind: 'flip' | 'set' | 'insert' | 'remove' | 'repeat' | 'cut';
  readonly at: number;
  readonly byte: number;
  readonly length: number;
}

const mutation: Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom<Mutation['kind']>('flip', 'set', 'insert', 'remove', 'repeat', 'cut'),
  at: fc.nat(),
  byte: fc.integer({ min: 0, max: 255 }),
  length: fc.integer({ min: 1, max: 12 }),
});

function mutated(bytes: Uint8Array, { kind, at, byte, length }: Mutation): Uint8Array {
  const i = at % Math.max(bytes.length, 1);
  const [before, after] = [[...bytes.subarray(0, i)], [...bytes.subarray(i)]];
  switch (kind) {
    case 'flip':
      return Uint8Array.from([...before, (after[0] ?? 0) ^ (1 << (byte % 8)), ...after.slice(1)]);
    case 'set':
      return Uint8Array.from([...before, byte, ...after.slice(1)]);
    case 'insert':
      return Uint8Array.from([...before, ...Array<number>(length).fill(byte), ...after]);
    case 'remove':
      return Uint8Array.from([...before, ...after.slice(length)]);
    case 'repeat':
      return Uint8Array.from([...before, ...after.slice(0, length), ...after]);
    case 'cut':
      return Uint8Array.from(before);
  }
}

/** The same JSON with one of its values, however deep, replaced: which one, the number decides. */
function withLeaf(json: Json, at: number, other: Json): Json {
  if (typeof json !== 'object' || json === null) return other;
  const entries = Object.entries(json);
  if (entries.length === 0) return other;
  const chosen = at % entries.length;
  const replaced = entries.map(([key, value], i): [string, Json] => [key, i === chosen ? withLeaf(value, Math.floor(at / entries.length), other) : value]);
  return Array.isArray(json) ? replaced.map(([, value]) => value) : Object.fromEntries(replaced);
}

/**
 * A text that two values have in common when they are equal, field by field: much faster than `toEqual` where there are
 * many CIDs.
 */
export function plain(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${toHex(value)}`;
  if (value instanceof CID) return `CID ${value}`;
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return `${typeof value} ${value}`;
  return `{${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${key}: ${plain(field)}`)
    .join(', ')}}`;
}

/** Registers the tests of one codec. */
export function obeysCodecLaws<T>(codec: Codec<T>, values: Arbitrary<T>): void {
  it('decode(encode(x)) = x, in bytes and in JSON', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(plain(decode(codec, encode(codec, value)))).toBe(plain(value));
        expect(plain(codec.fromJson(codec.toJson(value)))).toBe(plain(value));
      }),
      { numRuns: RUNS },
    );
  });

  it('encode(decode(b)) = b, or a DecodeError, for mutated bytes', () => {
    fc.assert(
      fc.property(values, fc.array(mutation, { minLength: 1, maxLength: 3 }), (value, mutations) => {
        isExactOrRefused(codec, mutations.reduce(mutated, encode(codec, value)));
      }),
      { numRuns: 3 * RUNS },
    );
  });

  it('refuses what is cut anywhere', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(codec, value);
        for (let length = 0; length < bytes.length; length++) expect(decodeErrorOf(() => decode(codec, bytes.subarray(0, length)))).not.toBeNull();
      }),
      { numRuns: 1 },
    );
  });

  it('refuses what follows the value', () => {
    fc.assert(
      fc.property(values, fc.uint8Array({ minLength: 1, maxLength: 5 }), (value, rest) => {
        expect(decodeErrorOf(() => decode(codec, concatBytes(encode(codec, value), rest)))?.code).toBe('CBOR_TRAILING');
      }),
      { numRuns: RUNS / 4 },
    );
  });

  it('refuses JSON with another value somewhere in it as DecodeError, or takes it as a value', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.jsonValue({ maxDepth: 1 }), (value, at, other) => {
        decodeErrorOf(() => encode(codec, codec.fromJson(withLeaf(codec.toJson(value), at, other as Json))));
      }),
      { numRuns: RUNS },
    );
  });
}
