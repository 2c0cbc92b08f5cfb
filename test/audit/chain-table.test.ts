/** The table of a chain: what the walk finds, where rows are found by height, and chains longer than its first size. */

import { beforeAll, describe, expect, it } from 'vitest';
import { cidAt, heightAt, indexFrom, keyOf, walkChain } from '../../src/audit/chain/chain-table.ts';
import { tableView } from '../../src/audit/chain/table-view.ts';
import { type BlockHeader, blockHeader } from '../../src/chain/block-header.ts';
import { type CID, cidOf, parseCid } from '../../src/chain/encoding/cid.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import type { GetBlock } from '../../src/chain/ipld/block-store.ts';
import { firstBlock } from '../../src/chain/tipset.ts';
import { type Devnet, headerAt, openDevnet } from './fixtures/devnet.ts';

let devnet: Devnet;
beforeAll(async () => {
  devnet = await openDevnet();
}, 60_000);

describe('the devnet’s table', () => {
  it('has a row for each tipset, rising, with the CID of one of its blocks', () => {
    const { table, blocks, get } = devnet;
    const heights = [0, ...new Set(blocks.map(({ header }) => header.height))];
    expect(Array.from({ length: table.length }, (_, i) => heightAt(table, i))).toEqual(heights);
    for (const [i, height] of heights.entries()) {
      const key = keyOf(get, table, i, parseCid);
      expect(key[0]).toEqual(cidAt(table, i));
      if (height > 0) expect(key.map(String)).toEqual(blocks.filter(({ header }) => header.height === height).map(({ cid }) => cid.toString()));
    }
  });

  it('finds the first row of at least a height', () => {
    const { table } = devnet;
    for (let epoch = 0; epoch <= 400; epoch++) {
      const row = indexFrom(table, epoch);
      if (row < table.length) expect(heightAt(table, row)).toBeGreaterThanOrEqual(epoch);
      if (row > 0) expect(heightAt(table, row - 1)).toBeLessThan(epoch);
    }
    expect([indexFrom(table, -5), indexFrom(table, 369)]).toEqual([0, table.length]);
  });

  it('gives the first tipset from an epoch on, and none above the base', () => {
    const { view } = devnet.judge;
    const base = view.tipset(headerAt(devnet, 22, 'f01002').parents);
    expect(base.height).toBe(18);
    expect(view.firstFrom(base, 18).height).toBe(18);
    expect(firstBlock(view.firstFrom(base, 0)).height).toBe(0);
    expect(() => view.firstFrom(base, 19)).toThrow(expect.objectContaining({ code: 'BLOCK_MISSING' }));
    expect(() => view.firstFrom(base, 1000)).toThrow(expect.objectContaining({ code: 'BLOCK_MISSING' }));
  });
});

describe('a long chain', () => {
  /** Headers of one block a tipset, every third epoch, states of which every hundredth is there. */
  function made(length: number): { readonly get: GetBlock; readonly head: CID; readonly cids: readonly CID[] } {
    const template = devnet.blocks[0]?.header as BlockHeader;
    const store = new Map<string, Uint8Array>();
    const put = (bytes: Uint8Array): CID => {
      store.set(cidOf(bytes).toString(), bytes);
      return cidOf(bytes);
    };
    const held = devnet.get(template.parentStateRoot) as Uint8Array;
    put(held);
    const cids: CID[] = [];
    for (let i = 0; i < length; i++) {
      const parentStateRoot = i % 100 === 0 ? cidOf(held) : cidOf(Uint8Array.of(1, i, i >> 8));
      const parents = i === 0 ? template.parents : [cids[i - 1] as CID];
      cids.push(put(encode(blockHeader, { ...template, height: 3 * i, parents, parentStateRoot })));
    }
    return { get: (cid) => store.get(cid.toString()), head: cids.at(-1) as CID, cids };
  }

  it('of 3,000 tipsets has them all, and the nearest state at or before each', () => {
    const { get, head, cids } = made(3000);
    const seen: number[] = [];
    const { table, genesis } = walkChain(get, [head], (height) => seen.push(height));
    expect([table.length, genesis?.height, seen.length, seen[0]]).toEqual([3000, 0, 3000, 8997]);
    for (let i = 0; i < 3000; i++) {
      expect(heightAt(table, i)).toBe(3 * i);
      expect(cidAt(table, i).equals(cids[i])).toBe(true);
      expect(table.states[i]).toBe(i - (i % 100));
    }
    const view = tableView(get, table);
    const absent = cidOf(Uint8Array.of(9));
    // The state before epoch 1,000: asked for by a root nobody has, the one before row 300 is the nearest below.
    expect(view.state(absent, 1000)).toMatchObject({ exact: false, after: 897 });
    expect(view.state(cidOf(devnet.get(devnet.blocks[0]?.header.parentStateRoot as CID) as Uint8Array), 1000)).toMatchObject({ exact: true });
  });

  it('that breaks off begins where it does, and knows no genesis and no state below', () => {
    const { get, head, cids } = made(250);
    const broken: GetBlock = (cid) => (cid.equals(cids[149]) ? undefined : get(cid));
    const { table, genesis } = walkChain(broken, [head]);
    expect([table.length, heightAt(table, 0), genesis]).toEqual([100, 450, null]);
    expect([table.states[0], table.states[49], table.states[50]]).toEqual([-1, -1, 50]);
    const view = tableView(broken, table);
    expect(() => view.state(cidOf(Uint8Array.of(9)), 460)).toThrow(expect.objectContaining({ code: 'BLOCK_MISSING' }));
    const base = view.tipset([head]);
    expect(() => view.firstFrom(base, 449)).toThrow(expect.objectContaining({ code: 'BLOCK_MISSING' }));
    expect(view.firstFrom(base, 450).height).toBe(450);
  });

  it('without its head is none', () => {
    expect(() => walkChain(() => undefined, [cidOf(Uint8Array.of(1))])).toThrow(expect.objectContaining({ code: 'CHAIN_HEAD_MISSING' }));
    expect(() => walkChain(() => undefined, [])).toThrow(expect.objectContaining({ code: 'CHAIN_HEAD_MISSING' }));
  });
});
