/**
 * The heaviest tipset that a height's blocks form; who made two blocks at it is in none (docs/protocol.md 2.9; lotus
 * chain/store/store.go:1102-1170).
 */

import { addressKey } from '../../chain/address.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { type Tipset, tipsetKeyText, tipsetOf } from '../../chain/tipset.ts';
import { isHeavier } from '../../consensus/weight.ts';
import type { ChainIndex } from './chain-index.ts';

export type Weigh = (tipset: Tipset) => bigint;

export interface HeaviestTipsets {
  /** `null` for a height without blocks, or with equivocators' alone. */
  at(height: Epoch): Tipset | null;
  /** A block came. */
  changed(height: Epoch): void;
  clear(): void;
}

export function heaviestTipsets(index: ChainIndex, weigh: Weigh): HeaviestTipsets {
  const known = new Map<Epoch, Tipset | null>();
  return {
    at(height) {
      const found = known.get(height);
      if (found !== undefined) return found;
      const groups = byParents(withoutEquivocators(index.blocksAt(height)));
      const formed = groups.map((blocks) => index.tipset(tipsetOf(blocks).key));
      const heaviest = heaviestOf(formed, weigh);
      known.set(height, heaviest);
      return heaviest;
    },
    changed: (height) => void known.delete(height),
    clear: () => known.clear(),
  };
}

/** The first of those that are equal in weight and tickets; `null` of none. */
export function heaviestOf(tipsets: readonly Tipset[], weigh: Weigh): Tipset | null {
  return tipsets.reduce<Tipset | null>((best, next) => (best === null || isHeavier(next, weigh(next), best, weigh(best)) ? next : best), null);
}

function withoutEquivocators(blocks: readonly BlockHeader[]): readonly BlockHeader[] {
  const count = new Map<string, number>();
  for (const { miner } of blocks) count.set(addressKey(miner), (count.get(addressKey(miner)) ?? 0) + 1);
  return blocks.filter(({ miner }) => count.get(addressKey(miner)) === 1);
}

function byParents(blocks: readonly BlockHeader[]): readonly (readonly BlockHeader[])[] {
  const groups = new Map<string, BlockHeader[]>();
  for (const block of blocks) {
    const key = tipsetKeyText(block.parents);
    groups.set(key, [...(groups.get(key) ?? []), block]);
  }
  return [...groups.values()];
}
