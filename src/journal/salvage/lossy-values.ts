/**
 * Values that records name by their hash, of a journal that may have lost some: `null` stands for a lost one, and it is
 * noticed which record named it.
 */

import { equalBytes, toHex } from '../../chain/encoding/bytes.ts';
import { sha256 } from '../format/sha256.ts';
import { decodeValue, encodeValue, type SharedValues, type Value } from '../format/value.ts';

/** What was read, and whether all that it names was there. */
export interface Lossy<T> {
  readonly value: T;
  readonly isWhole: boolean;
}

export interface LossyValues {
  noticing<T>(read: (shared: SharedValues) => T): Lossy<T>;
}

/** `known`: values that others hold too. A hash tells them, so that one that is lost here is given back as it was. */
export function lossyValues(load: (hash: Uint8Array) => Uint8Array | undefined, known: readonly Value[]): LossyValues {
  const elsewhere = new Map(known.map((value) => encodeValue(value)).map((bytes) => [toHex(sha256(bytes)), bytes]));
  const held = new Map<string, Lossy<Value>>();
  let isWhole = true;
  function noticing<T>(read: (values: SharedValues) => T): Lossy<T> {
    const around = isWhole;
    isWhole = true;
    try {
      return { value: read(shared), isWhole };
    } finally {
      isWhole = around;
    }
  }
  function resolved(hash: Uint8Array): Lossy<Value> {
    const bytes = [load(hash), elsewhere.get(toHex(hash))].find((found) => found !== undefined && equalBytes(sha256(found), hash));
    return bytes === undefined ? { value: null, isWhole: false } : noticing((values) => decodeValue(bytes, values));
  }
  const shared: SharedValues = {
    hashOf: () => undefined,
    resolve(hash) {
      const key = toHex(hash);
      const found = held.get(key) ?? resolved(hash);
      held.set(key, found);
      isWhole &&= found.isWhole;
      return found.value;
    },
  };
  return { noticing };
}
