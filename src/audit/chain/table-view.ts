/** The chain of a source as the checks see it: tipsets and states by the table, blocks by the source. */

import { type CID, parseCid } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import { openStateTree } from '../../chain/state/state-tree.ts';
import { type Tipset, type TipsetKey, tipsetOf } from '../../chain/tipset.ts';
import type { ChainView, KnownState } from '../../consensus/validation/chain-view.ts';
import { DecodeError, MissingBlockError } from '../../errors/mineone-error.ts';
import { blockAt } from './block-at.ts';
import { type ChainTable, cidAt, heightAt, indexFrom, keyOf, readHeaderAt } from './chain-table.ts';

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
  const tipset = (key: TipsetKey): Tipset => tipsets(key.join(), () => readTipset(get, key));
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
      if (base.height < epoch) throw new MissingBlockError(`${epoch}`, 'a tipset at or above epoch');
      const joint = untilOnChain(table, tipset, base, epoch);
      if (joint.height < epoch || !isOnChain(table, joint)) return joint;
      const index = indexFrom(table, epoch);
      if (index === table.length || heightAt(table, index) > base.height) throw new MissingBlockError(`${epoch}`, 'a tipset at or above epoch');
      if (index === 0 && heightAt(table, 0) > epoch)
        throw new MissingBlockError(`${epoch}`, 'the chain of the source begins later: a tipset at or above epoch');
      return row(index);
    },
    state: (root, epoch) => states(`${root}/${epoch}`, () => nearestState(get, table, root, epoch)),
  };
}

/** Throws `MissingBlockError`, and `DecodeError` for blocks that are none, or no tipset. */
function readTipset(get: GetBlock, key: TipsetKey): Tipset {
  const headers = key.map((cid) => {
    const { header, ...rest } = blockAt(get, cid);
    if (header !== null) return header;
    if ('error' in rest && rest.error !== null) throw rest.error;
    throw new MissingBlockError(cid.toString(), 'block');
  });
  return tipsetOf(headers, key);
}

function isOnChain(table: ChainTable, tipset: Tipset): boolean {
  const row = indexFrom(table, tipset.height);
  if (row === table.length || heightAt(table, row) !== tipset.height) return false;
  const first = cidAt(table, row);
  return tipset.key.some((cid) => cid.equals(first));
}

/** From a base beside the chain down to where it meets it, or to the lowest tipset that is not below the epoch. */
function untilOnChain(table: ChainTable, tipsetOfKey: ChainView['tipset'], base: Tipset, epoch: Epoch): Tipset {
  let tipset = base;
  while (!isOnChain(table, tipset)) {
    const below = tipsetOfKey(tipset.parents);
    if (below.height >= tipset.height) throw new DecodeError('TIPSET_INVALID', `a tipset of ${tipset.height} stands on one of ${below.height}`);
    if (below.height < epoch) return tipset;
    tipset = below;
  }
  return tipset;
}

/** The state of the root, else the one before the last tipset below `epoch` of which the source has it. */
function nearestState(get: GetBlock, table: ChainTable, root: CID, epoch: Epoch): KnownState {
  const row = indexFrom(table, epoch);
  if (get(root) !== undefined) return { tree: openStateTree(get, root), after: heightBelow(table, row), exact: true };
  const index = row === 0 ? -1 : (table.states[Math.min(row, table.length - 1)] as number);
  if (index < 0) throw new MissingBlockError(root.toString(), 'the state root');
  const header = readHeaderAt(get, cidAt(table, index));
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
