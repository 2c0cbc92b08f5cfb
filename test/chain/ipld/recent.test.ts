/** What is remembered of blocks: once for a source and a key, the last few, and never a failure. */

import { describe, expect, it } from 'vitest';
import { cidOf } from '../../../src/chain/encoding/cid.ts';
import { cidKey, recently } from '../../../src/chain/ipld/recent.ts';

const source = () => () => undefined;

describe('recently', () => {
  it('makes a value once for a key, and another for another source', () => {
    const kept = recently<number>(4);
    const [a, b] = [source(), source()];
    let made = 0;
    const ask = (get: typeof a, key: string): number => kept(get, key, () => ++made);
    expect([ask(a, 'x'), ask(a, 'x'), ask(a, 'y'), ask(b, 'x'), ask(a, 'x'), ask(b, 'x')]).toEqual([1, 1, 2, 3, 1, 3]);
  });
  it('holds no more than it may: the oldest goes', () => {
    const kept = recently<number>(3);
    const get = source();
    let made = 0;
    const ask = (key: string): number => kept(get, key, () => ++made);
    for (const key of ['a', 'b', 'c', 'd']) ask(key);
    expect(made).toBe(4);
    for (const key of ['b', 'c', 'd']) ask(key);
    expect(made).toBe(4);
    ask('a');
    expect(made).toBe(5);
  });
  it('does not keep what is thrown: a block that was missing may be there later', () => {
    const kept = recently<number>(3);
    const get = source();
    const ask = (make: () => number): number => kept(get, 'x', make);
    expect(() =>
      ask(() => {
        throw new Error('missing');
      }),
    ).toThrow('missing');
    expect(ask(() => 7)).toBe(7);
  });
});

describe('cidKey', () => {
  it('is another for every CID', () => {
    const cids = Array.from({ length: 300 }, (_, i) => cidOf(Uint8Array.of(i, i >> 8)));
    expect(new Set(cids.map(cidKey)).size).toBe(300);
    expect(cidKey(cids[0] as (typeof cids)[0])).toBe(cidKey(cidOf(Uint8Array.of(0, 0))));
  });
});
