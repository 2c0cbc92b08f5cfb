/** What a record's bytes name and do not hold: shared values and blobs, by their hashes. */

import { decodeValue, type SharedValues, type Value } from './value.ts';

export interface Named {
  readonly shared: readonly Uint8Array[];
  readonly blobs: readonly Uint8Array[];
}

/** Of a record or of a shared value, one level deep. Throws `DecodeError`. */
export function namedBy(bytes: Uint8Array): Named {
  const shared: Uint8Array[] = [];
  const blobs: Uint8Array[] = [];
  const noting: SharedValues = {
    hashOf: () => undefined,
    resolve(hash) {
      shared.push(hash);
      return null;
    },
  };
  collectBlobs(decodeValue(bytes, noting), blobs);
  return { shared, blobs };
}

function collectBlobs(value: Value, blobs: Uint8Array[]): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  const blob = (value as { readonly $blob?: Value }).$blob;
  if (blob instanceof Uint8Array) blobs.push(blob);
  for (const inner of Object.values(value)) collectBlobs(inner as Value, blobs);
}
