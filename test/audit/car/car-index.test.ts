/**
 * The index of a CAR file against a plain map, its hash against the published vectors, and many copies of one block.
 */

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { buildIndex, indexLog, indexLookup, logSection } from '../../../src/audit/car/car-index.ts';
import { halfSipHash } from '../../../src/audit/car/car-index-hash.ts';
import { equalBytes, fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';

/** Sections that lie only in a table: their CIDs by offset. */
function indexOf(cids: readonly Uint8Array[], step: number) {
  const at = new Map(cids.map((cid, i) => [(i + 1) * step, cid]));
  const cidAt = (offset: number) => at.get(offset) ?? expect.unreachable(`no section begins at ${offset}`);
  const log = indexLog([1, 2]);
  for (const [offset, cid] of at) logSection(log, cid, offset);
  const { index, duplicates } = buildIndex(log, (a, b) => equalBytes(cidAt(a), cidAt(b)));
  return { index, duplicates, find: indexLookup(index, (offset, cid) => equalBytes(cidAt(offset), cid)) };
}

describe('HalfSipHash-2-4', () => {
  // vectors.h of github.com/veorq/SipHash: key 00..07, messages of 0, 1, 2 … bytes counting up; little-endian.
  it.each(['a9359f5b', '27475ab8', 'fa62a603', '8afee704'])('gives the published value %s', (hex) => {
    const length = ['a9359f5b', '27475ab8', 'fa62a603', '8afee704'].indexOf(hex);
    const value = halfSipHash(
      Uint8Array.from({ length }, (_, i) => i),
      [0x03020100, 0x07060504],
    );
    expect(toHex(Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24))).toBe(hex);
  });
});

describe('index', () => {
  test.prop([fc.array(fc.uint8Array({ minLength: 1, maxLength: 3 }), { maxLength: 500 }), fc.constantFrom(1, 40, 2 ** 32, 2 ** 38)])(
    'finds the first section of each CID and nothing else, beyond 4 GiB too',
    (cids, step) => {
      const { find, duplicates } = indexOf(cids, step);
      const first = new Map<string, number>();
      cids.forEach((cid, i) => {
        if (!first.has(toHex(cid))) first.set(toHex(cid), (i + 1) * step);
      });
      expect(duplicates).toBe(cids.length - first.size);
      for (const cid of [...cids, fromHex('ffffffff')]) expect(find(cid)).toBe(first.get(toHex(cid)));
    },
  );

  it('takes 200,000 blocks in 12 bytes each, and 200,000 copies of one block without a walk through all of them', () => {
    const four = (i: number) => Uint8Array.of(i, i >>> 8, i >>> 16, 1);
    const distinct = indexOf(
      Array.from({ length: 200_000 }, (_, i) => four(i)),
      50,
    );
    expect(distinct.duplicates).toBe(0);
    expect(distinct.index.low.byteLength + distinct.index.high.byteLength).toBeLessThan(12 * 200_000);
    for (let i = 0; i < 200_000; i += 7) expect(distinct.find(four(i))).toBe((i + 1) * 50);
    const start = performance.now();
    const copies = indexOf(new Array<Uint8Array>(200_000).fill(four(5)), 50);
    expect(copies.duplicates).toBe(199_999);
    expect(copies.find(four(5))).toBe(50);
    // A walk would take 2 * 10^10 steps.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
