/**
 * One description of a noun, both of its forms: canonical CBOR (as on the chain) and Lotus' JSON (as on the wire). A
 * struct of Filecoin is a CBOR tuple; {@link tuple} makes its codec from a table of fields that reads like the
 * specification's.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import { ByteWriter } from './byte-writer.ts';
import { EMPTY, fromBase64, toBase64 } from './bytes.ts';
import {
  finish,
  MAJOR_ARRAY,
  MAJOR_UINT,
  peekNull,
  type Reader,
  readArrayHead,
  readBytes,
  readerOf,
  readHead,
  readInt,
  readLink,
  readNull,
  writeBytes,
  writeHead,
  writeInt,
  writeLink,
  writeNull,
} from './cbor.ts';
import { type CID, CID_LENGTH_MAX, parseCid } from './cid.ts';

/** JSON as Lotus speaks it; integers beyond 2^53 are bigints here and decimal strings or numbers on the wire. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };

export interface Codec<T> {
  write(w: ByteWriter, value: T): void;
  read(r: Reader): T;
  toJson(value: T): Json;
  /** Throws `DecodeError` with code `JSON_TYPE` or the noun's own. */
  fromJson(json: unknown): T;
}

/** cbor-gen's limits (docs/protocol.md 2.6). */
export const LIST_LENGTH_MAX = 8192;
export const BYTES_LENGTH_MAX = 2 * 1024 * 1024;

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const w = new ByteWriter();
  codec.write(w, value);
  return w.written();
}

/** The value, all of the bytes read; throws `DecodeError` that names the field. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const r = readerOf(bytes);
  const value = codec.read(r);
  finish(r);
  return value;
}

/** An unsigned integer of 64 bits. */
export const u64: Codec<bigint> = {
  write: (w, value) => writeHead(w, MAJOR_UINT, inRange(value, 0n, (1n << 64n) - 1n)),
  read: (r) => BigInt(readHead(r, MAJOR_UINT)),
  toJson: jsonInteger,
  fromJson: (json) => inRange(integerOf(json), 0n, (1n << 64n) - 1n),
};

/** A signed integer of 64 bits. */
export const i64: Codec<bigint> = {
  write: (w, value) => writeInt(w, inRange(value, -(1n << 63n), (1n << 63n) - 1n)),
  read: readInt,
  toJson: jsonInteger,
  fromJson: (json) => inRange(integerOf(json), -(1n << 63n), (1n << 63n) - 1n),
};

/**
 * A signed integer that is small by its meaning (an epoch, a win count, a kind of proof): a JS number, refused beyond
 * 2^53.
 */
export const int: Codec<number> = {
  write: (w, value) => writeInt(w, safeInteger(value)),
  read: (r) => safeNumber(readInt(r)),
  toJson: (value) => value,
  fromJson: (json) => safeNumber(integerOf(json)),
};

/** A link to another block. JSON: `{"/": "bafy…"}`. */
export const link: Codec<CID> = {
  write(w, cid) {
    limited(cid.bytes, CID_LENGTH_MAX);
    writeLink(w, cid);
  },
  read: readLink,
  toJson: (cid) => ({ '/': cid.toString() }),
  fromJson: (json) => parseCid(textOf(objectOf(json)['/'])),
};

/** A byte string of at most `max` bytes. JSON: base64, `null` for none. */
export function byteString(max: number = BYTES_LENGTH_MAX): Codec<Uint8Array> {
  return {
    write: (w, value) => writeBytes(w, limited(value, max)),
    read: (r) => readBytes(r, max),
    toJson: toBase64,
    fromJson: (json) => (json === null ? EMPTY : fromBase64(textOf(json))),
  };
}

/** The value or `null`. */
export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    write: (w, value) => (value === null ? writeNull(w) : codec.write(w, value)),
    read: (r) => (peekNull(r) ? readNull(r) : codec.read(r)),
    toJson: (value) => (value === null ? null : codec.toJson(value)),
    fromJson: (json) => (json === null || json === undefined ? null : codec.fromJson(json)),
  };
}

/** At most `max` values in order. JSON: an array, `null` for none (Go's nil slice). */
export function list<T>(codec: Codec<T>, max: number = LIST_LENGTH_MAX): Codec<readonly T[]> {
  return {
    write(w, values) {
      writeHead(w, MAJOR_ARRAY, limited(values, max).length);
      for (const value of values) codec.write(w, value);
    },
    read(r) {
      const count = readArrayHead(r, max);
      return Array.from({ length: count }, (_, i) => placed(`[${i}]`, () => codec.read(r)));
    },
    toJson: (values) => values.map((value) => codec.toJson(value)),
    fromJson(json) {
      if (json === null || json === undefined) return [];
      if (!Array.isArray(json)) throw jsonType('an array', json);
      return json.map((item, i) => placed(`[${i}]`, () => codec.fromJson(item)));
    },
  };
}

/** Fields in the order of the wire: each with its name in Lotus' JSON and its codec. */
export type Fields<T> = { readonly [K in keyof T]-?: readonly [json: string, codec: Codec<T[K]>] };

/**
 * A struct: a CBOR array of exactly these fields, a JSON object of them (other keys are passed over, as Lotus adds
 * some).
 */
export function tuple<T extends object>(name: string, fields: Fields<T>): Codec<T> {
  const rows = Object.entries(fields) as [key: keyof T, row: readonly [string, Codec<T[keyof T]>]][];
  return {
    write(w, value) {
      writeHead(w, MAJOR_ARRAY, rows.length);
      for (const [key, [, codec]] of rows) codec.write(w, value[key]);
    },
    read: (r) =>
      placed(name, () => {
        const count = readArrayHead(r, LIST_LENGTH_MAX);
        if (count !== rows.length) throw new DecodeError('CBOR_FIELDS', `expected ${rows.length} fields, got ${count}`);
        const value: Partial<T> = {};
        for (const [key, [, codec]] of rows) value[key] = placed(String(key), () => codec.read(r));
        return value as T;
      }),
    toJson: (value) => Object.fromEntries(rows.map(([key, [json, codec]]) => [json, codec.toJson(value[key])])),
    fromJson: (json) =>
      placed(name, () => {
        const object = objectOf(json);
        return Object.fromEntries(rows.map(([key, [field, codec]]) => [key, placed(field, () => codec.fromJson(object[field]))])) as T;
      }),
  };
}

/** Runs a step of decoding; an error inside says that it happened here. */
export function placed<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof DecodeError ? error.within(place) : error;
  }
}

export function objectOf(json: unknown): { readonly [key: string]: unknown } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw jsonType('an object', json);
  return json as { readonly [key: string]: unknown };
}

export function textOf(json: unknown): string {
  if (typeof json !== 'string') throw jsonType('a text', json);
  return json;
}

/** An integer of JSON: a safe number, a bigint or a decimal text (how big numbers of a node are parsed). */
export function integerOf(json: unknown): bigint {
  if (typeof json === 'bigint') return json;
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
  if (typeof json === 'string' && /^(0|-?[1-9]\d*)$/.test(json)) return BigInt(json);
  throw jsonType('an integer', json);
}

function jsonInteger(value: bigint): Json {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** What reading would refuse is not written either, so that every encoding decodes. */
export function limited<T extends { readonly length: number }>(value: T, max: number): T {
  if (value.length > max) throw new DecodeError('CBOR_TOO_LONG', `a length of ${value.length} where ${max} are allowed`);
  return value;
}

function safeInteger(value: number): number {
  if (!Number.isSafeInteger(value)) throw new DecodeError('INTEGER_RANGE', `expected an integer of at most 53 bits, got ${value}`);
  return value;
}

function safeNumber(value: bigint): number {
  return Number(inRange(value, BigInt(Number.MIN_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER)));
}

function inRange(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least || value > most) throw new DecodeError('INTEGER_RANGE', `expected ${least} to ${most}, got ${value}`);
  return value;
}

function jsonType(expected: string, got: unknown): DecodeError {
  const seen = got === undefined ? 'nothing' : (JSON.stringify(got, (_, v) => (typeof v === 'bigint' ? v.toString() : v)) ?? typeof got);
  return new DecodeError('JSON_TYPE', `expected ${expected}, got ${seen.slice(0, 60)}`);
}
