/** Bytes of a value in the making: one buffer for all of them, for a replay encodes a machine's whole state after every step. Same bytes as src/chain/encoding/cbor.ts. */

import { fromUtf8 } from '../../chain/encoding/bytes.ts';

let buffer = new Uint8Array(16 * 1024);
let view = new DataView(buffer.buffer);
let length = 0;

/** Begins anew: whatever an encoding that threw has left is forgotten. */
export function begin(): void {
  length = 0;
}

/** A copy of what was written since {@link begin}. */
export function end(): Uint8Array {
  return copied(0);
}

/** What was written since {@link begin}, until more is. */
export function written(): Uint8Array {
  return buffer.subarray(0, length);
}

/** A copy of what was written from an offset on. */
export function writtenSince(start: number): Uint8Array {
  return copied(start);
}

/** The same, and it is taken back. */
export function takeSince(start: number): Uint8Array {
  const taken = copied(start);
  length = start;
  return taken;
}

/** Up to this length an array lies among the objects; a longer one asks for memory of its own, which costs more than filling it. */
const SHORT = 64;
const SLAB_LENGTH = 16 * 1024;
const SLAB_SHARE_MAX = 2048;
let slab = new Uint8Array(SLAB_LENGTH);
let slabUsed = 0;

/** Longer ones are views of slabs, each byte of which is given out once. */
function copied(start: number): Uint8Array {
  const size = length - start;
  if (size <= SHORT || size > SLAB_SHARE_MAX) return buffer.slice(start, length);
  if (slabUsed + size > SLAB_LENGTH) {
    slab = new Uint8Array(SLAB_LENGTH);
    slabUsed = 0;
  }
  const copy = slab.subarray(slabUsed, slabUsed + size);
  copy.set(buffer.subarray(start, length));
  slabUsed += size;
  return copy;
}

export function offset(): number {
  return length;
}

/** Bytes that are a value's already. */
export function putRaw(bytes: Uint8Array): void {
  reserve(bytes.length);
  // A call costs more than a few bytes: keys are two or three.
  if (bytes.length <= COPIED_BY_HAND) for (let i = 0; i < bytes.length; i++) buffer[length + i] = bytes[i] as number;
  else buffer.set(bytes, length);
  length += bytes.length;
}

const COPIED_BY_HAND = 24;

function reserve(more: number): void {
  if (length + more <= buffer.length) return;
  const grown = new Uint8Array(Math.max(buffer.length * 2, length + more));
  grown.set(buffer.subarray(0, length));
  buffer = grown;
  view = new DataView(buffer.buffer);
}

export function putByte(byte: number): void {
  reserve(1);
  buffer[length++] = byte;
}

/** The shortest head for a safe integer. */
export function putHead(major: number, argument: number): void {
  reserve(9);
  const m = major << 5;
  if (argument < 24) buffer[length++] = m | argument;
  else if (argument < 0x100) {
    buffer[length++] = m | 24;
    buffer[length++] = argument;
  } else if (argument < 0x10000) {
    buffer[length++] = m | 25;
    view.setUint16(length, argument);
    length += 2;
  } else if (argument < 0x100000000) {
    buffer[length++] = m | 26;
    view.setUint32(length, argument);
    length += 4;
  } else {
    buffer[length++] = m | 27;
    view.setUint32(length, Math.floor(argument / 0x100000000));
    view.setUint32(length + 4, argument >>> 0);
    length += 8;
  }
}

export function putDouble(value: number): void {
  reserve(9);
  buffer[length++] = 0xfb;
  view.setFloat64(length, value);
  length += 8;
}

export function putBytes(major: number, bytes: Uint8Array): void {
  putHead(major, bytes.length);
  putRaw(bytes);
}

/** Longer texts go faster through an encoder. */
const BY_HAND_MAX = 96;

/** A text; one of ASCII, which names, keys and states are, without a detour. */
export function putText(major: number, text: string): void {
  if (!putAscii(major, text)) putBytes(major, fromUtf8(text));
}

function putAscii(major: number, text: string): boolean {
  if (text.length > BY_HAND_MAX) return false;
  const start = length;
  putHead(major, text.length);
  reserve(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) {
      length = start;
      return false;
    }
    buffer[length++] = code;
  }
  return true;
}
