/** Keys of the journal's rooms in the store: one letter and fixed-width big-endian numbers, so that the order of keys is the order of things. A letter once retired is never used again. */

import { concatBytes, fromUtf8, int64BE } from '../chain/bytes.ts';
import type { Epoch } from '../chain/epoch.ts';

const room = (letter: string): Uint8Array => fromUtf8(letter);
const RECORD = room('r');
const STREAM = room('e');
const BLOB = room('b');
const SHARED = room('h');
const SLASH_EPOCH = room('s');
const SLASH_PARENTS = room('p');
const META = room('m');

export const HEAD_KEY = concatBytes(META, fromUtf8('head'));

export function recordKey(seq: number): Uint8Array {
  return concatBytes(RECORD, int64BE(seq));
}

export function seqOfKey(key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset + key.length - 8, 8).getBigUint64(0));
}

/** Records of a stream, in order; its name ends in a zero byte, so that none begins another. */
export function streamKey(stream: string, seq: number): Uint8Array {
  return concatBytes(STREAM, fromUtf8(stream), Uint8Array.of(0), int64BE(seq));
}

export function blobKey(hash: Uint8Array): Uint8Array {
  return concatBytes(BLOB, hash);
}

export function sharedKey(hash: Uint8Array): Uint8Array {
  return concatBytes(SHARED, hash);
}

export function slashEpochKey(minerId: bigint, epoch: Epoch): Uint8Array {
  return concatBytes(SLASH_EPOCH, int64BE(minerId), int64BE(epoch));
}

/** `parents` is the SHA-256 of the tipset key's bytes. */
export function slashParentsKey(minerId: bigint, parents: Uint8Array): Uint8Array {
  return concatBytes(SLASH_PARENTS, int64BE(minerId), parents);
}
