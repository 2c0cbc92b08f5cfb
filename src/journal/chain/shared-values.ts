/** Values kept once by their hash, and bytes too long for a record kept beside it (docs/architecture.md 3 and 6). */

import { toHex } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { sha256 } from '../format/sha256.ts';
import { asValue, decodeValue, encodeValue, type SharedValues, type Value } from '../format/value.ts';

/** Longer byte strings are blobs: records hold their hash and length. */
export const INLINE_BYTES_MAX = 256;

export interface SharedStore extends SharedValues {
  readonly written: WeakMap<object, Uint8Array | null>;
  /** Keeps a value: the object to hand on, and to recognise by its identity. */
  share<T extends object>(value: T): T;
  /** The value with every long byte string replaced by `{$blob, $length}`. */
  withoutBlobs(value: Value): Value;
  /**
   * What was kept since the last call and must be written before or with whatever names it; and what is to go, which
   * nothing named since {@link watch}.
   */
  takeUnsaved(): { readonly values: readonly KeptValue[]; readonly blobs: readonly KeptValue[]; readonly forgotten: readonly Forgotten[] };
  /**
   * From now on it is noticed what is handed out and named, so that none of it is forgotten; gives the way to stop
   * that.
   */
  watch(): () => void;
  /**
   * No record that is kept names these: they go with the next batch, unless they were handed out or named since {@link
   * watch}, which must be on.
   */
  forget(gone: readonly Forgotten[]): void;
  hasForgotten(): boolean;
}

export interface Forgotten {
  readonly room: 'shared' | 'blobs';
  readonly hash: Uint8Array;
}

export interface KeptValue {
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Decoded values held, so that a head that is asked for again is the same object. */
const HELD = 512;

export function sharedStore(load: (hash: Uint8Array) => Uint8Array | undefined): SharedStore {
  const hashes = new WeakMap<object, Uint8Array>();
  const held = new Map<string, Value>();
  const unsaved = { values: new Map<string, KeptValue>(), blobs: new Map<string, KeptValue>() };
  /** Taken for the last batch: the store may not have them yet. */
  let underway: ReadonlyMap<string, KeptValue> = new Map();
  /** Hashes that are in use, while somebody watches. */
  let touched: Set<string> | null = null;
  let forgotten: readonly Forgotten[] = [];
  const store: SharedStore = {
    written: new WeakMap(),
    hashOf(value) {
      const hash = hashes.get(value);
      if (hash !== undefined) touched?.add(toHex(hash));
      return hash;
    },
    resolve(hash) {
      const key = toHex(hash);
      touched?.add(key);
      const known = held.get(key);
      if (known !== undefined) return known;
      const bytes = (unsaved.values.get(key) ?? underway.get(key))?.bytes ?? load(hash);
      if (bytes === undefined) throw new MineOneError('JOURNAL_SHARED_MISSING', `the value ${key} that a record names is not in the journal`);
      if (toHex(sha256(bytes)) !== key) throw new MineOneError('JOURNAL_SHARED_DAMAGED', `the value ${key} is not what its hash says`);
      return hold(key, hash, decodeValue(bytes, store));
    },
    share(value) {
      if (store.hashOf(value) !== undefined) return value;
      const bytes = encodeValue(asValue(value), store);
      const hash = sha256(bytes);
      const key = toHex(hash);
      touched?.add(key);
      const known = held.get(key);
      if (known !== undefined) return known as unknown as typeof value;
      if (load(hash) === undefined) unsaved.values.set(key, { hash, bytes });
      return hold(key, hash, decodeValue(bytes, store)) as unknown as typeof value;
    },
    withoutBlobs(value) {
      if (value instanceof Uint8Array) {
        if (value.length <= INLINE_BYTES_MAX) return value;
        const hash = sha256(value);
        touched?.add(toHex(hash));
        unsaved.blobs.set(toHex(hash), { hash, bytes: value });
        return { $blob: hash, $length: value.length };
      }
      if (typeof value !== 'object' || value === null || hashes.has(value)) return value;
      if (Array.isArray(value)) return value.some(isAside) ? value.map(store.withoutBlobs) : value;
      // An instance of a class is left as it is, for the codec to refuse.
      const prototype = Object.getPrototypeOf(value);
      if ((prototype !== Object.prototype && prototype !== null) || !Object.values(value).some(isAside)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, store.withoutBlobs(inner)]));
    },
    takeUnsaved() {
      const gone = forgotten.filter(({ hash }) => touched?.has(toHex(hash)) === false);
      const taken = { values: [...unsaved.values.values()], blobs: [...unsaved.blobs.values()], forgotten: gone };
      underway = new Map(unsaved.values);
      unsaved.values.clear();
      unsaved.blobs.clear();
      forgotten = [];
      return taken;
    },
    watch() {
      touched = new Set(held.keys());
      return () => {
        touched = null;
      };
    },
    forget(gone) {
      forgotten = [...forgotten, ...gone];
    },
    hasForgotten: () => forgotten.length > 0,
  };
  /** Whether it may hold a long byte string. */
  const isAside = (value: Value): boolean =>
    typeof value === 'object' && value !== null && (value instanceof Uint8Array ? value.length > INLINE_BYTES_MAX : !hashes.has(value));
  function hold(key: string, hash: Uint8Array, value: Value): Value {
    if (typeof value === 'object' && value !== null) hashes.set(value, hash);
    if (held.size >= HELD) held.delete(held.keys().next().value as string);
    held.set(key, value);
    return value;
  }
  return store;
}
