/**
 * AMTs: the published roots, plain maps as oracle, the message arrays of real chains rebuilt, and everything a node can
 * be that it must not be.
 */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { type CID, cidOf, parseCid } from '../../../src/chain/encoding/cid.ts';
import { decode, encode, link, u64 } from '../../../src/chain/encoding/codec.ts';
import { AMT_V2, type AmtEntry, type AmtLayout, amtEntries, amtGet, amtV3, buildAmt, buildSparseAmt } from '../../../src/chain/ipld/amt.ts';
import type { Block, GetBlock } from '../../../src/chain/ipld/block-store.ts';
import { messageMeta } from '../../../src/chain/message-meta.ts';
import { DecodeError, MissingBlockError } from '../../../src/errors/mineone-error.ts';
import { sharedData, suiteName } from '../../shared-data.ts';
import { headersOf, readCar } from '../state/car-file.ts';

interface Vectors {
  readonly amtV2: readonly { readonly n: number; readonly rootHex: string | null; readonly cid: string }[];
  readonly msgMeta: readonly { readonly bls: number; readonly secp: number; readonly hex: string; readonly cid: string }[];
}

const vectors = JSON.parse(readFileSync(new URL('../../vectors/consensus-vectors.json', import.meta.url), 'utf8')) as Vectors;

/** The value of the vectors: the CID of a CBOR integer. */
function uintLink(i: number): Uint8Array {
  return encode(link, cidOf(encode(u64, BigInt(i))));
}

function links(count: number, from = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => uintLink(from + i));
}

function storeOf(blocks: readonly Block[]): GetBlock {
  const map = new Map(blocks.map(({ cid, bytes }) => [cid.toString(), bytes]));
  return (cid) => map.get(cid.toString());
}

/** Reads a tree whose blocks are given in hexadecimal, the root last. */
function entriesOf(layout: AmtLayout, ...hexes: readonly string[]): AmtEntry[] {
  const blocks = hexes.map((hex) => ({ cid: cidOf(fromHex(hex)), bytes: fromHex(hex) }));
  return [...amtEntries(storeOf(blocks), blocks.at(-1)?.cid as CID, layout)];
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

const layouts = fc.constantFrom(AMT_V2, amtV3(1), amtV3(2), amtV3(3), amtV3(5), amtV3(6));
const indices = fc.oneof(fc.bigInt(0n, 40n), fc.bigInt(0n, 5000n), fc.bigInt(0n, (1n << 63n) - 1n));
const values = fc.oneof(
  fc.bigInt(0n, (1n << 64n) - 1n).map((n) => encode(u64, n)),
  fc.nat(99).map(uintLink),
);
const entries = fc.uniqueArray(fc.tuple(indices, values), { selector: ([index]) => index, maxLength: 60 });

describe('published vectors', () => {
  test.each(vectors.amtV2)('version 2 of $n values', ({ n, rootHex, cid }) => {
    const { root, blocks } = buildAmt(AMT_V2, links(n));
    expect(root.toString()).toBe(cid);
    if (rootHex !== null) expect(toHex(blocks.at(-1)?.bytes as Uint8Array)).toBe(rootHex);
    expect([...amtEntries(storeOf(blocks), root, AMT_V2)].map(([, value]) => value)).toEqual(links(n));
  });

  test.each(vectors.msgMeta)('messages root of $bls and $secp messages', ({ bls, secp, hex, cid }) => {
    const meta = { blsMessages: buildAmt(AMT_V2, links(bls)).root, secpkMessages: buildAmt(AMT_V2, links(secp, 1000)).root };
    expect(toHex(encode(messageMeta, meta))).toBe(hex);
    expect(cidOf(encode(messageMeta, meta)).toString()).toBe(cid);
  });
});

describe('against a plain map', () => {
  test('every entry is found, in order, and no other', () => {
    fc.assert(
      fc.property(layouts, entries, indices, (layout, given, other) => {
        const { root, blocks } = buildSparseAmt(layout, given);
        const get = storeOf(blocks);
        const map = new Map(given);
        const sorted = [...given].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...amtEntries(get, root, layout)]).toEqual(sorted);
        for (const [index, value] of given) expect(amtGet(get, root, layout, index)).toEqual(value);
        expect(amtGet(get, root, layout, other)).toEqual(map.get(other) ?? null);
      }),
    );
  });

  test('the root depends on the entries alone', () => {
    fc.assert(
      fc.property(layouts, entries, (layout, given) => {
        const { root, blocks } = buildSparseAmt(layout, given);
        expect(buildSparseAmt(layout, [...given].reverse()).root.equals(root)).toBe(true);
        expect(buildSparseAmt(layout, amtEntries(storeOf(blocks), root, layout)).root.equals(root)).toBe(true);
      }),
    );
  });

  test('an array is a map of 0, 1, 2 …', () => {
    for (const count of [0, 1, 8, 9, 33, 70]) {
      const sparse = buildSparseAmt(
        AMT_V2,
        links(count).map((value, i): AmtEntry => [BigInt(i), value]),
      );
      expect(sparse.root.toString()).toBe(buildAmt(AMT_V2, links(count)).root.toString());
    }
  });

  test('an index twice, or out of range, is refused', () => {
    const value = uintLink(0);
    expect(
      codeOf(() =>
        buildSparseAmt(AMT_V2, [
          [1n, value],
          [1n, value],
        ]),
      ),
    ).toBe('AMT_INDEX');
    expect(codeOf(() => buildSparseAmt(AMT_V2, [[1n << 63n, value]]))).toBe('AMT_INDEX');
    expect(codeOf(() => buildSparseAmt(amtV3(3), [[(1n << 64n) - 1n, value]]))).toBe('AMT_INDEX');
    const high = buildSparseAmt(amtV3(3), [[(1n << 64n) - 2n, value]]);
    expect([...amtEntries(storeOf(high.blocks), high.root, amtV3(3))]).toEqual([[(1n << 64n) - 2n, value]]);
  });
});

describe('malformed trees', () => {
  const leaf = '8341018081f6'; // bitmap 01, no links, values [null]
  const to = (hex: string) => `d82a5827000171a0e40220${toHex(cidOf(fromHex(hex)).multihash.digest)}`;

  test.each([
    ['a root of four fields', AMT_V2, '840300008341008080', 'CBOR_TOO_LONG'],
    ['a root of three fields in version 3', amtV3(3), '8300008341008080', 'AMT_FIELDS'],
    ['another bit width', amtV3(5), '840300008341008080', 'AMT_BIT_WIDTH'],
    ['a height of 21 in version 2', AMT_V2, '8315008341008080', 'AMT_HEIGHT'],
    ['a height of 2^64 - 1', AMT_V2, '831bffffffffffffffff008341008080', 'AMT_HEIGHT'],
    ['a height of 22 in version 3', amtV3(3), '840316008341008080', 'AMT_HEIGHT'],
    ['a height of 13 with 32 slots', amtV3(5), '84050d008344000000008080', 'AMT_HEIGHT'],
    ['an empty tree that counts 1', AMT_V2, '8300018341008080', 'AMT_COUNT'],
    ['a value not counted', AMT_V2, `830000${leaf}`, 'AMT_COUNT'],
    ['more values than the tree has room for', AMT_V2, `830009${leaf}`, 'AMT_COUNT'],
    ['fewer values than the count', AMT_V2, `830002${leaf}`, 'AMT_COUNT'],
    ['a count of 2^64 - 1 in a tall tree', AMT_V2, `83141bffffffffffffffff83410181${to(leaf)}80`, 'AMT_COUNT'],
    ['a bitmap of two bytes', AMT_V2, '830001834201008081f6', 'CBOR_TOO_LONG'],
    ['a bitmap of no bytes', AMT_V2, '83000083408080', 'AMT_BITMAP'],
    ['a bit beyond the width', amtV3(2), '840200018341108081f6', 'AMT_BITMAP'],
    ['more bits than values', AMT_V2, '8300018341038081f6', 'AMT_NODE'],
    ['more values than bits', AMT_V2, '8300028341018082f6f6', 'CBOR_TOO_LONG'],
    ['links and values', AMT_V2, `83000183410381${to(leaf)}81f6`, 'AMT_NODE'],
    ['links in a leaf', AMT_V2, `83000183410181${to(leaf)}80`, 'AMT_NODE'],
    ['values above the leaves', AMT_V2, '8301018341028081f6', 'AMT_NODE'],
    ['four fields in a node', AMT_V2, '8300008441008080f6', 'CBOR_TOO_LONG'],
    ['a link to raw bytes', AMT_V2, `83010183410281${to(leaf).replace('000171', '000155')}80`, 'AMT_LINK'],
    ['a value of 4 GB', AMT_V2, '83000183410180815b00000001ffffffff', 'CBOR_TRUNCATED'],
    ['2^60 values', AMT_V2, '830001834101809b1000000000000000', 'CBOR_TOO_LONG'],
    ['bytes after it', AMT_V2, '8300008341008080f6', 'CBOR_TRAILING'],
    ['nothing at all', AMT_V2, '', 'CBOR_TRUNCATED'],
  ])('%s', (_, layout, hex, code) => {
    expect(codeOf(() => entriesOf(layout, hex))).toBe(code);
  });

  test('wrong nodes below the root', () => {
    const under = (child: string, layout: AmtLayout = AMT_V2) =>
      codeOf(() => entriesOf(layout, child, `${layout.version === 2 ? '83' : '8403'}010183410281${to(child)}80`));
    expect(under(leaf)).toBe('accepted');
    expect(under('8341008080')).toBe('AMT_NODE');
    expect(under(`83410181${to(leaf)}80`)).toBe('AMT_NODE');
    expect(under('8341038082f6f6')).toBe('AMT_COUNT');
    expect(under('f6')).toBe('CBOR_TYPE');
  });

  test('a tree taller than it needs be: as its version loads it', () => {
    expect(entriesOf(AMT_V2, leaf, `83010183410181${to(leaf)}80`)).toEqual([[0n, Uint8Array.of(0xf6)]]);
    expect(codeOf(() => entriesOf(amtV3(3), leaf, `8403010183410181${to(leaf)}80`))).toBe('AMT_HEIGHT');
  });

  test('a tree that names one leaf 8^20 times is refused before it is walked', () => {
    const blocks = [leaf];
    for (let height = 1; height < 20; height++) {
      const child = to(blocks.at(-1) as string);
      blocks.push(`8341ff88${child.repeat(8)}80`);
    }
    blocks.push(`83141b10000000000000008341ff88${to(blocks.at(-1) as string).repeat(8)}80`);
    expect(codeOf(() => entriesOf(AMT_V2, ...blocks))).toBe('AMT_COUNT');
  });

  test('the limit of values is the caller’s', () => {
    const { root, blocks } = buildAmt(AMT_V2, links(20));
    expect([...amtEntries(storeOf(blocks), root, AMT_V2, 20)]).toHaveLength(20);
    expect(codeOf(() => [...amtEntries(storeOf(blocks), root, AMT_V2, 19)])).toBe('AMT_COUNT');
  });

  test('a missing node says which', () => {
    const { root, blocks } = buildAmt(AMT_V2, links(20));
    const get = storeOf(blocks.slice(1));
    expect(() => [...amtEntries(get, root, AMT_V2)]).toThrow(MissingBlockError);
    expect(() => amtGet(get, root, AMT_V2, 0n)).toThrow(blocks[0]?.cid.toString());
    expect(amtGet(get, root, AMT_V2, 8n)).toEqual(uintLink(8));
  });

  test('mutated nodes are read or refused, never anything else', () => {
    fc.assert(
      fc.property(layouts, entries, fc.nat(), fc.nat(), fc.nat(255), (layout, given, which, where, byte) => {
        const { root, blocks } = buildSparseAmt(layout, given);
        const victim = blocks[which % blocks.length] as Block;
        const bytes = victim.bytes.slice();
        bytes[where % bytes.length] = byte;
        const get = storeOf([...blocks.filter(({ cid }) => !cid.equals(victim.cid)), { cid: victim.cid, bytes }]);
        try {
          for (const [index] of amtEntries(get, root, layout)) amtGet(get, root, layout, index);
        } catch (error) {
          expect(error instanceof DecodeError || error instanceof MissingBlockError, String(error)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('whatever tree of version 3 is read is the tree that its entries build', () => {
    let accepted = 0;
    const small = fc.uniqueArray(fc.tuple(fc.bigInt(0n, 7n), values), { selector: ([index]) => index, minLength: 1 });
    fc.assert(
      fc.property(small, fc.nat(), fc.nat(255), (given, where, byte) => {
        const bytes = (buildSparseAmt(amtV3(3), given).blocks[0] as Block).bytes.slice();
        bytes[where % bytes.length] = byte;
        const root = cidOf(bytes);
        let found: AmtEntry[];
        try {
          found = [...amtEntries(storeOf([{ cid: root, bytes }]), root, amtV3(3))];
        } catch (error) {
          if (error instanceof DecodeError) return;
          throw error;
        }
        accepted++;
        expect(buildSparseAmt(amtV3(3), found).root.toString()).toBe(root.toString());
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

const files = [
  ['devnet', { path: new URL('../../cassette/devnet-2k.car.gz', import.meta.url), absent: false as const }, 652, 581],
  ['mainnet', sharedData('mainnet/mainnet-0-39.car'), 585, 48],
  ['devnet with real proofs', sharedData('cassette/realpost/devnet-2k-realpost.car.gz'), 51, 118],
] as const;

describe.each(files)('the messages of a real chain: %s', (name, { path, absent }, messages, mined) => {
  test.skipIf(absent)(suiteName(`every array is rebuilt, ${name}`, absent), async () => {
    const car = await readCar(path);
    let found = 0;
    const headers = headersOf(car);
    expect(headers).toHaveLength(mined + 1);
    for (const header of headers) {
      const { blsMessages, secpkMessages } = decode(messageMeta, car.get(header.messages) as Uint8Array);
      for (const root of [blsMessages, secpkMessages]) {
        const list = [...amtEntries(car.get, root, AMT_V2)];
        expect(
          buildAmt(
            AMT_V2,
            list.map(([, value]) => value),
          ).root.toString(),
        ).toBe(root.toString());
        for (const [, value] of list) expect(car.get(parseCid(decode(link, value).toString()))).toBeDefined();
        found += list.length;
      }
    }
    expect(found).toBe(messages);
  });
});
