/** The devnet's chain: executes tipsets, weighs them, and chooses its head as Lotus does (protocol.md 2.9, 2.10; lotus chain/store/store.go:392-460, 1102-1170, 1333). */

import { type Address, addressKey } from '../chain/address.ts';
import { type BlockHeader, blockCid } from '../chain/block-header.ts';
import type { CID } from '../chain/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { readPower } from '../chain/state/power.ts';
import { firstBlock, type Tipset, tipsetKeyText, tipsetOf } from '../chain/tipset.ts';
import { nextBaseFee } from '../consensus/base-fee.ts';
import type { BaseFacts } from '../consensus/block-template.ts';
import type { NetworkParams } from '../consensus/network.ts';
import { uniqueMessages } from '../consensus/validation/block-messages.ts';
import { isHeavier, weightOf } from '../consensus/weight.ts';
import type { BlockTable } from './block-table.ts';
import { type ChainIndex, chainIndex, encodeHeader, type HeadChange } from './chain-index.ts';
import { execute } from './execute.ts';
import { NO_RECEIPTS } from './genesis-block.ts';
import type { DueChange } from './state/miner-change.ts';

export interface Accepted {
  /** `null` while the head stays. */
  readonly change: HeadChange | null;
  /** All blocks of this miner at this height, when they are more than one. */
  readonly equivocation: readonly CID[] | null;
}

export interface DevnetChain extends ChainIndex {
  readonly table: BlockTable;
  /** What blocks on this base must say; executes it. */
  facts(base: Tipset): BaseFacts;
  /** Takes a block that was judged good, and the heaviest head with it. */
  accept(header: BlockHeader): Accepted;
  /** Takes effect with the first tipset of this height or more that is not executed yet; says that height. */
  schedule(change: DueChange): DueChange;
  /** Changes that were scheduled, for tipsets still to come or come again. */
  scheduled(): readonly DueChange[];
  /** The heaviest tipset of the height, without the blocks of miners that made two; `null` for none. */
  heaviestAt(height: Epoch): Tipset | null;
}

/** Heights below the head that are formed anew when a block comes (lotus store.go:440). */
const LOOK_BACK = 5;

export function devnetChain(table: BlockTable, params: NetworkParams, genesis: BlockHeader): DevnetChain {
  table.put(encodeHeader(genesis));
  const index = chainIndex(table.get, genesis);
  const known = new Map<string, BaseFacts>();
  const weights = new Map<string, bigint>();
  const due: DueChange[] = [];
  /** By height, until another block comes. */
  const heaviest = new Map<Epoch, Tipset | null>();
  let executed: Epoch = 0;

  const weigh = (tipset: Tipset): bigint => {
    const key = tipsetKeyText(tipset.key);
    const weight = weights.get(key) ?? weightOf(tipset, readPower(index.state(firstBlock(tipset).parentStateRoot, tipset.height).tree).totalQualityAdjPower);
    weights.set(key, weight);
    return weight;
  };

  const facts = (base: Tipset): BaseFacts => {
    const key = tipsetKeyText(base.key);
    const found = known.get(key) ?? factsOf(base);
    known.set(key, found);
    return found;
  };

  const factsOf = (base: Tipset): BaseFacts => {
    executed = Math.max(executed, base.height);
    const below = base.height === 0 ? -1 : index.tipset(base.parents).height;
    const changes = due.filter(({ height }) => height > below && height <= base.height);
    const { parentBaseFee } = firstBlock(base);
    return {
      // Genesis executes nothing: the state after it is its own.
      stateRoot: base.height === 0 ? firstBlock(base).parentStateRoot : execute(table, params, base, changes),
      receiptsRoot: NO_RECEIPTS.root,
      weight: weigh(base),
      baseFee: nextBaseFee(params, { height: base.height, baseFee: parentBaseFee, blocks: base.blocks.length, messages: uniqueMessages(table.get, base) }),
    };
  };

  const heaviestAt = (height: Epoch): Tipset | null => {
    const found = heaviest.get(height);
    if (found !== undefined) return found;
    const formed = [...byParents(withoutEquivocators(index.blocksAt(height)))].map((blocks) => index.tipset(tipsetOf(blocks).key));
    const best = formed.reduce<Tipset | null>((a, b) => (a === null || isHeavier(b, weigh(b), a, weigh(a)) ? b : a), null);
    heaviest.set(height, best);
    return best;
  };

  const chooseHead = (height: Epoch): HeadChange | null => {
    const head = index.head();
    const heights = new Set([head.height, height]);
    for (let i = 1; i <= LOOK_BACK; i++) heights.add(head.height - i);
    let best: Tipset | null = heaviestAt(head.height);
    for (const candidate of [...heights].filter((h) => h >= 0).map(heaviestAt)) {
      if (candidate !== null && (best === null || isHeavier(candidate, weigh(candidate), best, weigh(best)))) best = candidate;
    }
    return best === null || tipsetKeyText(best.key) === tipsetKeyText(head.key) ? null : index.setHead(best);
  };

  return {
    ...index,
    table,
    facts,
    heaviestAt,
    accept(header) {
      table.put(encodeHeader(header));
      index.list(header);
      heaviest.delete(header.height);
      const ofMiner = index.blocksAt(header.height).filter(({ miner }) => addressKey(miner) === addressKey(header.miner));
      return { change: chooseHead(header.height), equivocation: ofMiner.length > 1 ? ofMiner.map(blockCid) : null };
    },
    schedule(change) {
      const made = { ...change, height: Math.max(change.height, executed + 1) };
      due.push(made);
      return made;
    },
    scheduled: () => due,
    forgetBelow(height) {
      index.forgetBelow(height);
      known.clear();
      weights.clear();
      heaviest.clear();
    },
  };
}

function withoutEquivocators(blocks: readonly BlockHeader[]): readonly BlockHeader[] {
  const count = new Map<string, number>();
  const key = ({ miner }: { readonly miner: Address }): string => addressKey(miner);
  for (const block of blocks) count.set(key(block), (count.get(key(block)) ?? 0) + 1);
  return blocks.filter((block) => count.get(key(block)) === 1);
}

function byParents(blocks: readonly BlockHeader[]): Iterable<readonly BlockHeader[]> {
  const groups = new Map<string, BlockHeader[]>();
  for (const block of blocks) {
    const key = tipsetKeyText(block.parents);
    groups.set(key, [...(groups.get(key) ?? []), block]);
  }
  return groups.values();
}
