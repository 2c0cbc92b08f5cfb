/** What a record's bytes name and do not hold: shared values and blobs, by their hashes. */

import { concatBytes } from '../../chain/encoding/bytes.ts';
import { HASH_LENGTH } from '../format/sha256.ts';
import { decodeValue, encodeValue, type SharedValues, TAG_SHARED_BYTES, type Value } from '../format/value.ts';

export interface Named {
  readonly shared: readonly Uint8Array[];
  readonly blobs: readonly Uint8Array[];
}

/** Of a record or of a shared value, one level deep. Throws `DecodeError`. */
export function namedBy(bytes: Uint8Array): Named {
  const shared: Uint8Array[] = [];
  const blobs: Uint8Array[] = [];
  collectBlobs(
    decodeValue(
      bytes,
      noting((hash) => shared.push(hash)),
    ),
    blobs,
  );
  return { shared, blobs };
}

/** To decode a record with where what it names does not matter. */
export const NAMING: SharedValues = noting(() => undefined);

function noting(note: (hash: Uint8Array) => void): SharedValues {
  return {
    hashOf: () => undefined,
    resolve(hash) {
      note(hash);
      return null;
    },
  };
}

function collectBlobs(value: Value, blobs: Uint8Array[]): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const blob = (value as { readonly $blob?: Value }).$blob;
  if (blob instanceof Uint8Array) blobs.push(blob);
  for (const inner of Object.values(value)) collectBlobs(inner as Value, blobs);
}

const HASH_HEAD = Uint8Array.of(0x58, HASH_LENGTH);
/** What stands before the hash of a shared value, and of a blob. */
const MARKS = [concatBytes(TAG_SHARED_BYTES, HASH_HEAD), concatBytes(encodeValue('$blob'), HASH_HEAD)].map((mark) => Buffer.from(mark));

/**
 * All that the bytes name, found without decoding them; and perhaps something more, where bytes look like a name by
 * chance.
 */
export function* namesIn(bytes: Uint8Array): Generator<Uint8Array> {
  const within = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const mark of MARKS) {
    for (let at = within.indexOf(mark); at >= 0; at = within.indexOf(mark, at + 1)) {
      const hash = bytes.subarray(at + mark.length, at + mark.length + HASH_LENGTH);
      if (hash.length === HASH_LENGTH) yield hash;
    }
  }
}
