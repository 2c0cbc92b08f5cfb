/** A store in memory: for replays of exported epochs and for simulations. Keeps the contract of src/ports/store.ts but for durability. */

import { compareBytes, toHex } from '../chain/bytes.ts';
import type { Store } from '../ports/store.ts';

export function memoryStore(): Store {
  const entries = new Map<string, readonly [Uint8Array, Uint8Array]>();
  const sorted = (from: Uint8Array, to: Uint8Array) =>
    [...entries.values()].filter(([key]) => compareBytes(key, from) >= 0 && compareBytes(key, to) < 0).sort(([a], [b]) => compareBytes(a, b));
  return {
    get: (key) => entries.get(toHex(key))?.[1],
    async write(ops) {
      for (const op of ops) {
        if (op.type === 'put') entries.set(toHex(op.key), [op.key, op.value]);
        else entries.delete(toHex(op.key));
      }
    },
    async *range(from, to) {
      yield* sorted(from, to);
    },
    last: async (from, to) => sorted(from, to).at(-1),
    close: async () => undefined,
  };
}
