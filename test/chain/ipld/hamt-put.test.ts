/** Entries put into a HAMT that is there: the same tree as one built of them all. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8, toHex } from '../../../src/chain/encoding/bytes.ts';
import { encode, u64 } from '../../../src/chain/encoding/codec.ts';
import type { Block, GetBlock } from '../../../src/chain/ipld/block-store.ts';
import { buildHamt, HAMT_V2, HAMT_V3, type HamtEntry } from '../../../src/chain/ipld/hamt.ts';
import { hamtPut } from '../../../src/chain/ipld/hamt-put.ts';

const layouts = fc.constantFrom(HAMT_V2, HAMT_V3, { version: 3, bitWidth: 1 } as const);
const entries = fc
  .uniqueArray(fc.tuple(fc.uint8Array({ maxLength: 4 }), fc.bigInt({ min: 0n, max: 100n })), { selector: ([key]) => toHex(key), maxLength: 60 })
  .map((pairs) => pairs.map(([key, value]): HamtEntry => [key, encode(u64, value)]));

function storeOf(...lists: readonly (readonly Block[])[]): GetBlock {
  const blocks = new Map(lists.flat().map(({ cid, bytes }) => [cid.toString(), bytes]));
  return (cid) => blocks.get(cid.toString());
}

test('the root is that of a tree built of all entries, and its blocks are there', () => {
  fc.assert(
    fc.property(layouts, entries, entries, (layout, before, put) => {
      const built = buildHamt(layout, before);
      const after = hamtPut(storeOf(built.blocks), built.root, layout, put);
      const all = new Map([...before, ...put].map((entry) => [toHex(entry[0]), entry]));
      const whole = buildHamt(layout, all.values());
      expect(after.root.toString()).toBe(whole.root.toString());
      const get = storeOf(built.blocks, after.blocks);
      for (const { cid } of whole.blocks) expect(get(cid)).toBeDefined();
    }),
  );
});

test('one entry of ten thousand writes its own path alone', () => {
  const given = Array.from({ length: 10_000 }, (_, i): HamtEntry => [fromUtf8(`key ${i}`), encode(u64, BigInt(i))]);
  const built = buildHamt(HAMT_V3, given);
  const put = hamtPut(storeOf(built.blocks), built.root, HAMT_V3, [[fromUtf8('key 7777'), encode(u64, 1n)]]);
  expect(put.blocks.length).toBeLessThanOrEqual(4);
  expect(hamtPut(storeOf(built.blocks), built.root, HAMT_V3, [])).toEqual({ root: built.root, blocks: [] });
});
