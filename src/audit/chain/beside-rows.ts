/**
 * Rows beside the chain that an audit of some epochs judges: those of branches whose height is among them, and whatever
 * the chain itself leads through, as its height says nothing.
 */

import { parseCid } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import { blockAt, type HeaderAt } from './block-at.ts';
import { type ChainTable, keyOf } from './chain-table.ts';

interface Epochs {
  readonly from?: Epoch | undefined;
  readonly to?: Epoch | undefined;
}

export interface BesideRows {
  /** Stretches of rows, `to` not among them. */
  readonly judged: readonly { readonly from: number; readonly to: number }[];
  /** Blocks of branches at other epochs. */
  readonly leftOut: number;
}

/**
 * `loose`: how many of the last rows are no branch's. Branches lie in the order of their heights, and may go on above
 * the chain's head.
 */
export function besideRows(get: GetBlock, table: ChainTable, loose: number, { from = 0, to: most = Number.POSITIVE_INFINITY }: Epochs): BesideRows {
  const end = table.length + table.beside;
  const branches = { from: table.length, to: end - loose };
  const judged = { from: branches.to, to: branches.from };
  // A height below 0 is rubbish, and belongs to whoever asks from the beginning on.
  const least = from === 0 ? Number.NEGATIVE_INFINITY : from;
  let leftOut = 0;
  for (let row = branches.from; row < branches.to; row++) {
    const blocks = keyOf(get, table, row, parseCid).map((cid) => blockAt(get, cid));
    const height = blocks.find((block): block is HeaderAt => block.header !== null)?.header.height;
    if (height === undefined || (height >= least && height <= most)) {
      judged.from = Math.min(judged.from, row);
      judged.to = row + 1;
    } else leftOut += blocks.length;
  }
  return { judged: [judged, { from: branches.to, to: end }].filter(({ from, to }) => from < to), leftOut };
}
