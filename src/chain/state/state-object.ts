/**
 * State objects: CBOR tuples whose number of fields tells the layouts of their versions apart (docs/protocol.md 4.6).
 */

import { DecodeError, UnknownLayoutError } from '../../errors/mineone-error.ts';
import { type Address, addressFromBytes } from '../address.ts';
import { decodeBigInt } from '../encoding/big-int.ts';
import { type BitField, decodeBitField } from '../encoding/bit-field.ts';
import { CID } from '../encoding/cid.ts';
import { placed } from '../encoding/codec.ts';
import type { GetBlock } from '../ipld/block-store.ts';
import { type CborValue, decodeCborValue, readBlock, readValue } from '../ipld/cbor-value.ts';

/** What it is, for errors («miner info»), and its fields. */
export interface StateObject {
  readonly what: string;
  readonly fields: readonly CborValue[];
}

/**
 * A row of a table of layouts: a number of fields, the actor versions that have it, and where what is read of it
 * stands.
 */
export interface Layout {
  readonly fields: number;
  readonly since: number;
  /** The last version, without end when absent. */
  readonly until?: number;
}

/** The object of a block. Throws `MissingBlockError`; `DecodeError` for bytes that are no array. */
export function loadObject(get: GetBlock, cid: CID, what: string): StateObject {
  return { what, fields: readBlock(get, cid, what, (r) => asArray(readValue(r))) };
}

/** The object of an item inside another. */
export function decodeObject(bytes: Uint8Array, what: string): StateObject {
  return { what, fields: placed(what, () => asArray(decodeCborValue(bytes))) };
}

/** The row of the object's number of fields, if one of these versions has it; throws `UnknownLayoutError` otherwise. */
export function layoutOf<T extends Layout>(object: StateObject, versions: readonly number[], rows: readonly T[]): T {
  const row = rows.find(({ fields, since, until = Number.POSITIVE_INFINITY }) => {
    return fields === object.fields.length && versions.some((version) => version >= since && version <= until);
  });
  if (row === undefined)
    throw new UnknownLayoutError(`${object.what} of ${object.fields.length} fields is not a layout of actors version ${versions.join(', ')}`);
  return row;
}

export function linkAt(object: StateObject, i: number): CID {
  return fieldAt(object, i, 'a link', (value) => (value instanceof CID ? value : undefined));
}

export function integerAt(object: StateObject, i: number): bigint {
  return fieldAt(object, i, 'an integer', (value) => (typeof value === 'bigint' ? value : undefined));
}

/** A safe integer: an epoch, a kind of proof. */
export function numberAt(object: StateObject, i: number): number {
  return fieldAt(object, i, 'a small integer', (value) => {
    return typeof value === 'bigint' && BigInt.asIntN(53, value) === value ? Number(value) : undefined;
  });
}

export function textAt(object: StateObject, i: number): string {
  return fieldAt(object, i, 'a text', (value) => (typeof value === 'string' ? value : undefined));
}

/** An array of any items, as an object of its own. */
export function arrayAt(object: StateObject, i: number, what: string): StateObject {
  return { what, fields: placed(`${object.what}[${i}]`, () => asArray(object.fields[i] as CborValue)) };
}

/** A big integer: a token amount or a power. */
export function amountAt(object: StateObject, i: number): bigint {
  return bytesAt(object, i, decodeBigInt);
}

export function addressAt(object: StateObject, i: number): Address {
  return bytesAt(object, i, addressFromBytes);
}

export function bitFieldAt(object: StateObject, i: number): BitField {
  return bytesAt(object, i, decodeBitField);
}

function bytesAt<T>(object: StateObject, i: number, decodeBytes: (bytes: Uint8Array) => T): T {
  const bytes = fieldAt(object, i, 'a byte string', (value) => (value instanceof Uint8Array ? value : undefined));
  return placed(`${object.what}[${i}]`, () => decodeBytes(bytes));
}

function fieldAt<T>(object: StateObject, i: number, expected: string, match: (value: CborValue | undefined) => T | undefined): T {
  const found = match(object.fields[i]);
  if (found === undefined) throw new DecodeError('STATE_FIELD', `expected ${expected}`, `${object.what}[${i}]`);
  return found;
}

function asArray(value: CborValue): readonly CborValue[] {
  if (!Array.isArray(value)) throw new DecodeError('CBOR_TYPE', 'expected an array');
  return value as readonly CborValue[];
}
