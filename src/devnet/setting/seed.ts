/**
 * Chance that is the same twice: streams of pseudo-random numbers by seed and labels, for worlds that can be made
 * again. Never for keys that guard anything.
 */

import { int64BE, joinBytes } from '../../chain/encoding/bytes.ts';
import { blake2b256 } from '../../chain/encoding/hash.ts';
import { MineOneError } from '../../errors/mineone-error.ts';

export interface SeededRandom {
  /** At least 0 and below 1, in steps of 2^-32. */
  next(): number;
  /**
   * An integer of at least 0 and below `n`, every one as likely; throws `SEED_RANGE` unless `n` is an integer from 1 to
   * 2^32.
   */
  below(n: number): number;
  bytes(length: number): Uint8Array;
  /** Throws `SEED_RANGE` for an empty list. */
  pick<T>(list: readonly T[]): T;
  /** True with this probability; one draw, whatever the probability is. */
  chance(probability: number): boolean;
}

const RANGE = 2 ** 32;
const utf8 = new TextEncoder();

/** The stream of this seed and these labels: what is drawn from it moves no other stream. */
export function seededRandom(seed: string, ...labels: readonly string[]): SeededRandom {
  const draw = xoshiro128(stateOf([seed, ...labels]));
  const below = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > RANGE)
      throw new MineOneError('SEED_RANGE', `below() takes an integer from 1 to 2^32, got ${n}; an empty list has nothing to pick`);
    const fair = RANGE - (RANGE % n);
    let drawn = draw();
    while (drawn >= fair) drawn = draw();
    return drawn % n;
  };
  return {
    next: () => draw() / RANGE,
    below,
    bytes: (length) => Uint8Array.from({ length }, () => draw() >>> 24),
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    chance: (probability) => draw() / RANGE < probability,
  };
}

/** Four words that are not all zero; each text with its length before it, so that `a`, `bc` is not `ab`, `c`. */
function stateOf(texts: readonly string[]): Uint32Array {
  const parts = texts.map((text) => utf8.encode(text)).flatMap((bytes) => [int64BE(bytes.length), bytes]);
  const digest = blake2b256(joinBytes(parts));
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  return Uint32Array.of(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12) | 1);
}

/** xoshiro128** of Blackman and Vigna: 32 bits a call. */
function xoshiro128(state: Uint32Array): () => number {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  return () => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotl(d, 11);
    return result;
  };
}

function rotl(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
