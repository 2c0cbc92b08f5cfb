/**
 * What was made of the blocks that were read last: a block never changes, and the rules of one epoch read the same few
 * again and again.
 */

import type { CID } from '../encoding/cid.ts';
import type { GetBlock } from './block-store.ts';

/**
 * `make`, answered from memory for a source and a key of the last `kept`; what it throws is not kept, nor is a source
 * that nobody holds any more.
 */
export function recently<T>(kept: number): (get: GetBlock, key: string, make: () => T) => T {
  const sources = new WeakMap<GetBlock, Map<string, T>>();
  return (get, key, make) => {
    const known = sources.get(get) ?? new Map<string, T>();
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make();
    if (known.size >= kept) known.delete(known.keys().next().value as string);
    sources.set(get, known.set(key, made));
    return made;
  };
}

/** A text for a map, one for each CID: cheaper than the one that people read. */
export function cidKey(cid: CID): string {
  return String.fromCharCode(...cid.bytes);
}
