/** The chain of a source as the checks see it: tipsets and states by the table, blocks by the source. */

import { blockHeader } from '../chain/block-header.ts';
import { type GetBlock, requireBlock } from '../chain/block-store.ts';
import { type CID, parseCid } from '../chain/cid.ts';
import { decode } from '../chain/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MissingBlockError } from '../chain/error.ts';
import { openStateTree } from '../chain/state/state-tree.ts';
import { type Tipset, type TipsetKey, tipsetOf } from '../chain/tipset.ts';
import type { ChainView, KnownState } from '../consensus/validation/chain-view.ts';
import { type ChainTable, cidAt, heightAt, indexFrom, keyOf, readHeader } from './chain-table.ts';

/** A chain from its first tipset to its head. */
export interface TableView extends ChainView {
  readonly head: Tipset;
  /** Last tipset of at most this height; throws `BLOCK_MISSING` below the first. */
  lastUpTo(epoch: Epoch): Tipset;
}

/** Tipsets and states kept decoded: neighbours in a chunk ask for the same ones. */
const KEPT = 64;

export function tableView(get: GetBlock, table: ChainTable): TableView {
  const tipsets = recent<Tipset>();
  const states = recent<KnownState>();
  const tipset = (key: TipsetKey): Tipset => tipsets(key.join(), () => tipsetOf(key.map((cid) => decode(blockHeader, requireBlock(get, cid, 'block')))));
  const row = (index: number): Tipset => tipset(keyOf(get, table, index, parseCid));
  return {
    get,
    tipset,
    get head() {
      return row(table.length - 1);
    },
    lastUpTo(epoch) {
      const next = indexFrom(table, epoch + 1);
      if (next === 0) throw new MissingBlockError(`${epoch}`, 'the chain of the source begins later: a tipset at or below epoch');
      return row(next - 1);
    },
    firstFrom(base, epoch) {
      const index = indexFrom(table, epoch);
      if (index === table.length || heightAt(table, index) > base.height) throw new MissingBlockError(`${epoch}`, 'a tipset at or above epoch');
      if (index === 0 && heightAt(table, 0) > epoch)
        throw new MissingBlockError(`${epoch}`, 'the chain of the source begins later: a tipset at or above epoch');
      return row(index);
    },
    state: (root, epoch) => states(`${root}/${epoch}`, () => nearestState(get, table, root, epoch)),
  };
}

/** The state of the root, else the one before the last tipset below `epoch` of which the source has it. */
function nearestState(get: GetBlock, table: ChainTable, root: CID, epoch: Epoch): KnownState {
  const row = indexFrom(table, epoch);
  if (get(root) !== undefined) return { tree: openStateTree(get, root), after: heightBelow(table, row), exact: true };
  const index = row === 0 ? -1 : (table.states[Math.min(row, table.length - 1)] as number);
  if (index < 0) throw new MissingBlockError(root.toString(), 'the state root');
  const header = readHeader(get, cidAt(table, index));
  return { tree: openStateTree(get, header.parentStateRoot), after: heightBelow(table, index), exact: false };
}

/** Height of the tipset whose messages made the state before this row; genesis' own state is counted as after it. */
function heightBelow(table: ChainTable, row: number): Epoch {
  return row === 0 ? 0 : heightAt(table, row - 1);
}

/** Makes a value once for a key and keeps the last few. */
function recent<T>(): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  return (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value as string);
    kept.set(key, made);
    return made;
  };
}
