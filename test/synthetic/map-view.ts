/** A chain in a map as the checks see it: every question is answered by following parents. */

import { blockHeader } from '../../src/chain/block-header.ts';
import { decode } from '../../src/chain/encoding/codec.ts';
import { type GetBlock, requireBlock } from '../../src/chain/ipld/block-store.ts';
import { openStateTree } from '../../src/chain/state/state-tree.ts';
import { type Tipset, type TipsetKey, tipsetOf } from '../../src/chain/tipset.ts';
import type { ChainView } from '../../src/consensus/validation/chain-view.ts';
import { MissingBlockError } from '../../src/errors/mineone-error.ts';

export function mapView(get: GetBlock): ChainView {
  const known = new Map<string, Tipset>();
  const tipset = (key: TipsetKey): Tipset => {
    const made = known.get(key.join()) ?? tipsetOf(key.map((cid) => decode(blockHeader, requireBlock(get, cid, 'block'))));
    known.set(key.join(), made);
    return made;
  };
  return {
    get,
    tipset,
    firstFrom(base, epoch) {
      if (base.height < epoch) throw new MissingBlockError(`${epoch}`, 'a tipset at or above epoch');
      let found = base;
      for (let below = base; below.height > 0; ) {
        below = tipset(below.parents);
        if (below.height < epoch) break;
        found = below;
      }
      return found;
    },
    // Height 0 is no answer, but `after` is only ever read of a state that is not exact.
    state: (root) => ({ tree: openStateTree(get, root), after: 0, exact: true }),
  };
}
