/** A store in memory: for replays of exported epochs and for simulations. Keeps the contract of src/ports/store.ts but for durability. */

import { compareBytes, toHex } from '../chain/bytes.ts';
import type { Store } from '../ports/store.ts';

type Entry = readonly [key: Uint8Array, value: Uint8Array];

export function memoryStore(): Store {
  const entries = new Map<string, Entry>();
  let anchor: Uint8Array | undefined;
  /** All entries by their keys; made when it is asked for after a write. */
  let sorted: readonly Entry[] | undefined;
  const between = (from: Uint8Array, to: Uint8Array): readonly Entry[] => {
    sorted ??= [...entries.values()].sort(([a], [b]) => compareBytes(a, b));
    return sorted.slice(firstFrom(sorted, from), firstFrom(sorted, to));
  };
  return {
    get: (key) => entries.get(toHex(key))?.[1].slice(),
    async write(ops) {
      for (const op of ops) {
        if (op.type === 'put') entries.set(toHex(op.key), [op.key.slice(), op.value.slice()]);
        else entries.delete(toHex(op.key));
      }
      sorted = undefined;
    },
    async *range(from, to) {
      for (const [key, value] of between(from, to)) yield [key.slice(), value.slice()] as const;
    },
    last: async (from, to) => between(from, to).at(-1),
    compact: async () => undefined,
    anchor: () => anchor,
    setAnchor(bytes) {
      anchor = bytes.slice();
    },
    close: async () => undefined,
  };
}

/** Index of the first entry whose key is not below this one. */
function firstFrom(sorted: readonly Entry[], key: Uint8Array): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes((sorted[middle] as Entry)[0], key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
