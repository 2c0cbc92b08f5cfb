/** What the checks ask of a chain: its tipsets, its states, its blocks. A file, a node or a devnet answers. */

import type { CID } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import type { StateTree } from '../../chain/state/state-tree.ts';
import type { Tipset, TipsetKey } from '../../chain/tipset.ts';

/** A state, or the nearest earlier one that the source holds. */
export interface KnownState {
  readonly tree: StateTree;
  /** Height of the tipset after which this is the state; 0 for genesis' own. */
  readonly after: Epoch;
  /** Whether it is the very state that was asked for. */
  readonly exact: boolean;
}

/** All of it throws `MissingBlockError` for what the source does not hold. */
export interface ChainView {
  readonly get: GetBlock;
  tipset(key: TipsetKey): Tipset;
  /** First tipset of height >= `epoch` on the chain that ends in `base`, the base among them. */
  firstFrom(base: Tipset, epoch: Epoch): Tipset;
  /** The state of this root, which is the one before a tipset at `epoch` (after the tipset below it). */
  state(root: CID, epoch: Epoch): KnownState;
}
