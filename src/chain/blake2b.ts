/** BLAKE2b without a key (RFC 7693), 1 to 64 bytes, of a whole message at once: nothing is made but the digest. Everything on a chain is named by it. */

/** Words of 64 bits, each as its lower and its upper half. */
const IV = Int32Array.of(
  0xf3bcc908,
  0x6a09e667,
  0x84caa73b,
  0xbb67ae85,
  0xfe94f82b,
  0x3c6ef372,
  0x5f1d36f1,
  0xa54ff53a,
  0xade682d1,
  0x510e527f,
  0x2b3e6c1f,
  0x9b05688c,
  0xfb41bd6b,
  0x1f83d9ab,
  0x137e2179,
  0x5be0cd19,
);
const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const;
const ROUNDS = 12;
/** Where each round's words are in {@link m}, one after another. */
const ORDER = Uint8Array.from({ length: ROUNDS * 16 }, (_, i) => 2 * (SIGMA[(i >> 4) % SIGMA.length]?.[i & 15] ?? 0));
const BLOCK = 128;
const CARRY = 2 ** 32;

/** The state, what is mixed, and the block of the message; of one call at a time. */
const h = new Int32Array(16);
const v = new Int32Array(32);
const m = new Int32Array(32);

/** Digest of so many bytes. */
export function blake2b(bytes: Uint8Array, digestLength: number): Uint8Array {
  h.set(IV);
  h[0] = (h[0] as number) ^ 0x01010000 ^ digestLength;
  let at = 0;
  for (; bytes.length - at > BLOCK; at += BLOCK) {
    load(bytes, at, BLOCK);
    compress(at + BLOCK, false);
  }
  load(bytes, at, bytes.length - at);
  compress(bytes.length, true);
  const digest = new Uint8Array(digestLength);
  for (let i = 0; i < digestLength; i++) digest[i] = (h[i >> 2] as number) >>> (8 * (i & 3));
  return digest;
}

function load(bytes: Uint8Array, at: number, length: number): void {
  const whole = length >> 2;
  for (let i = 0; i < whole; i++) {
    const from = at + 4 * i;
    m[i] = (bytes[from] as number) | ((bytes[from + 1] as number) << 8) | ((bytes[from + 2] as number) << 16) | ((bytes[from + 3] as number) << 24);
  }
  m.fill(0, whole);
  for (let i = 4 * whole; i < length; i++) m[whole] = (m[whole] as number) | ((bytes[at + i] as number) << (8 * (i & 3)));
}

/** `count`: bytes of the message up to the end of this block. */
function compress(count: number, isLast: boolean): void {
  v.set(h);
  v.set(IV, 16);
  v[24] = (v[24] as number) ^ count;
  v[25] = (v[25] as number) ^ Math.floor(count / CARRY);
  if (isLast) {
    v[28] = ~(v[28] as number);
    v[29] = ~(v[29] as number);
  }
  for (let at = 0; at < ROUNDS * 16; at += 16) {
    mix(0, 8, 16, 24, at);
    mix(2, 10, 18, 26, at + 2);
    mix(4, 12, 20, 28, at + 4);
    mix(6, 14, 22, 30, at + 6);
    mix(0, 10, 20, 30, at + 8);
    mix(2, 12, 22, 24, at + 10);
    mix(4, 14, 16, 26, at + 12);
    mix(6, 8, 18, 28, at + 14);
  }
  for (let i = 0; i < 16; i++) h[i] = (h[i] as number) ^ (v[i] as number) ^ (v[i + 16] as number);
}

/** The function G of the RFC over the words at these places; `at`: of the two words of the message in {@link ORDER}. */
function mix(a: number, b: number, c: number, d: number, at: number): void {
  const x = ORDER[at] as number;
  const y = ORDER[at + 1] as number;
  let bl = v[b] as number;
  let bh = v[b + 1] as number;
  let cl = v[c] as number;
  let ch = v[c + 1] as number;
  let al = ((v[a] as number) + bl) | 0;
  let ah = ((v[a + 1] as number) + bh + carry(al, bl)) | 0;
  al = (al + (m[x] as number)) | 0;
  ah = (ah + (m[x + 1] as number) + carry(al, m[x] as number)) | 0;
  let dl = (v[d + 1] as number) ^ ah;
  let dh = (v[d] as number) ^ al;
  cl = (cl + dl) | 0;
  ch = (ch + dh + carry(cl, dl)) | 0;
  let low = bl ^ cl;
  let high = bh ^ ch;
  bl = (low >>> 24) | (high << 8);
  bh = (high >>> 24) | (low << 8);
  al = (al + bl) | 0;
  ah = (ah + bh + carry(al, bl)) | 0;
  al = (al + (m[y] as number)) | 0;
  ah = (ah + (m[y + 1] as number) + carry(al, m[y] as number)) | 0;
  low = dl ^ al;
  high = dh ^ ah;
  dl = (low >>> 16) | (high << 16);
  dh = (high >>> 16) | (low << 16);
  cl = (cl + dl) | 0;
  ch = (ch + dh + carry(cl, dl)) | 0;
  low = bl ^ cl;
  high = bh ^ ch;
  v[b] = (low << 1) | (high >>> 31);
  v[b + 1] = (high << 1) | (low >>> 31);
  v[a] = al;
  v[a + 1] = ah;
  v[c] = cl;
  v[c + 1] = ch;
  v[d] = dl;
  v[d + 1] = dh;
}

/** Of a sum of two words of 32 bits, one of which is given. */
function carry(sum: number, part: number): number {
  return sum >>> 0 < part >>> 0 ? 1 : 0;
}
