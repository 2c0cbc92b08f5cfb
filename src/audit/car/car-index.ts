/**
 * Where each block of a CAR file is: a hash table of offsets with about 11 bytes a block, in shared memory, so that
 * every thread looks up without copying. The CIDs stay in the file.
 */

import { type HashKey, halfSipHash } from './car-index-hash.ts';

/**
 * Open addressing over `low.length / 4` places: 48 bits of offset and 16 of the CID's hash; all zero when free (no
 * section begins at byte 0). Clones into workers.
 */
export interface CarIndex {
  readonly key: HashKey;
  readonly low: SharedArrayBuffer;
  readonly high: SharedArrayBuffer;
}

/**
 * Hashes and offsets in the order of the file, 10 bytes a block, kept until their number is known and the table can be
 * made in its right size.
 */
export interface IndexLog {
  readonly key: HashKey;
  readonly pages: { readonly hash: Uint32Array; readonly low: Uint32Array; readonly high: Uint16Array }[];
  length: number;
}

const PAGE_LENGTH = 1 << 14;
const PLACES_PER_BLOCK = 1.4;
const TWO_32 = 2 ** 32;

export function indexLog(key: HashKey): IndexLog {
  return { key, pages: [], length: 0 };
}

/** Notes the CID of the section at this offset (< 2^48). */
export function logSection(log: IndexLog, cid: Uint8Array, offset: number): void {
  const at = log.length % PAGE_LENGTH;
  if (at === 0) log.pages.push({ hash: new Uint32Array(PAGE_LENGTH), low: new Uint32Array(PAGE_LENGTH), high: new Uint16Array(PAGE_LENGTH) });
  const page = log.pages.at(-1) as IndexLog['pages'][number];
  page.hash[at] = halfSipHash(cid, log.key);
  page.low[at] = offset;
  page.high[at] = offset / TWO_32;
  log.length++;
}

/**
 * The table of a whole log, which is used up. Of sections with the same CID the first alone is in it: a block that
 * comes a million times must not make a chain of a million places. `isSameCid` compares the CIDs of two sections in the
 * file.
 */
export function buildIndex(log: IndexLog, isSameCid: (a: number, b: number) => boolean): { readonly index: CarIndex; readonly duplicates: number } {
  const places = Math.max(16, Math.ceil(log.length * PLACES_PER_BLOCK));
  const index: CarIndex = { key: log.key, low: new SharedArrayBuffer(4 * places), high: new SharedArrayBuffer(4 * places) };
  const low = new Uint32Array(index.low);
  const high = new Uint32Array(index.high);
  let duplicates = 0;
  for (let left = log.length; left > 0; left -= PAGE_LENGTH) {
    const page = log.pages.shift() as IndexLog['pages'][number];
    for (let i = 0; i < Math.min(left, PAGE_LENGTH); i++) {
      const hash = page.hash[i] as number;
      const offset = (page.high[i] as number) * TWO_32 + (page.low[i] as number);
      const place = probe(low, high, hash, (found) => isSameCid(found, offset));
      if (low[place] !== 0 || high[place] !== 0) {
        duplicates++;
        continue;
      }
      low[place] = page.low[i] as number;
      high[place] = ((hash & 0xffff) << 16) | (page.high[i] as number);
    }
  }
  return { index, duplicates };
}

/**
 * A function from a CID's bytes to its section's offset, or undefined; `hasCid` compares a CID with the one in the
 * file.
 */
export function indexLookup(index: CarIndex, hasCid: (offset: number, cid: Uint8Array) => boolean): (cid: Uint8Array) => number | undefined {
  const low = new Uint32Array(index.low);
  const high = new Uint32Array(index.high);
  return (cid) => {
    const place = probe(low, high, halfSipHash(cid, index.key), (offset) => hasCid(offset, cid));
    return low[place] === 0 && high[place] === 0 ? undefined : offsetAt(low, high, place);
  };
}

/**
 * The place of the offset that `isIt` takes, or the free one where it would be; a third of the places is always free.
 */
function probe(low: Uint32Array, high: Uint32Array, hash: number, isIt: (offset: number) => boolean): number {
  const mark = hash & 0xffff;
  let place = Math.floor((hash / TWO_32) * low.length);
  while (low[place] !== 0 || high[place] !== 0) {
    if ((high[place] as number) >>> 16 === mark && isIt(offsetAt(low, high, place))) return place;
    place = place + 1 === low.length ? 0 : place + 1;
  }
  return place;
}

function offsetAt(low: Uint32Array, high: Uint32Array, place: number): number {
  return ((high[place] as number) & 0xffff) * TWO_32 + (low[place] as number);
}
