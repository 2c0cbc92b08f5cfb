/**
 * Keys of the journal's rooms in the store: one letter and fixed-width big-endian numbers, so that the order of keys is
 * the order of things. A letter once retired is never used again.
 */

import { concatBytes, fromUtf8, int64BE } from '../../chain/encoding/bytes.ts';
import type { Epoch } from '../../chain/epoch.ts';

const room = (letter: string): Uint8Array => fromUtf8(letter);
const RECORD = room('r');
const STREAM = room('e');
const BLOB = room('b');
const SHARED = room('h');
const SLASH_EPOCH = room('s');
const SLASH_PARENTS = room('p');
const LIVE = room('l');
const META = room('m');

export const HEAD_KEY = concatBytes(META, fromUtf8('head'));

export function recordKey(seq: number): Uint8Array {
  const key = new Uint8Array(1 + SEQ_LENGTH);
  key[0] = RECORD[0] as number;
  putSeq(key, 1, seq);
  return key;
}

const SEQ_LENGTH = 6;
/** No record has this seq, nor a higher one. */
export const SEQ_END = 2 ** (8 * SEQ_LENGTH) - 1;

function putSeq(key: Uint8Array, offset: number, seq: number): void {
  let rest = seq;
  for (let i = offset + SEQ_LENGTH - 1; i >= offset; i--) {
    key[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

export function seqOfKey(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset + key.length - SEQ_LENGTH, SEQ_LENGTH);
  return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
}

/** Records of a stream, in order; its name ends in a zero byte, so that none begins another. */
export function streamKey(stream: string, seq: number): Uint8Array {
  const key = named(STREAM, stream, 1 + SEQ_LENGTH);
  putSeq(key, key.length - SEQ_LENGTH, seq);
  return key;
}

/** The last record of a stream that goes on. */
export function liveKey(stream: string): Uint8Array {
  return named(LIVE, stream, 0);
}

/** A letter, a name, and so many zeros. */
function named(letter: Uint8Array, name: string, zeros: number): Uint8Array {
  const key = new Uint8Array(1 + name.length + zeros);
  key[0] = letter[0] as number;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code > 0x7f) return concatBytes(letter, fromUtf8(name), new Uint8Array(zeros));
    key[1 + i] = code;
  }
  return key;
}

export function streamOfLiveKey(key: Uint8Array): string {
  return new TextDecoder().decode(key.subarray(1));
}

/** Name and seq of a {@link streamKey}. */
export function streamOfKey(key: Uint8Array): { readonly stream: string; readonly seq: number } {
  return { stream: new TextDecoder().decode(key.subarray(1, -(1 + SEQ_LENGTH))), seq: seqOfKey(key) };
}

/** Where the records of a stream and of those below it are named: `f01000/5` and `f01000/5/fate`. */
export function streamsRange(stream: string): readonly (readonly [from: Uint8Array, to: Uint8Array])[] {
  const name = concatBytes(STREAM, fromUtf8(stream));
  const upTo = (last: number): readonly [Uint8Array, Uint8Array] => [concatBytes(name, Uint8Array.of(last)), concatBytes(name, Uint8Array.of(last + 1))];
  return [upTo(0), upTo('/'.charCodeAt(0))];
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

/** All keys of one room: what its letter begins. */
export type Room = 'records' | 'streams' | 'blobs' | 'shared' | 'slashEpochs' | 'slashParents' | 'live' | 'meta';

const ROOMS: Readonly<Record<Room, Uint8Array>> = {
  records: RECORD,
  streams: STREAM,
  blobs: BLOB,
  shared: SHARED,
  slashEpochs: SLASH_EPOCH,
  slashParents: SLASH_PARENTS,
  live: LIVE,
  meta: META,
};

export function roomRange(name: Room): readonly [from: Uint8Array, to: Uint8Array] {
  const letter = ROOMS[name];
  return [letter, Uint8Array.of((letter[0] as number) + 1)];
}

export function roomOfKey(key: Uint8Array): Room | undefined {
  return (Object.keys(ROOMS) as Room[]).find((name) => ROOMS[name][0] === key[0]);
}

/** All that a store holds, in every room and none. */
export const EVERYTHING: readonly [from: Uint8Array, to: Uint8Array] = [new Uint8Array(0), new Uint8Array(1024).fill(0xff)];
