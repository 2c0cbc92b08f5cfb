/**
 * HalfSipHash-2-4 with 32 bits of output (Aumasson and Bernstein, github.com/veorq/SipHash): keyed, so that nobody can
 * make a file whose CIDs all fall into one place of the index.
 */

/** Two words of 32 bits, drawn anew for each file. */
export type HashKey = readonly [low: number, high: number];

/** An unsigned integer of 32 bits. */
export function halfSipHash(bytes: Uint8Array, key: HashKey): number {
  const state = Int32Array.of(key[0], key[1], key[0] ^ 0x6c796765, key[1] ^ 0x74656462);
  const whole = bytes.length & ~3;
  for (let i = 0; i < whole; i += 4) absorb(state, word(bytes, i, 4));
  absorb(state, word(bytes, whole, bytes.length - whole) | (bytes.length << 24));
  (state[2] as number) ^= 0xff;
  for (let i = 0; i < 4; i++) round(state);
  return ((state[1] as number) ^ (state[3] as number)) >>> 0;
}

function word(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value |= (bytes[at + i] as number) << (8 * i);
  return value;
}

function absorb(state: Int32Array, m: number): void {
  (state[3] as number) ^= m;
  round(state);
  round(state);
  (state[0] as number) ^= m;
}

function round(state: Int32Array): void {
  let v0 = state[0] as number;
  let v1 = state[1] as number;
  let v2 = state[2] as number;
  let v3 = state[3] as number;
  v0 = (v0 + v1) | 0;
  v1 = rotate(v1, 5) ^ v0;
  v0 = rotate(v0, 16);
  v2 = (v2 + v3) | 0;
  v3 = rotate(v3, 8) ^ v2;
  v0 = (v0 + v3) | 0;
  v3 = rotate(v3, 7) ^ v0;
  v2 = (v2 + v1) | 0;
  v1 = rotate(v1, 13) ^ v2;
  v2 = rotate(v2, 16);
  state[0] = v0;
  state[1] = v1;
  state[2] = v2;
  state[3] = v3;
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
