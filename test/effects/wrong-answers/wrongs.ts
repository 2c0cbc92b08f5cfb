/**
 * Every way in which a part of an answer can be of a wrong form, made from a right answer: for each place in it what is
 * missing, null, of another type, of another length, empty.
 */

import { CID } from '../../../src/chain/encoding/cid.ts';

/** A right answer made wrong at one place. */
export interface WrongForm {
  /** `blocks.0.ticket.vrfProof: one byte short` */
  readonly name: string;
  make(right: unknown): unknown;
}

type Path = readonly (string | number)[];

const OTHER_CID = CID.parse('bafy2bzacedswlcz5ddgqnyo3sak3jmhmkxashisnlpq6ujgyhe4mlobzpnhs6');

/** At most `depth` levels below the whole. */
export function wrongForms(right: unknown, depth = Number.POSITIVE_INFINITY, path: Path = []): readonly WrongForm[] {
  const here = [...valuesFor(right)].map(
    ([what, make]): WrongForm => ({ name: `${path.join('.') || 'all of it'}: ${what}`, make: (all) => changed(all, path, make) }),
  );
  const parts = path.length < depth ? partsOf(right) : [];
  return [...here, ...parts.flatMap((key) => wrongForms((right as { readonly [key: string]: unknown })[key], depth, [...path, key]))];
}

/** Bytes, CIDs and plain values have no parts; a list is as good as its first. */
function partsOf(value: unknown): readonly (string | number)[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof CID) return [];
  return Array.isArray(value) ? [0].slice(0, value.length) : Object.keys(value);
}

type Change = (value: unknown) => unknown;

function* valuesFor(value: unknown): Generator<readonly [string, Change]> {
  yield ['missing', () => undefined];
  if (value !== null) yield ['null', () => null];
  yield ['a text', () => 'a text'];
  yield ['a number', () => (typeof value === 'number' ? Number.NaN : 7)];
  if (typeof value !== 'bigint') yield ['a bigint', () => 7n];
  if (value instanceof Uint8Array) {
    yield ['empty', () => new Uint8Array(0)];
    yield ['one byte short', (bytes) => (bytes as Uint8Array).slice(1)];
    yield ['one byte long', (bytes) => Uint8Array.of(...(bytes as Uint8Array), 0)];
    yield ['other bytes', (bytes) => (bytes as Uint8Array).map((byte) => byte ^ 0x55)];
  } else if (value instanceof CID) yield ['another CID', () => OTHER_CID];
  else if (Array.isArray(value)) {
    yield ['empty', () => []];
    yield ['its first twice', (list) => [(list as unknown[])[0], ...(list as unknown[])]];
  } else if (typeof value === 'bigint') {
    yield ['negative', () => -1n];
    yield ['of 300 bytes', () => 1n << 2400n];
    yield ['one more', (integer) => (integer as bigint) + 1n];
  } else if (typeof value === 'number') {
    yield ['negative', () => -1];
    yield ['a half more', (number) => (number as number) + 0.5];
    yield ['one more', (number) => (number as number) + 1];
  } else if (typeof value === 'boolean') yield ['the other', (flag) => !(flag as boolean)];
}

function changed(value: unknown, [key, ...rest]: Path, make: Change): unknown {
  if (key === undefined) return make(value);
  if (Array.isArray(value)) return value.map((part, i) => (i === key ? changed(part, rest, make) : part));
  const object = (value ?? {}) as { readonly [key: string]: unknown };
  return { ...object, [key]: changed(object[key], rest, make) };
}
