/**
 * A byte flipped anywhere in a file of a chain, plain or packed: an error, or a report that is the one of a file
 * without the block it was in.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCid } from '../../../src/chain/encoding/cid.ts';
import { DEVNET_CAR } from '../fixtures/devnet.ts';
import { carBytes, judging, outcomeOf, reportOf, type Store, scratch, shortChainTo46, without } from '../fixtures/hostile-car.ts';

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] as number) ^ (1 << (at % 8));
  return copy;
}

/** `count` places over the whole length, neither on a grid nor by chance: a prime number of bytes apart. */
function spread(length: number, count: number): readonly number[] {
  const step = Math.floor(length / count) | 1;
  return Array.from({ length: count }, (_, i) => (7 + i * step) % length);
}

describe('the whole devnet', () => {
  const file = scratch();

  it('plain, at 320 places: never right, never a crash', async () => {
    const bytes = gunzipSync(readFileSync(DEVNET_CAR));
    const codes = new Map<string, number>();
    for (const at of spread(bytes.length, 320)) {
      const { code, run } = await outcomeOf(file(flipped(bytes, at)), { from: 368 });
      // A report is of a block whose CID was hit: it is not in the file by the name it had.
      const said = code ?? (run?.file.unknownHash === 1 ? 'unknown hash' : 'report');
      codes.set(said, (codes.get(said) ?? 0) + 1);
    }
    expect(codes.get('CAR_BLOCK_HASH')).toBeGreaterThan(200);
    for (const code of codes.keys())
      expect(code).toMatch(
        /^(CAR_(HEADER|VERSION|BLOCK_HASH|TRUNCATED|CID|VARINT|BLOCK_CODEC|BLOCK_TOO_LONG|SECTION_EMPTY|ROOT_MISSING)|unknown hash|report)$/,
      );
    expect((codes.get('report') ?? 0) + (codes.get('unknown hash') ?? 0)).toBeLessThan(10);
  });

  it('packed, at 100 places and its last 8 bytes', async () => {
    const bytes = readFileSync(DEVNET_CAR);
    for (const at of [...spread(bytes.length, 100), ...Array.from({ length: 8 }, (_, i) => bytes.length - 1 - i)]) {
      const { code } = await outcomeOf(file(flipped(bytes, at)), { from: 368 });
      // Bytes of gzip's own head say nothing: the time of packing, the system.
      if (at > 9) expect([at, code]).toEqual([at, expect.stringMatching(/^(SOURCE_(CORRUPT|TRUNCATED|TRAILING)|CAR_\w+)$/)]);
    }
  });
});

describe('a short chain', () => {
  const outcome = judging();
  let chain: Store;
  let bytes: Uint8Array;
  beforeAll(async () => {
    chain = (await shortChainTo46()).chain;
    bytes = carBytes(chain);
  });

  it('in each byte of the file’s head: an error', async () => {
    for (let at = 0; at < (sectionsOf(bytes)[0] as number); at++) {
      expect([at, (await outcome(flipped(bytes, at))).code]).toEqual([
        at,
        expect.stringMatching(/^CAR_(HEADER|VERSION|TRUNCATED|ROOT_MISSING|VARINT|CID|SECTION_EMPTY)$/),
      ]);
    }
  });

  it('in each byte of the heads of 16 sections: an error, or the report of a file without that block', async () => {
    const cids = [...chain.blocks.keys()];
    const sections = sectionsOf(bytes);
    let reports = 0;
    for (let i = 3; i < sections.length; i += Math.ceil(sections.length / 16)) {
      const cid = parseCid(cids[i] as string);
      const absent = await outcome(without(chain, cid));
      for (let at = 0; at < 12; at++) {
        const { code, run } = await outcome(flipped(bytes, (sections[i] as number) + at));
        if (run === null) expect(code).toMatch(/^CAR_(BLOCK_HASH|TRUNCATED|CID|VARINT|BLOCK_CODEC|BLOCK_TOO_LONG|SECTION_EMPTY|ROOT_MISSING)$/);
        else {
          expect(run.blocks).toEqual((await reportOf(Promise.resolve(absent))).blocks);
          reports++;
        }
      }
    }
    expect(reports).toBeGreaterThan(10);
  });

  /** Where sections begin: the file is framed here as the format says, not by the code under test. */
  function sectionsOf(car: Uint8Array): readonly number[] {
    const found: number[] = [];
    for (let at = 0; at < car.length; ) {
      found.push(at);
      let length = 0;
      for (let shift = 0, more = true; more; shift += 7, at++) {
        length += ((car[at] as number) & 0x7f) * 2 ** shift;
        more = (car[at] as number) >= 0x80;
      }
      at += length;
    }
    return found.slice(1);
  }
});
