/**
 * HAMTs: plain maps as oracle, both node layouts, and everything a node can be that it must not be. Real trees:
 * state/state-tree.test.ts.
 */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, fromHex, fromUtf8, toHex } from '../../../src/chain/encoding/bytes.ts';
import { type CID, cidOf } from '../../../src/chain/encoding/cid.ts';
import { encode, u64 } from '../../../src/chain/encoding/codec.ts';
import { sha256 } from '../../../src/chain/encoding/hash.ts';
import type { Block, GetBlock } from '../../../src/chain/ipld/block-store.ts';
import { buildHamt, HAMT_V2, HAMT_V3, type HamtEntry, type HamtLayout, hamtEntries, hamtGet } from '../../../src/chain/ipld/hamt.ts';
import { DecodeError, MissingBlockError } from '../../../src/errors/mineone-error.ts';

function storeOf(blocks: readonly Block[]): GetBlock {
  const map = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]));
  return (cid) => map.get(cid.toString());
}

function entriesOf(layout: HamtLayout, ...hexes: readonly string[]): HamtEntry[] {
  const blocks = hexes.map((hex) => ({ cid: cidOf(fromHex(hex)), bytes: fromHex(hex) }));
  return [...hamtEntries(storeOf(blocks), blocks.at(-1)?.cid as CID, layout)];
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return 'accepted';
}

function sorted(entries: readonly HamtEntry[]): HamtEntry[] {
  return [...entries].sort(([a], [b]) => compareBytes(a, b));
}

const layouts = fc.constantFrom<HamtLayout>(HAMT_V2, HAMT_V3, { version: 3, bitWidth: 1 }, { version: 3, bitWidth: 3 }, { version: 3, bitWidth: 6 });
const keys = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ minLength: 21, maxLength: 21 }));
const values = fc.bigInt(0n, (1n << 64n) - 1n).map((n) => encode(u64, n));
const entries = fc.uniqueArray(fc.tuple(keys, values), { selector: ([key]) => toHex(key), maxLength: 80, size: '+1' });

/** The first texts `k0`, `k1`, … whose hashes begin with these bits. */
function keysWith(prefix: string, count: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let i = 0; found.length < count; i++) {
    const key = fromUtf8(`k${i}`);
    const bits = [...sha256(key).subarray(0, 4)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    if (bits.startsWith(prefix)) found.push(key);
  }
  return found.sort(compareBytes);
}

describe('against a plain map', () => {
  test('every entry is found, and no other', () => {
    fc.assert(
      fc.property(layouts, entries, keys, (layout, given, other) => {
        const { root, blocks } = buildHamt(layout, given);
        const get = storeOf(blocks);
        const map = new Map(given.map(([key, value]) => [toHex(key), value]));
        expect(sorted([...hamtEntries(get, root, layout)])).toEqual(sorted(given));
        for (const [key, value] of given) expect(hamtGet(get, root, layout, key)).toEqual(value);
        expect(hamtGet(get, root, layout, other)).toEqual(map.get(toHex(other)) ?? null);
      }),
    );
  });

  test('the root depends on the entries alone; they come in the order of their hashes', () => {
    fc.assert(
      fc.property(layouts, entries, (layout, given) => {
        const { root, blocks } = buildHamt(layout, given);
        expect(buildHamt(layout, [...given].reverse()).root.equals(root)).toBe(true);
        const walked = [...hamtEntries(storeOf(blocks), root, layout)];
        expect(buildHamt(layout, walked).root.equals(root)).toBe(true);
      }),
    );
  });

  test('ten thousand entries', () => {
    const given = Array.from({ length: 10_000 }, (_, i): HamtEntry => [fromUtf8(`key ${i}`), encode(u64, BigInt(i))]);
    const { root, blocks } = buildHamt(HAMT_V3, given);
    expect([...hamtEntries(storeOf(blocks), root, HAMT_V3)]).toHaveLength(10_000);
    expect(hamtGet(storeOf(blocks), root, HAMT_V3, fromUtf8('key 7777'))).toEqual(encode(u64, 7777n));
  });

  test('a key twice is refused', () => {
    const key = fromUtf8('key');
    expect(
      codeOf(() =>
        buildHamt(HAMT_V3, [
          [key, Uint8Array.of(0)],
          [key, Uint8Array.of(1)],
        ]),
      ),
    ).toBe('HAMT_KEY');
  });
});

describe('the form of nodes', () => {
  const [a, b, c, d] = keysWith('00001', 4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const pair = (key: Uint8Array) => `824${key.length.toString(16)}${toHex(key)}f6`;

  test('an empty map', () => {
    for (const layout of [HAMT_V2, HAMT_V3]) {
      const { blocks } = buildHamt(layout, []);
      expect(blocks.map(({ bytes }) => toHex(bytes))).toEqual(['824080']);
      expect(entriesOf(layout, '824080')).toEqual([]);
    }
  });

  test('three keys of slot 1 are a bucket of the root, a fourth makes a child', () => {
    const nulls = (given: readonly Uint8Array[]): HamtEntry[] => given.map((key) => [key, Uint8Array.of(0xf6)]);
    const bucket = `83${pair(a)}${pair(b)}${pair(c)}`;
    expect(toHex(buildHamt(HAMT_V3, nulls([c, a, b])).blocks[0]?.bytes as Uint8Array)).toBe(`82410281${bucket}`);
    expect(toHex(buildHamt(HAMT_V2, nulls([c, a, b])).blocks[0]?.bytes as Uint8Array)).toBe(`82410281a16131${bucket}`);
    for (const layout of [HAMT_V2, HAMT_V3]) {
      const { blocks } = buildHamt(layout, nulls([a, b, c, d]));
      const digest = toHex(blocks.at(-2)?.cid.multihash.digest as Uint8Array);
      expect(toHex(blocks.at(-1)?.bytes as Uint8Array)).toBe(`82410281${layout.version === 2 ? 'a16130' : ''}d82a5827000171a0e40220${digest}`);
    }
  });

  const elsewhere = keysWith('00010', 1)[0] as Uint8Array;
  const link = (hex: string) => `d82a5827000171a0e40220${toHex(cidOf(fromHex(hex)).multihash.digest)}`;

  test.each([
    ['three fields', HAMT_V3, '83408000', 'CBOR_TOO_LONG'],
    ['one field', HAMT_V3, '8140', 'HAMT_FIELDS'],
    ['a leading zero byte', HAMT_V3, `8242000281 81${pair(a)}`, 'HAMT_BITFIELD'],
    ['one zero byte for none', HAMT_V3, '82410080', 'HAMT_BITFIELD'],
    ['a bitfield of five bytes', HAMT_V3, `82450100000000 81 81${pair(a)}`, 'CBOR_TOO_LONG'],
    ['slot 8 in a node of 8', { version: 3, bitWidth: 3 }, '8242010081818241006180', 'CBOR_TOO_LONG'],
    ['slot 7 in a node of 4', { version: 3, bitWidth: 2 }, `82418081 81${pair(a)}`, 'HAMT_BITFIELD'],
    ['more bits than pointers', HAMT_V3, `82410381 81${pair(a)}`, 'HAMT_NODE'],
    ['more pointers than bits', HAMT_V3, `82410282 81${pair(a)} 81${pair(b)}`, 'CBOR_TOO_LONG'],
    ['an empty bucket', HAMT_V3, '8241028180', 'HAMT_BUCKET'],
    ['a bucket of four', HAMT_V3, `82410281 84${pair(a)}${pair(b)}${pair(c)}${pair(d)}`, 'CBOR_TOO_LONG'],
    ['a bucket out of order', HAMT_V3, `82410281 82${pair(b)}${pair(a)}`, 'HAMT_BUCKET'],
    ['a key twice', HAMT_V3, `82410281 82${pair(a)}${pair(a)}`, 'HAMT_BUCKET'],
    ['a key twice in version 2', HAMT_V2, `82410281 a1613183${pair(a)}${pair(b)}${pair(a)}`, 'HAMT_BUCKET'],
    ['a pair of three', HAMT_V3, `82410281 8183${pair(a).slice(2)}00`, 'CBOR_TOO_LONG'],
    ['a key that is no bytes', HAMT_V3, '82410281 818200f6', 'CBOR_TYPE'],
    ['a key of another slot', HAMT_V3, `82410281 81${pair(elsewhere)}`, 'HAMT_KEY'],
    ['a pointer of version 2 in version 3', HAMT_V3, `82410281 a1613181${pair(a)}`, 'CBOR_TYPE'],
    ['a pointer of version 3 in version 2', HAMT_V2, `82410281 81${pair(a)}`, 'HAMT_POINTER'],
    ['a pointer of two keys', HAMT_V2, `82410281 a2613181${pair(a)}613081${pair(a)}`, 'CBOR_TOO_LONG'],
    ['a pointer of no key', HAMT_V2, '82410281 a0', 'HAMT_POINTER'],
    ['a pointer called 2', HAMT_V2, `82410281 a1613281${pair(a)}`, 'HAMT_POINTER'],
    ['a link to raw bytes', HAMT_V3, `82410281 ${link(pair(a)).replace('000171', '000155')}`, 'HAMT_POINTER'],
    ['a key of 4 GB', HAMT_V3, '82410281 81825b00000001ffffffff', 'CBOR_TOO_LONG'],
    ['2^60 pointers', HAMT_V3, '8241029b1000000000000000', 'CBOR_TOO_LONG'],
    ['something after it', HAMT_V3, '824080f6', 'CBOR_TRAILING'],
  ] as const)('%s', (_, layout, hex, code) => {
    expect(codeOf(() => entriesOf(layout, hex.replaceAll(' ', '')))).toBe(code);
  });

  test('a bucket that go-hamt-ipld v2 folded is not in order, and read', () => {
    expect(entriesOf(HAMT_V2, `82410281a1613182${pair(b)}${pair(a)}`)).toHaveLength(2);
  });

  test('a child that would fit a bucket, and one that stands in the tree twice', () => {
    const lone = `82410181 83${pair(a)}${pair(b)}${pair(c)}`.replace(' ', '');
    expect(codeOf(() => entriesOf(HAMT_V3, lone, `82410281${link(lone)}`))).toBe('HAMT_NODE');
    expect(codeOf(() => entriesOf(HAMT_V3, '824080', `82410281${link('824080')}`))).toBe('HAMT_NODE');
    const { blocks } = buildHamt(
      HAMT_V3,
      [a, b, c, d].map((key): HamtEntry => [key, Uint8Array.of(0xf6)]),
    );
    const child = toHex(blocks.at(-2)?.bytes as Uint8Array);
    const deeper = blocks.slice(0, -2).map(({ bytes }) => toHex(bytes));
    expect(entriesOf(HAMT_V3, ...deeper, child, `82410281${link(child)}`)).toHaveLength(4);
    expect(codeOf(() => entriesOf(HAMT_V3, ...deeper, child, `82410682${link(child)}${link(child)}`))).toBe('HAMT_KEY');
  });

  test('a chain of nodes deeper than a hash has bits', () => {
    const chain = [`82410181 81${pair(a)}`.replace(' ', '')];
    while (chain.length < 60) chain.push(`82410181${link(chain.at(-1) as string)}`);
    expect(codeOf(() => entriesOf(HAMT_V3, ...chain))).toBe('HAMT_TOO_DEEP');
  });

  test('a missing node says which', () => {
    const { root, blocks } = buildHamt(
      HAMT_V3,
      [a, b, c, d].map((key): HamtEntry => [key, Uint8Array.of(0xf6)]),
    );
    const missing = blocks.at(-2) as Block;
    const get = storeOf(blocks.filter((block) => block !== missing));
    expect(() => [...hamtEntries(get, root, HAMT_V3)]).toThrow(MissingBlockError);
    expect(() => hamtGet(get, root, HAMT_V3, a)).toThrow(missing.cid.toString());
    expect(hamtGet(get, root, HAMT_V3, elsewhere)).toBeNull();
  });

  test('mutated nodes are read or refused, never anything else; what is read whole is what its entries build', () => {
    let accepted = 0;
    const three = entries.map((given) => given.slice(0, 3));
    fc.assert(
      fc.property(fc.oneof(entries, three), fc.nat(), fc.nat(), fc.nat(255), (given, which, where, byte) => {
        const { root, blocks } = buildHamt(HAMT_V3, given);
        const victim = blocks[which % blocks.length] as Block;
        const bytes = victim.bytes.slice();
        bytes[where % bytes.length] = byte;
        const alone = blocks.length === 1 ? cidOf(bytes) : root;
        const get = storeOf([...blocks, { cid: victim.cid, bytes }, { cid: alone, bytes: blocks.length === 1 ? bytes : (blocks.at(-1) as Block).bytes }]);
        try {
          const found = [...hamtEntries(get, alone, HAMT_V3)];
          for (const [key] of found) hamtGet(get, alone, HAMT_V3, key);
          if (blocks.length > 1) return;
          accepted++;
          expect(buildHamt(HAMT_V3, found).root.toString()).toBe(alone.toString());
        } catch (error) {
          if (!(error instanceof DecodeError || error instanceof MissingBlockError)) throw error;
        }
      }),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
