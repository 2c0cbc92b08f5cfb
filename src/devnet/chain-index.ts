/** The accepted blocks of the devnet as tipsets, and the chain that ends in its head: what validation asks of a chain, answered without walking where it can be. */

import { type BlockHeader, blockCid, blockHeader } from '../chain/block-header.ts';
import type { GetBlock } from '../chain/block-store.ts';
import type { CID } from '../chain/cid.ts';
import { encode } from '../chain/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MissingBlockError } from '../chain/error.ts';
import { openStateTree, type StateTree } from '../chain/state/state-tree.ts';
import { equalKeys, type Tipset, type TipsetKey, tipsetKeyText, tipsetOf } from '../chain/tipset.ts';
import type { ChainView } from '../consensus/validation/chain-view.ts';

/** What a change of the head undid, newest first, and did, oldest first. */
export interface HeadChange {
  readonly reverted: readonly Tipset[];
  readonly applied: readonly Tipset[];
}

export interface ChainIndex extends ChainView {
  head(): Tipset;
  /** A block that was added. */
  header(cid: CID): BlockHeader | undefined;
  /** Whether the block was listed. */
  has(cid: CID): boolean;
  /** Lets blocks be mined on this one; only listed ones are in heads. */
  add(header: BlockHeader): void;
  /** Adds an accepted block; the head stays. */
  list(header: BlockHeader): void;
  /** Accepted blocks of a height, in the order they came. */
  blocksAt(height: Epoch): readonly BlockHeader[];
  setHead(tipset: Tipset): HeadChange;
  /** Last tipset of at most this height on the head's chain; the first for less. */
  lastUpTo(height: Epoch): Tipset;
  /** Tipsets below this height are forgotten, genesis is not; those of the head's chain are told. */
  forgetBelow(height: Epoch): void;
  /** Every tipset of the head's chain that is still known, from genesis on. */
  main(): readonly Tipset[];
  /** All headers that are still known. */
  headers(): Iterable<BlockHeader>;
}

const TREES_KEPT = 64;

export function chainIndex(get: GetBlock, genesis: BlockHeader): ChainIndex {
  const headers = new Map<string, BlockHeader>();
  const byHeight = new Map<Epoch, BlockHeader[]>();
  const tipsets = new Map<string, Tipset>();
  const trees = new Map<string, StateTree>();
  const listed = new Set<string>();
  const add = (header: BlockHeader): void => void headers.set(blockCid(header).toString(), header);
  const list = (header: BlockHeader): void => {
    const cid = blockCid(header).toString();
    if (listed.has(cid)) return;
    add(header);
    listed.add(cid);
    byHeight.set(header.height, [...(byHeight.get(header.height) ?? []), header]);
  };
  list(genesis);
  const tipset = (key: TipsetKey): Tipset => {
    const text = tipsetKeyText(key);
    const known = tipsets.get(text) ?? tipsetOf(key.map((cid) => headers.get(cid.toString()) ?? missing(cid)));
    tipsets.set(text, known);
    return known;
  };
  const main: Tipset[] = [tipset([blockCid(genesis)])];
  /** Place on the head's chain of the last tipset up to a height. */
  const placeOf = (height: Epoch): number => {
    let [low, high] = [0, main.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((main[middle] as Tipset).height <= height) low = middle;
      else high = middle;
    }
    return low;
  };
  const isMain = (candidate: Tipset): boolean => equalKeys((main[placeOf(candidate.height)] as Tipset).key, candidate.key);
  const firstFrom = (base: Tipset, epoch: Epoch): Tipset => {
    if (base.height < epoch) throw new MissingBlockError(String(epoch), 'a tipset at or above epoch');
    let found = base;
    while (!isMain(found)) {
      const below = tipset(found.parents);
      if (below.height < epoch) return found;
      found = below;
    }
    const place = placeOf(epoch);
    const at = main[place] as Tipset;
    return at.height >= epoch ? at : (main[place + 1] as Tipset);
  };
  return {
    get,
    tipset,
    firstFrom,
    add,
    state(root) {
      const key = root.toString();
      const tree = trees.get(key) ?? openStateTree(get, root);
      if (trees.size >= TREES_KEPT) trees.clear();
      trees.set(key, tree);
      // Height 0 is no answer, but `after` is only ever read of a state that is not exact.
      return { tree, after: 0, exact: true };
    },
    head: () => main.at(-1) as Tipset,
    list,
    header: (cid) => headers.get(cid.toString()),
    has: (cid) => listed.has(cid.toString()),
    blocksAt: (height) => byHeight.get(height) ?? [],
    setHead(next) {
      const applied: Tipset[] = [];
      let joint = next;
      for (; !isMain(joint); joint = tipset(joint.parents)) applied.unshift(joint);
      const place = placeOf(joint.height);
      const reverted = main.splice(place + 1).reverse();
      main.push(...applied);
      return { reverted, applied };
    },
    lastUpTo: (height) => main[placeOf(height)] as Tipset,
    main: () => main,
    headers: () => headers.values(),
    forgetBelow(height) {
      const kept = main.findIndex((known) => known.height >= height);
      if (kept > 1) main.splice(1, kept - 1);
      for (const [cid, header] of headers) {
        if (header.height >= height || header.height === 0) continue;
        headers.delete(cid);
        listed.delete(cid);
      }
      for (const [text, known] of tipsets) if (known.height < height && known.height > 0) tipsets.delete(text);
      for (const at of byHeight.keys()) if (at < height && at > 0) byHeight.delete(at);
    },
  };
}

export function encodeHeader(header: BlockHeader): Uint8Array {
  return encode(blockHeader, header);
}

function missing(cid: CID): never {
  throw new MissingBlockError(cid.toString(), 'block');
}
