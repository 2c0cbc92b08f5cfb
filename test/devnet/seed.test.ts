/** Seeded chance: the same twice, streams that do not move each other, draws that are even. */

import { test } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { type SeededRandom, seededRandom } from '../../src/devnet/setting/seed.ts';

const drawn = (random: SeededRandom, count: number) => Array.from({ length: count }, () => random.next());

describe('a seeded stream', () => {
  test.prop([fc.string(), fc.array(fc.string(), { maxLength: 3 })])('is the same twice', (seed, labels) => {
    expect(drawn(seededRandom(seed, ...labels), 8)).toEqual(drawn(seededRandom(seed, ...labels), 8));
  });

  it('stays what it was: chains that were made by a seed are made again by a later build', () => {
    const random = seededRandom('1', 'miners');
    expect([toHex(random.bytes(8)), random.below(1000), random.pick(['a', 'b', 'c'])]).toMatchInlineSnapshot(`
      [
        "fe2e4a552344a144",
        72,
        "c",
      ]
    `);
  });

  it('is its own by seed and by each label, and by where one label ends', () => {
    const streams = [['a'], ['b'], ['a', 'x'], ['a', 'y'], ['ax'], ['a', 'x', 'y'], ['a', 'xy'], ['', 'a']] as const;
    const first = streams.map(([seed, ...labels]) => drawn(seededRandom(seed as string, ...labels), 4).join());
    expect(new Set(first).size).toBe(streams.length);
  });

  it('draws evenly: every value of below(), every share of chance()', () => {
    const random = seededRandom('even');
    const counts = Array.from({ length: 7 }, () => 0);
    for (let i = 0; i < 70_000; i++) {
      const value = random.below(7);
      counts[value] = (counts[value] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    const hits = Array.from({ length: 20_000 }, () => random.chance(0.1)).filter(Boolean).length;
    expect(Math.abs(hits - 2_000)).toBeLessThan(250);
    expect(drawn(random, 100).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it('refuses to draw from nothing', () => {
    const random = seededRandom('none');
    for (const n of [0, -1, 1.5, 2 ** 33]) expect(() => random.below(n)).toThrow(expect.objectContaining({ code: 'SEED_RANGE' }));
    expect(() => random.pick([])).toThrow(expect.objectContaining({ code: 'SEED_RANGE' }));
  });
});
