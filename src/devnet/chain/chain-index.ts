/**
 * The accepted blocks of the devnet as tipsets, and the chain that ends in its head: what validation asks of a chain.
 */

import type { BlockHeader } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import { openStateTree, type StateTree } from '../../chain/state/state-tree.ts';
import { type Tipset, type TipsetKey, tipsetKeyText, tipsetOf } from '../../chain/tipset.ts';
import type { ChainView } from '../../consensus/validation/chain-view.ts';
import { MissingBlockError } from '../../errors/mineone-error.ts';
import { headerCid } from './header-cid.ts';
import { type MainChain, mainChain } from './main-chain.ts';

export interface ChainIndex extends ChainView {
  readonly main: MainChain;
  /** A block that was added. */
  header(cid: CID): BlockHeader | undefined;
  /** Whether the block was listed. */
  has(cid: CID): boolean;
  /** Lets blocks be mined on this one; only listed ones are in heads. */
  add(header: BlockHeader): void;
  /** Adds an accepted block; the head stays. */
  list(header: BlockHeader): void;
  /** Listed blocks of a height, in the order they came. */
  blocksAt(height: Epoch): readonly BlockHeader[];
  /** Tipsets below this height are forgotten; genesis is not. */
  forgetBelow(height: Epoch): void;
  /** All headers that are still known. */
  headers(): Iterable<BlockHeader>;
}

const TREES_KEPT = 64;

export function chainIndex(get: GetBlock, genesis: BlockHeader): ChainIndex {
  const headers = new Map<string, BlockHeader>();
  const listed = new Set<string>();
  const byHeight = new Map<Epoch, BlockHeader[]>();
  const tipsets = new Map<string, Tipset>();
  const add = (header: BlockHeader): void => void headers.set(headerCid(header).toString(), header);
  const list = (header: BlockHeader): void => {
    const cid = headerCid(header).toString();
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
  const main = mainChain(tipset([headerCid(genesis)]));
  return {
    get,
    main,
    tipset,
    firstFrom: (base, epoch) => firstFrom(main, tipset, base, epoch),
    state: states(get),
    add,
    list,
    header: (cid) => headers.get(cid.toString()),
    has: (cid) => listed.has(cid.toString()),
    blocksAt: (height) => byHeight.get(height) ?? [],
    headers: () => headers.values(),
    forgetBelow(height) {
      const isOld = (of: Epoch): boolean => of < height && of > 0;
      main.forgetBelow(height);
      for (const [text, known] of tipsets) if (isOld(known.height)) tipsets.delete(text);
      for (const at of byHeight.keys()) if (isOld(at)) byHeight.delete(at);
      for (const [cid, header] of headers) {
        if (!isOld(header.height)) continue;
        headers.delete(cid);
        listed.delete(cid);
      }
    },
  };
}

/** Walks only as far as the base is off the head's chain. */
function firstFrom(main: MainChain, tipset: (key: TipsetKey) => Tipset, base: Tipset, epoch: Epoch): Tipset {
  if (base.height < epoch) throw new MissingBlockError(String(epoch), 'a tipset at or above epoch');
  let found = base;
  while (!main.has(found)) {
    const below = tipset(found.parents);
    if (below.height < epoch) return found;
    found = below;
  }
  return main.firstFrom(epoch) ?? found;
}

function states(get: GetBlock): ChainView['state'] {
  const trees = new Map<string, StateTree>();
  return (root) => {
    const key = root.toString();
    const tree = trees.get(key) ?? openStateTree(get, root);
    if (trees.size >= TREES_KEPT) trees.clear();
    trees.set(key, tree);
    // Height 0 is no answer, but `after` is only ever read of a state that is not exact.
    return { tree, after: 0, exact: true };
  };
}

function missing(cid: CID): never {
  throw new MissingBlockError(cid.toString(), 'block');
}
