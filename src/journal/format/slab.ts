/**
 * Copies of short byte strings, side by side in one piece of memory: to ask for a piece of its own costs more than
 * filling it. Each byte is given out once.
 */

import type { ByteWriter } from '../../chain/encoding/byte-writer.ts';

/** Up to this length an array lies among the objects, and needs no slab. */
const SHORT = 64;
const LONG = 2048;
const SLAB_LENGTH = 16 * 1024;

let slab = new Uint8Array(SLAB_LENGTH);
let used = 0;

/** Of what was written from an offset on. */
export function slabCopy(w: ByteWriter, from = 0): Uint8Array {
  const size = w.length - from;
  if (size <= SHORT || size > LONG) return w.written(from);
  if (used + size > SLAB_LENGTH) {
    slab = new Uint8Array(SLAB_LENGTH);
    used = 0;
  }
  const copy = slab.subarray(used, used + size);
  copy.set(w.view(from));
  used += size;
  return copy;
}
