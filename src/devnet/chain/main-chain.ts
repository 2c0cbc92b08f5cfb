/** The chain that ends in the head, from genesis on: its tipsets by height, found without walking. */

import type { Epoch } from '../../chain/epoch.ts';
import { equalKeys, type Tipset, type TipsetKey } from '../../chain/tipset.ts';

/** What a change of the head undid, newest first, and did, oldest first. */
export interface HeadChange {
  readonly reverted: readonly Tipset[];
  readonly applied: readonly Tipset[];
}

export interface MainChain {
  head(): Tipset;
  /** Whether the tipset is on it. */
  has(tipset: Tipset): boolean;
  /** Last tipset of at most this height; genesis for less. */
  lastUpTo(height: Epoch): Tipset;
  /** First tipset of at least this height; `undefined` above the head. */
  firstFrom(height: Epoch): Tipset | undefined;
  setHead(next: Tipset, tipset: (key: TipsetKey) => Tipset): HeadChange;
  /** From genesis on, without those that were forgotten. */
  tipsets(): readonly Tipset[];
  forgetBelow(height: Epoch): void;
}

export function mainChain(genesis: Tipset): MainChain {
  const main: Tipset[] = [genesis];
  const placeOf = (height: Epoch): number => {
    let [low, high] = [0, main.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((main[middle] as Tipset).height <= height) low = middle;
      else high = middle;
    }
    return low;
  };
  const lastUpTo = (height: Epoch): Tipset => main[placeOf(height)] as Tipset;
  const has = (tipset: Tipset): boolean => equalKeys(lastUpTo(tipset.height).key, tipset.key);
  return {
    head: () => main.at(-1) as Tipset,
    has,
    lastUpTo,
    firstFrom(height) {
      const place = placeOf(height);
      return (main[place] as Tipset).height >= height ? main[place] : main[place + 1];
    },
    setHead(next, tipset) {
      const applied: Tipset[] = [];
      let joint = next;
      for (; !has(joint); joint = tipset(joint.parents)) applied.unshift(joint);
      const reverted = main.splice(placeOf(joint.height) + 1).reverse();
      main.push(...applied);
      return { reverted, applied };
    },
    tipsets: () => main,
    forgetBelow(height) {
      const kept = main.findIndex((tipset) => tipset.height >= height);
      if (kept > 1) main.splice(1, kept - 1);
    },
  };
}
