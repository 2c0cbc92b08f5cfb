/** What every store must do (src/ports/store.ts), whatever it is made of. */

import { describe, expect, it } from 'vitest';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import type { Store } from '../../src/ports/store.ts';

/** `reopen` gives the store as another process would find it; left out for stores that end with their process. */
export interface StoreMake {
  readonly name: string;
  open(): Promise<Store>;
  reopen?(store: Store): Promise<Store>;
}

const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));
const put = (key: string, value: string) => ({ type: 'put', key: fromUtf8(key), value: fromUtf8(value) }) as const;

async function keysIn(store: Store, from: string, to: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const [key] of store.range(fromUtf8(from), fromUtf8(to))) keys.push(text(key) as string);
  return keys;
}

export function storeContract({ name, open, reopen }: StoreMake): void {
  describe(`a store in ${name}`, () => {
    it('gives back what was put, and nothing for what was not', async () => {
      const store = await open();
      await store.write([put('a', 'one'), put('b', '')]);
      expect(text(store.get(fromUtf8('a')))).toBe('one');
      expect(store.get(fromUtf8('b'))).toEqual(new Uint8Array(0));
      expect(store.get(fromUtf8('c'))).toBeUndefined();
      await store.close();
    });

    it('takes operations of one batch in their order', async () => {
      const store = await open();
      await store.write([put('a', 'one'), { type: 'del', key: fromUtf8('a') }, put('a', 'two'), put('b', 'x'), { type: 'del', key: fromUtf8('b') }]);
      expect(text(store.get(fromUtf8('a')))).toBe('two');
      expect(store.get(fromUtf8('b'))).toBeUndefined();
      await store.close();
    });

    it('walks a range in the order of unsigned bytes, its end left out', async () => {
      const store = await open();
      const keys = [[0x80], [0x7f], [0x7f, 0x00], [0xff], [0x00]].map((bytes) => Uint8Array.from(bytes));
      await store.write(keys.map((key) => ({ type: 'put', key, value: key }) as const));
      const found: number[][] = [];
      for await (const [key, value] of store.range(Uint8Array.of(0x00), Uint8Array.of(0xff))) {
        expect(value).toEqual(key);
        found.push([...key]);
      }
      expect(found).toEqual([[0x00], [0x7f], [0x7f, 0x00], [0x80]]);
      await store.close();
    });

    it('finds the last of a range', async () => {
      const store = await open();
      await store.write([put('r1', 'a'), put('r3', 'b'), put('s', 'c')]);
      expect(text((await store.last(fromUtf8('r'), fromUtf8('s')))?.[0])).toBe('r3');
      expect(await store.last(fromUtf8('t'), fromUtf8('u'))).toBeUndefined();
      await store.close();
    });

    it('gives bytes that are the reader’s own', async () => {
      const store = await open();
      await store.write([put('a', 'one')]);
      store.get(fromUtf8('a'))?.fill(0);
      expect(text(store.get(fromUtf8('a')))).toBe('one');
      await store.close();
    });

    it('keeps the last anchor, which is none at first', async () => {
      const store = await open();
      expect(store.anchor()).toBeUndefined();
      store.setAnchor(fromUtf8('first and longer'));
      store.setAnchor(fromUtf8('second'));
      expect(text(store.anchor())).toBe('second');
      await store.close();
    });

    if (reopen === undefined) return;
    it('has it all when it is opened again', async () => {
      const store = await open();
      await store.write([put('a', 'one'), put('b', 'two')]);
      store.setAnchor(fromUtf8('here'));
      await store.close();
      const again = await reopen(store);
      expect(await keysIn(again, '', 'z')).toEqual(['a', 'b']);
      expect(text(again.anchor())).toBe('here');
      await again.close();
    });
  });
}
