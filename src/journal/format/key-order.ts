/**
 * The order of a map's keys in canonical CBOR (RFC 8949, 4.2.3: the shorter first, then byte by byte), worked out once
 * for each shape that is written.
 */

import { compareBytes, fromUtf8 } from '../../chain/encoding/bytes.ts';

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

/** Keys that came in this order, in theirs: contexts and effects have few shapes. */
interface Shape {
  readonly came: readonly string[];
  readonly keys: readonly KeyBytes[];
}

const FIRSTS_MAX = 256;
/** Of one first key: they are tried one after another. */
const SHAPES_EACH = 64;
/** By their first key. */
const shapes = new Map<string, Shape[]>();

/** Keys as they are to be written; `encode` must give the same bytes for a key always. */
export function shapeOf(keys: readonly string[], encode: (key: string) => Uint8Array): readonly KeyBytes[] {
  const first = keys[0];
  if (first === undefined) return NO_KEYS;
  const known = shapes.get(first);
  if (known !== undefined) for (const shape of known) if (isSame(shape.came, keys)) return shape.keys;
  const ordered = keys.toSorted(byEncoding).map((key) => ({ key, bytes: encode(key) }));
  const shape = { came: keys, keys: ordered };
  if (known === undefined && shapes.size < FIRSTS_MAX) shapes.set(first, [shape]);
  else if (known !== undefined && known.length < SHAPES_EACH) known.push(shape);
  return ordered;
}

const NO_KEYS: readonly KeyBytes[] = [];

/** The last first: what differs mostly differs there. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}
