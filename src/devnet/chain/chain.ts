/**
 * The devnet's chain: executes tipsets, weighs them, and chooses its head as Lotus does (docs/protocol.md 2.9, 2.10;
 * lotus chain/store/store.go:392-460, 1102-1170, 1333).
 */

import { addressKey } from '../../chain/address.ts';
import { type BlockHeader, blockHeader } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { encode } from '../../chain/encoding/codec.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { readPower } from '../../chain/state/power.ts';
import { firstBlock, type Tipset, tipsetKeyText } from '../../chain/tipset.ts';
import type { BaseFacts } from '../../consensus/block-template.ts';
import { nextBaseFee } from '../../consensus/messages/base-fee.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import { uniqueMessages } from '../../consensus/validation/block-messages.ts';
import { weightOf } from '../../consensus/weight.ts';
import type { BlockTable } from '../state/block-table.ts';
import type { DueChange } from '../state/miner-change.ts';
import { type ChainIndex, chainIndex } from './chain-index.ts';
import { execute } from './execute.ts';
import { heaviestOf, heaviestTipsets } from './fork-choice.ts';
import { NO_RECEIPTS } from './genesis-block.ts';
import { headerCid } from './header-cid.ts';
import { type KnownIds, type Ledger, ledgerOver } from './ledger.ts';
import type { HeadChange } from './main-chain.ts';

export interface Accepted {
  /** `null` while the head stays. */
  readonly change: HeadChange | null;
  /** All blocks of this miner at this height, when they are more than one. */
  readonly equivocation: readonly CID[] | null;
}

export interface DevnetChain extends ChainIndex {
  readonly table: BlockTable;
  head(): Tipset;
  /** What blocks on this base must say; executes it. */
  facts(base: Tipset): BaseFacts;
  /** The state after this base, to be looked at. */
  after(base: Tipset): Pick<Ledger, 'idOf' | 'actor'>;
  /** Takes a block that was judged good, and the heaviest head with it. */
  accept(header: BlockHeader): Accepted;
  /** Takes effect with the first tipset of this height or more that is not executed yet; says that height. */
  schedule(change: DueChange): DueChange;
}

/** Heights below the head that are formed anew when a block comes (lotus store.go:440). */
const LOOK_BACK = 5;

export function devnetChain(table: BlockTable, params: NetworkParams, genesis: BlockHeader): DevnetChain {
  table.put(encode(blockHeader, genesis));
  const index = chainIndex(table.get, genesis);
  const { main } = index;
  const known = new Map<string, BaseFacts>();
  const weights = new Map<string, bigint>();
  const due: DueChange[] = [];
  const ids: KnownIds = new Map();
  let executed: Epoch = 0;

  const weigh = (tipset: Tipset): bigint => remembered(weights, tipset, () => weightOf(tipset, powerBefore(index, tipset)));
  const heaviest = heaviestTipsets(index, weigh);

  const factsOf = (base: Tipset): BaseFacts => {
    executed = Math.max(executed, base.height);
    const below = base.height === 0 ? -1 : index.tipset(base.parents).height;
    const changes = due.filter(({ height }) => height > below && height <= base.height);
    const { parentBaseFee, parentStateRoot } = firstBlock(base);
    const messages = uniqueMessages(table.get, base);
    return {
      // Genesis executes nothing: the state after it is its own.
      stateRoot:
        base.height === 0 ? parentStateRoot : execute({ table, params, tree: index.state(parentStateRoot, base.height).tree, ids, due: changes }, base),
      receiptsRoot: NO_RECEIPTS.root,
      weight: weigh(base),
      baseFee: nextBaseFee(params, { height: base.height, baseFee: parentBaseFee, blocks: base.blocks.length, messages }),
    };
  };

  const facts = (base: Tipset): BaseFacts => remembered(known, base, () => factsOf(base));

  /** The head is formed anew too: its own miners may have equivocated. */
  const chooseHead = (height: Epoch): HeadChange | null => {
    const head = main.head();
    const heights = [head.height, height, ...Array.from({ length: LOOK_BACK }, (_, i) => head.height - 1 - i)];
    const formed = [...new Set(heights)].filter((at) => at >= 0).flatMap((at) => heaviest.at(at) ?? []);
    const best = heaviestOf(formed, weigh);
    return best === null || tipsetKeyText(best.key) === tipsetKeyText(head.key) ? null : main.setHead(best, index.tipset);
  };

  return {
    ...index,
    table,
    head: main.head,
    facts,
    after: (base) => ledgerOver(table, index.state(facts(base).stateRoot, base.height).tree, ids),
    accept(header) {
      const cid = headerCid(header);
      table.keep({ root: cid, blocks: [{ cid, bytes: encode(blockHeader, header) }] });
      index.list(header);
      heaviest.changed(header.height);
      const ofMiner = index.blocksAt(header.height).filter(({ miner }) => addressKey(miner) === addressKey(header.miner));
      return { change: chooseHead(header.height), equivocation: ofMiner.length > 1 ? ofMiner.map(headerCid) : null };
    },
    schedule(change) {
      const made = { ...change, height: Math.max(change.height, executed + 1) };
      due.push(made);
      return made;
    },
    forgetBelow(height) {
      index.forgetBelow(height);
      known.clear();
      weights.clear();
      heaviest.clear();
    },
  };
}

function remembered<T>(known: Map<string, T>, tipset: Tipset, make: () => T): T {
  const key = tipsetKeyText(tipset.key);
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

function powerBefore(index: ChainIndex, tipset: Tipset): bigint {
  return readPower(index.state(firstBlock(tipset).parentStateRoot, tipset.height).tree).totalQualityAdjPower;
}
