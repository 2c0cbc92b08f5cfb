/**
 * A store in memory: for replays of exported epochs and for simulations. Keeps the contract of src/ports/store.ts but
 * for durability.
 */

import { toHex } from '../../chain/encoding/bytes.ts';
import type { Store } from '../../ports/store.ts';

/** Under its key in hexadecimal, which has the order of the bytes. */
interface Row {
  readonly name: string;
  readonly key: Uint8Array;
  value: Uint8Array;
}

export function memoryStore(): Store {
  const rows = new Map<string, Row>();
  /** All rows, in order up to where some were added. */
  let sorted: Row[] = [];
  let isSorted = true;
  const between = (from: Uint8Array, to: Uint8Array): readonly Row[] => {
    // Nearly sorted already, which takes few comparisons.
    if (!isSorted) sorted.sort((a, b) => (a.name < b.name ? -1 : 1));
    isSorted = true;
    return sorted.slice(firstFrom(sorted, toHex(from)), firstFrom(sorted, toHex(to)));
  };
  const put = (key: Uint8Array, value: Uint8Array): void => {
    const name = toHex(key);
    const known = rows.get(name);
    if (known !== undefined) {
      known.value = value.slice();
      return;
    }
    const row = { name, key: key.slice(), value: value.slice() };
    rows.set(name, row);
    sorted.push(row);
    isSorted = false;
  };
  let anchor: Uint8Array | undefined;
  return {
    get: (key) => rows.get(toHex(key))?.value.slice(),
    async write(ops) {
      let isLess = false;
      for (const op of ops) {
        if (op.type === 'put') put(op.key, op.value);
        else isLess = rows.delete(toHex(op.key)) || isLess;
      }
      if (!isLess) return;
      sorted = [...rows.values()];
      isSorted = false;
    },
    async *range(from, to) {
      // As it was when it was asked: rows are written over.
      const entries = between(from, to).map(({ key, value }) => [key, value] as const);
      for (const [key, value] of entries) yield [key.slice(), value.slice()] as const;
    },
    async last(from, to) {
      const row = between(from, to).at(-1);
      return row === undefined ? undefined : [row.key, row.value];
    },
    compact: async () => undefined,
    anchor: () => anchor,
    setAnchor(bytes) {
      anchor = bytes.slice();
    },
    checkPlace: () => undefined,
    close: async () => undefined,
  };
}

/** Index of the first row whose name is not below this one. */
function firstFrom(sorted: readonly Row[], name: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as Row).name < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
