/** The order of a map's keys in canonical CBOR (RFC 8949, 4.2.3: the shorter first, then byte by byte), worked out once for each shape that is written. */

import { compareBytes, fromUtf8 } from '../chain/bytes.ts';

const ASCII = /^[ -~]*$/;

/** Order of two keys by the bytes that they are written in. */
export function byEncoding(a: string, b: string): number {
  if (ASCII.test(a) && ASCII.test(b)) return a.length - b.length || (a < b ? -1 : 1);
  const [x, y] = [fromUtf8(a), fromUtf8(b)];
  return x.length - y.length || compareBytes(x, y);
}

/** A key as it is written, in its place. */
export interface KeyBytes {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** Where keys that came in this order lead: contexts and effects have few shapes. */
interface Shape {
  readonly next: Map<string, Shape>;
  keys: readonly KeyBytes[] | undefined;
}

const SHAPES_MAX = 4096;
const shapes: Shape = { next: new Map(), keys: undefined };
let shapesKept = 0;

/** Keys as they are to be written; `encode` must give the same bytes for a key always. */
export function shapeOf(keys: readonly string[], encode: (key: string) => Uint8Array): readonly KeyBytes[] {
  let shape = shapes;
  for (const key of keys) {
    const next = shape.next.get(key);
    if (next !== undefined) shape = next;
    else if (shapesKept++ >= SHAPES_MAX) return inOrder(keys, encode);
    else {
      const added = { next: new Map(), keys: undefined };
      shape.next.set(key, added);
      shape = added;
    }
  }
  shape.keys ??= inOrder(keys, encode);
  return shape.keys;
}

function inOrder(keys: readonly string[], encode: (key: string) => Uint8Array): readonly KeyBytes[] {
  return keys.toSorted(byEncoding).map((key) => ({ key, bytes: encode(key) }));
}
