/**
 * Rows of the chain that a block beside it may be held against: a miner that made a block there and another beside may
 * be at fault.
 */

import { parseCid } from '../../chain/encoding/cid.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import { blockAt } from './block-at.ts';
import { type ChainTable, heightAt, indexFrom, keyOf } from './chain-table.ts';

/** At most four a block beside: those of its height and of its base's, and what stands on each. */
export function watchedRows(get: GetBlock, table: ChainTable): ReadonlySet<number> {
  const rows = new Set<number>();
  const watch = (height: number): void => {
    const row = indexFrom(table, height);
    if (row < table.length && heightAt(table, row) === height) rows.add(row);
    const above = indexFrom(table, height + 1);
    if (above < table.length) rows.add(above);
  };
  for (let row = table.length; row < table.length + table.beside; row++) {
    for (const cid of keyOf(get, table, row, parseCid)) {
      const { header } = blockAt(get, cid);
      if (header === null) continue;
      watch(header.height);
      const [parent] = header.parents;
      const base = parent === undefined ? null : blockAt(get, parent).header;
      if (base !== null) watch(base.height);
    }
  }
  return rows;
}
