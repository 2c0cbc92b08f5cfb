/**
 * Which hashes were named, in a fixed room: never wrong about one that was, seldom about one that was not (Bloom 1970).
 */

export interface NameFilter {
  /** Whether it was new, as far as that is known. */
  add(hash: Uint8Array): boolean;
  has(hash: Uint8Array): boolean;
}

/** 2^26 bits, 8 MiB: of a million names one in 10,000 is taken for a named one. */
const BITS_LOG2 = 26;
const PROBES = 4;

/** Of SHA-256 hashes: their own bits are as good as those of any other hash of them. */
export function nameFilter(): NameFilter {
  const bits = new Uint8Array(2 ** (BITS_LOG2 - 3));
  const probe = (hash: Uint8Array, i: number): number => new DataView(hash.buffer, hash.byteOffset).getUint32(4 * i) >>> (32 - BITS_LOG2);
  return {
    add(hash) {
      let isNew = false;
      for (let i = 0; i < PROBES; i++) {
        const at = probe(hash, i);
        const before = bits[at >>> 3] as number;
        bits[at >>> 3] = before | (1 << (at & 7));
        isNew ||= bits[at >>> 3] !== before;
      }
      return isNew;
    },
    has(hash) {
      for (let i = 0; i < PROBES; i++) {
        const at = probe(hash, i);
        if (((bits[at >>> 3] as number) & (1 << (at & 7))) === 0) return false;
      }
      return true;
    },
  };
}
