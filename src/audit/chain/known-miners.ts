/**
 * Miners that an audit is asked about, looked up before it begins: of one that is nowhere on the chain nothing would be
 * judged, and nothing wrong would be found.
 */

import { formatAddress, idOf, parseAddress } from '../../chain/address.ts';
import { parseCid } from '../../chain/encoding/cid.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import { readMiner } from '../../chain/state/miner.ts';
import { DecodeError, MineOneError, MissingBlockError } from '../../errors/mineone-error.ts';
import { blockAt } from './block-at.ts';
import { type ChainTable, cidAt, heightAt, keyOf, readHeaderAt } from './chain-table.ts';
import { tableView } from './table-view.ts';

/** Rows of the table, `to` not among them. */
interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * Known is who is a miner in a state at either end of the rows or at the chain's head, or made a block of the source.
 * Throws `MINER_UNKNOWN`.
 */
export function checkMiners(get: GetBlock, table: ChainTable, rows: Rows, miners: readonly string[]): void {
  const ends = [...new Set([rows.from, rows.to - 1, table.length - 1])];
  const found = miners.map((miner) => ({ miner, states: ends.map((row) => isMinerAt(get, table, row, miner)) }));
  const absent = found.filter(({ states }) => !states.includes(true));
  if (absent.length === 0) return;
  const authors = authorsIn(get, table, new Set(absent.map(({ miner }) => miner)));
  const unknown = absent.find(({ miner }) => !authors.has(miner));
  if (unknown === undefined) return;
  const where = unknown.states.includes(false) ? 'it is not in its states' : 'no state of the source can be asked for it';
  const stretch = `from epoch ${heightAt(table, 0)} to ${heightAt(table, table.length - 1)}`;
  throw new MineOneError('MINER_UNKNOWN', `${unknown.miner} is no miner on this chain: ${where}, and it made no block ${stretch}`);
}

/** `undefined`: the source has no state there that could be asked. */
function isMinerAt(get: GetBlock, table: ChainTable, row: number, miner: string): boolean | undefined {
  try {
    const { tree } = tableView(get, table).state(readHeaderAt(get, cidAt(table, row)).parentStateRoot, heightAt(table, row));
    return readMiner(tree, idOf(parseAddress(miner))) !== null;
  } catch (error) {
    if (error instanceof MissingBlockError || error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Which of the wanted made a block on the chain or beside it, from the head down: mostly all are found soon. */
function authorsIn(get: GetBlock, table: ChainTable, wanted: ReadonlySet<string>): ReadonlySet<string> {
  const authors = new Set<string>();
  for (let row = table.length + table.beside - 1; row >= 0 && authors.size < wanted.size; row--) {
    for (const cid of keyOf(get, table, row, parseCid)) {
      const { header } = blockAt(get, cid);
      const author = header === null || header.height === 0 ? null : formatAddress(header.miner);
      if (author !== null && wanted.has(author)) authors.add(author);
    }
  }
  return authors;
}
