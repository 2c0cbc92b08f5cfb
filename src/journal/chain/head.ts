/**
 * The journal's head: where it ends, and sums over the rows that no record chains. One row of the store, written with
 * every batch; and once more as the anchor beside it.
 */

import { compareBytes, concatBytes, equalBytes, fromUtf8, int64BE, toUintBE } from '../../chain/encoding/bytes.ts';
import { HASH_LENGTH, sha256 } from '../format/sha256.ts';
import { decodeValue, encodeValue, type Value } from '../format/value.ts';

export interface JournalHead {
  readonly seq: number;
  /** Of the record at `seq`. */
  readonly hash: Uint8Array;
  /** Over the rows of the streams that go on. */
  readonly live: bigint;
  /** Over the slash rows. */
  readonly slash: bigint;
}

const SUM_BITS = 256;

export function encodeHead({ seq, hash, live, slash }: JournalHead): Uint8Array {
  const fields = encodeValue([seq, hash, live, slash]);
  return concatBytes(fields, sha256(fields));
}

/** `null` for bytes that are no head. */
export function decodeHead(bytes: Uint8Array): JournalHead | null {
  const fields = bytes.subarray(0, -HASH_LENGTH);
  if (bytes.length <= HASH_LENGTH || !equalBytes(sha256(fields), bytes.subarray(-HASH_LENGTH))) return null;
  const [seq, hash, live, slash] = decodeValue(fields) as readonly [number, Uint8Array, bigint, bigint] & readonly Value[];
  return { seq, hash, live, slash };
}

/** What a row adds to the sum of its set, whatever their order: one lost, one more or one changed is another sum. */
export function rowTerm(key: Uint8Array, value: Uint8Array): bigint {
  return toUintBE(sha256(concatBytes(lengthText(key.length), key, value)));
}

/** `7/`, so that a key's end is told from a value's beginning. */
function lengthText(length: number): Uint8Array {
  const known = lengthTexts[length];
  if (known !== undefined) return known;
  const text = fromUtf8(`${length}/`);
  if (length < LENGTHS_KEPT) lengthTexts[length] = text;
  return text;
}

const LENGTHS_KEPT = 128;
const lengthTexts: (Uint8Array | undefined)[] = new Array(LENGTHS_KEPT);

export function addTerm(sum: bigint, term: bigint): bigint {
  return BigInt.asUintN(SUM_BITS, sum + term);
}

export function takeTerm(sum: bigint, term: bigint): bigint {
  return BigInt.asUintN(SUM_BITS, sum - term);
}

export interface Anchor {
  readonly seq: number;
  readonly hash: Uint8Array;
}

const ANCHOR_CHECK = 8;

/** 48 bytes: seq, hash, and the first 8 bytes of their SHA-256. */
export function encodeAnchor({ seq, hash }: Anchor): Uint8Array {
  const fields = concatBytes(int64BE(seq), hash);
  return concatBytes(fields, sha256(fields, ANCHOR_CHECK));
}

/** `null` for bytes that are no anchor. */
export function decodeAnchor(bytes: Uint8Array): Anchor | null {
  const fields = bytes.subarray(0, 8 + HASH_LENGTH);
  if (bytes.length !== 8 + HASH_LENGTH + ANCHOR_CHECK || compareBytes(sha256(fields).subarray(0, ANCHOR_CHECK), bytes.subarray(8 + HASH_LENGTH)) !== 0)
    return null;
  return { seq: Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)), hash: fields.slice(8) };
}
