/**
 * CAR framing against @ipld/car in both directions, in chunks of any size, and everything that is not a CAR file
 * refused.
 */

import { fc, test } from '@fast-check/vitest';
import { CarReader, CarWriter } from '@ipld/car';
import { describe, expect, it } from 'vitest';
import { writeCar } from '../../../src/chain/car/car.ts';
import { blockCheck } from '../../../src/chain/car/car-hash.ts';
import { type CarEvent, carParser, finishCar, parseCar } from '../../../src/chain/car/car-parser.ts';
import { concatBytes, fromHex, fromUtf8, toHex, uint64LE } from '../../../src/chain/encoding/bytes.ts';
import { CID, CODEC_RAW, cidOf, decodeCid, matchesCid } from '../../../src/chain/encoding/cid.ts';
import { encodeVarint } from '../../../src/chain/encoding/leb128.ts';
import type { Block } from '../../../src/chain/ipld/block-store.ts';
import { DecodeError } from '../../../src/errors/mineone-error.ts';

const blockOf = (text: string): Block => ({ bytes: fromUtf8(text), cid: cidOf(fromUtf8(text)) });
const rawCid = (bytes: Uint8Array) => CID.createV1(CODEC_RAW, cidOf(bytes).multihash);
const identity = (text: string): Block => ({
  bytes: fromUtf8(text),
  cid: decodeCid(concatBytes(fromHex('015500'), Uint8Array.of(text.length), fromUtf8(text))),
});
const empty: Block = { bytes: new Uint8Array(0), cid: rawCid(new Uint8Array(0)) };
const blocks = [blockOf('one'), blockOf('two'.repeat(200)), empty, identity('fil/1/account'), blockOf('last')];
const roots = [blocks[0], blocks[1]].map((block) => (block as Block).cid);
const carOf = (heads: readonly CID[], of: readonly Block[]) => concatBytes(...writeCar(heads, of));
const small = carOf(roots, blocks);

/** Parses a file cut into chunks of these lengths, the last repeated; the pieces of a block joined. */
function parse(car: Uint8Array, lengths: readonly number[] = [car.length], size?: number) {
  const parser = carParser(size);
  const found: { roots: readonly CID[]; blocks: Block[]; offsets: number[] } = { roots: [], blocks: [], offsets: [] };
  let section: Extract<CarEvent, { type: 'section' }> | undefined;
  let pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < car.length; i++) {
    const length = Math.max(1, lengths[Math.min(i, lengths.length - 1)] ?? car.length);
    for (const event of parseCar(parser, car.slice(at, at + length))) {
      if (event.type === 'header') found.roots = event.roots;
      else if (event.type === 'section') {
        section = { ...event, cid: event.cid.slice() };
        found.offsets.push(event.offset);
      } else {
        pieces.push(event.bytes.slice());
        if (!event.isLast || section === undefined) continue;
        found.blocks.push({ cid: decodeCid(section.cid), bytes: concatBytes(...pieces) });
        expect(found.blocks.at(-1)?.bytes.length).toBe(section.blockLength);
        pieces = [];
      }
    }
    at += length;
  }
  finishCar(parser);
  expect(parser.blocks).toBe(found.blocks.length);
  return found;
}

const texts = (of: readonly Block[]) => of.map(({ cid, bytes }) => `${cid} ${toHex(bytes)}`);

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return 'none';
}

/** A CARv2 as go-car lays it out: pragma, header, padding, data, padding and index. */
function carV2(data: Uint8Array, options: { gap?: number; index?: Uint8Array; characteristics?: Uint8Array } = {}): Uint8Array {
  const { gap = 0, index = new Uint8Array(0), characteristics = new Uint8Array(16) } = options;
  const dataOffset = 51 + gap;
  const indexOffset = index.length === 0 ? 0 : dataOffset + data.length;
  const header = concatBytes(characteristics, uint64LE(dataOffset), uint64LE(data.length), uint64LE(indexOffset));
  return concatBytes(fromHex('0aa16776657273696f6e02'), header, new Uint8Array(gap), data, index);
}

describe('CARv1', () => {
  it('is read by @ipld/car as it was written', async () => {
    const reader = await CarReader.fromBytes(small);
    expect((await reader.getRoots()).map(String)).toEqual(roots.map(String));
    const read: Block[] = [];
    for await (const { cid, bytes } of reader.blocks()) read.push({ cid: decodeCid(cid.bytes), bytes });
    expect(texts(read)).toEqual(texts(blocks));
  });

  it('is what @ipld/car writes', async () => {
    const { writer, out } = CarWriter.create(roots);
    const written = (async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of out) chunks.push(chunk);
      return concatBytes(...chunks);
    })();
    for (const block of blocks) await writer.put(block);
    await writer.close();
    expect(toHex(await written)).toBe(toHex(small));
    const found = parse(await written);
    expect(found.roots.map(String)).toEqual(roots.map(String));
    expect(texts(found.blocks)).toEqual(texts(blocks));
  });

  it('gives the same blocks and offsets from chunks of every length, the size known or not', () => {
    const whole = parse(small);
    for (let length = 1; length <= small.length; length++) {
      for (const size of [undefined, small.length]) {
        const found = parse(small, [length], size);
        expect(texts(found.blocks)).toEqual(texts(blocks));
        expect(found.offsets).toEqual(whole.offsets);
      }
    }
  });

  test.prop([fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 })])(
    'round-trips any blocks through any chunks',
    (bodies, lengths) => {
      const any = bodies.map((bytes) => ({ bytes, cid: cidOf(bytes) }));
      const found = parse(carOf([], any), lengths);
      expect(texts(found.blocks)).toEqual(texts(any));
    },
  );

  it('takes a long header byte by byte', () => {
    const car = carOf(new Array<CID>(10_000).fill(roots[0] as CID), blocks);
    expect(car.length).toBeGreaterThan(400_000);
    expect(parse(car, [1]).roots).toHaveLength(10_000);
  });

  it('takes raw blocks beyond 8 MiB in pieces, and no others', () => {
    const bytes = new Uint8Array(9 * 1024 * 1024).fill(7);
    const raw = { bytes, cid: rawCid(bytes) };
    expect(parse(carOf([raw.cid], [raw]), [65_536]).blocks[0]?.cid.equals(raw.cid)).toBe(true);
    expect(codeOf(() => parse(carOf([], [{ bytes, cid: cidOf(bytes) }])))).toBe('CAR_BLOCK_TOO_LONG');
  });
});

describe('CARv2', () => {
  it('gives the blocks of the CARv1 in it, with or without gap and index', () => {
    const fullyIndexed = new Uint8Array(16);
    fullyIndexed[0] = 0x80;
    for (const v2 of [carV2(small), carV2(small, { gap: 13 }), carV2(small, { gap: 1, index: fromUtf8('any index'), characteristics: fullyIndexed })]) {
      for (const length of [1, 7, 50, 51, 52, v2.length]) {
        const found = parse(v2, [length], v2.length);
        expect(texts(found.blocks)).toEqual(texts(blocks));
        expect(found.roots.map(String)).toEqual(roots.map(String));
        expect(parse(v2, [length]).offsets).toEqual(found.offsets);
      }
    }
  });

  it('is read by @ipld/car the same way', async () => {
    const reader = await CarReader.fromBytes(carV2(small, { gap: 5 }));
    expect((await reader.getRoots()).map(String)).toEqual(roots.map(String));
  });

  it('is refused where its header cannot be, where it is cut and where bytes follow', () => {
    const change = (at: number, value: number) => {
      const copy = carV2(small, { gap: 3 });
      copy[at] = value;
      return copy;
    };
    expect(codeOf(() => parse(change(12, 1)))).toBe('CAR_V2_HEADER');
    expect(codeOf(() => parse(change(27, 50)))).toBe('CAR_V2_HEADER');
    expect(codeOf(() => parse(change(42, 0xff)))).toBe('CAR_V2_HEADER');
    expect(codeOf(() => parse(change(43, 60)))).toBe('CAR_V2_HEADER');
    expect(codeOf(() => parse(carV2(new Uint8Array(0))))).toBe('CAR_V2_HEADER');
    expect(codeOf(() => parse(carV2(carV2(small))))).toBe('CAR_HEADER');
    expect(codeOf(() => parse(concatBytes(carV2(small), Uint8Array.of(0))))).toBe('CAR_TRAILING');
    const indexed = carV2(small, { index: fromUtf8('index') });
    for (let length = 1; length <= indexed.length - 5; length++)
      expect(
        codeOf(() => parse(indexed.slice(0, length))),
        `cut to ${length}`,
      ).toBe('CAR_TRUNCATED');
  });
});

describe('what is no CAR file', () => {
  const header = small.subarray(0, 1 + (small[0] as number));
  const after = (hex: string) => concatBytes(header, fromHex(hex));
  const table: readonly (readonly [name: string, car: Uint8Array, code: string])[] = [
    ['nothing', new Uint8Array(0), 'CAR_TRUNCATED'],
    ['a header of no bytes', fromHex('00'), 'CAR_HEADER'],
    ['a header of 2 GB', concatBytes(encodeVarint(2 ** 31), new Uint8Array(100)), 'CAR_HEADER'],
    ['a header that is an array', fromHex('0180'), 'CAR_HEADER'],
    ['keys in another order', concatBytes(Uint8Array.of(17), fromHex('a2'), fromHex('6776657273696f6e01'), fromHex('65726f6f747380')), 'CAR_HEADER'],
    ['version 3', fromHex('11a265726f6f7473806776657273696f6e03'), 'CAR_VERSION'],
    ['a version that is not shortest', fromHex('12a265726f6f7473806776657273696f6e1801'), 'CAR_HEADER'],
    ['bytes behind the header', fromHex('12a265726f6f7473806776657273696f6e0100'), 'CAR_HEADER'],
    ['a million roots announced', fromHex('15a265726f6f74739a000fffff6776657273696f6e01'), 'CAR_HEADER'],
    ['a length that is not shortest', fromHex('9100a265726f6f7473806776657273696f6e01'), 'CAR_VARINT'],
    ['a length of 10 bytes', after('ffffffffffffffffff01'), 'CAR_VARINT'],
    ['a length of 54 bits', after('ffffffffffffff1f'), 'CAR_VARINT'],
    ['a section of no bytes', after('00'), 'CAR_SECTION_EMPTY'],
    ['trailing zeros', concatBytes(small, new Uint8Array(3)), 'CAR_SECTION_EMPTY'],
    ['trailing bytes', concatBytes(small, fromUtf8('xyz')), 'CAR_CID'],
    ['a section shorter than its CID', after(`05${toHex(blocks[0]?.cid.bytes as Uint8Array)}`), 'CAR_CID'],
    ['a CIDv0', after(`221220${'00'.repeat(32)}`), 'CAR_CID'],
    ['a CID of 2 GB', after('8080808008017112ffffffff07'), 'CAR_CID'],
    ['a codec that no chain has', after(`2601701220${'00'.repeat(32)}`), 'CAR_BLOCK_CODEC'],
    ['a block of 2 GB', after(`80808080080171a0e40220${'00'.repeat(40)}`), 'CAR_BLOCK_TOO_LONG'],
    ['a raw block of 2 GB', after(`80808080080155a0e40220${'00'.repeat(40)}`), 'CAR_TRUNCATED'],
  ];
  it.each(table)('%s', (_name, car, code) => {
    expect(codeOf(() => parse(car))).toBe(code);
    expect(codeOf(() => parse(car, [1]))).toBe(code);
  });

  it('a section longer than a file whose size is known is refused at its head', () => {
    const car = after(`80808080080155a0e40220${'00'.repeat(40)}`);
    expect(() => parse(car, [car.length], car.length)).toThrow(/byte 104 .*2147483648 bytes where 46 are left/);
  });

  it('every shorter length, but for those between two sections', () => {
    const { offsets } = parse(small);
    const whole = new Set([...offsets, small.length]);
    for (let length = 0; length <= small.length; length++) {
      const code = whole.has(length) ? 'none' : 'CAR_TRUNCATED';
      expect(
        codeOf(() => parse(small.slice(0, length))),
        `cut to ${length}`,
      ).toBe(code);
      expect(
        codeOf(() => parse(small.slice(0, length), [length], small.length)),
        `cut to ${length}`,
      ).toBe(length < small.length ? 'CAR_TRUNCATED' : 'none');
    }
  });
});

describe('block check', () => {
  test.prop([fc.uint8Array({ maxLength: 90 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom(0x00, 0x12, 0xb220), fc.nat()])(
    'says the same as matchesCid, for the right bytes and for wrong ones',
    async (bytes, length, code, flip) => {
      const sha = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const digest = code === 0x00 ? bytes : code === 0x12 ? sha : cidOf(bytes).multihash.digest;
      const cid = decodeCid(concatBytes(fromHex('0155'), encodeVarint(code), encodeVarint(digest.length), digest));
      const wrong = bytes.slice();
      if (wrong.length > 0) wrong[flip % wrong.length] = (wrong[flip % wrong.length] as number) ^ 1;
      for (const candidate of [bytes, wrong, bytes.subarray(1), concatBytes(bytes, bytes)]) {
        const check = blockCheck(cid);
        for (let at = 0; at < candidate.length; at += length) check.update(candidate.subarray(at, at + length));
        expect(check.end()).toBe(matchesCid(cid, candidate));
      }
    },
  );

  it('does not know what it does not know', () => {
    const cid = decodeCid(fromHex(`01551a20${'00'.repeat(32)}`));
    expect(blockCheck(cid).end()).toBeNull();
  });
});
