/**
 * The competitors that the devnet mines for: in the open, or for a while to themselves, on a chain that is to replace
 * the public one.
 */

import type { BlockMessage } from '../chain/block-message.ts';
import type { Epoch } from '../chain/epoch.ts';
import { type Tipset, tipsetOf } from '../chain/tipset.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { isHeavier } from '../consensus/weight.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { FullNode } from './full-node.ts';
import { rivalBlocks } from './rival-block.ts';
import type { CastMiner } from './setting/cast.ts';
import type { Cheat } from './setting/world.ts';

export interface Rivals {
  /** What they mine for this epoch, on the head or on their own chain; called when the base is settled. */
  mine(epoch: Epoch): readonly BlockMessage[];
  /** Sends out what was mined in the open. */
  publish(blocks: readonly BlockMessage[]): void;
  /** Sends out their own chain if it is the heavier one by now. */
  reveal(epoch: Epoch): void;
  reorg(depth: number): void;
  cheat(cheat: Cheat, from: Epoch): void;
  rest(from: Epoch, to: Epoch): void;
}

/** Epochs after which a chain that nobody saw is given up. */
const PATIENCE = 20;
/**
 * Epochs that a public chain may stand still before they publish: those who wait for a rival's block would wait for
 * ever.
 */
const PATIENCE_STILL = 1;

/** A chain that is kept back. */
interface Hidden {
  readonly depth: number;
  readonly root: Tipset;
  readonly blocks: BlockMessage[];
  tip: Tipset;
}

export function devnetRivals(node: FullNode, bls: Bls, all: readonly CastMiner[]): Rivals {
  const rivals = all.filter(({ rival }) => rival !== null);
  const cheats: { readonly cheat: Cheat; readonly from: Epoch }[] = [];
  const rests: { readonly from: Epoch; readonly to: Epoch }[] = [];
  let hidden: Hidden | null = null;
  const required = (): void => {
    if (rivals.length === 0) throw new MineOneError('DEVNET_NO_RIVAL', 'this devnet has no rivals: create it with at least one');
  };

  function mineOne(rival: CastMiner, base: Tipset, epoch: Epoch): readonly BlockMessage[] {
    const asked = cheats.findIndex(({ from }) => from <= epoch);
    const cheat = rival.rival?.cheat ?? cheats[asked]?.cheat ?? null;
    const blocks = rivalBlocks(node, bls, { rival, base, epoch, cheat });
    if (blocks.length > 0 && rival.rival?.cheat === undefined && asked >= 0) cheats.splice(asked, 1);
    return blocks;
  }

  /** Blocks that others may be mined on, and that no head has. */
  function hide(chain: Hidden, blocks: readonly BlockMessage[]): void {
    if (blocks.length === 0) return;
    for (const block of blocks) node.hide(block);
    chain.blocks.push(...blocks);
    chain.tip = tipsetOf(blocks.map(({ header }) => header));
  }

  return {
    mine(epoch) {
      if (rests.some(({ from, to }) => epoch >= from && epoch <= to)) return [];
      const base = hidden?.tip ?? node.chain.head();
      if (base.height >= epoch) return [];
      if (hidden === null) return rivals.flatMap((rival) => mineOne(rival, base, epoch));
      const honest = rivals.flatMap((rival) => rivalBlocks(node, bls, { rival, base, epoch, cheat: null }));
      hide(hidden, honest);
      return [];
    },
    publish(blocks) {
      for (const block of blocks) send(node, block);
    },
    reveal(epoch) {
      if (hidden === null) return;
      const { root, tip, blocks, depth } = hidden;
      const head = node.chain.head();
      const undone = node.chain.main.tipsets().filter(({ height }) => height > root.height).length;
      const weight = (tipset: Tipset): bigint => node.chain.facts(tipset).weight;
      const isDue = undone >= depth || epoch > head.height + PATIENCE_STILL;
      if (blocks.length > 0 && isDue && isHeavier(tip, weight(tip), head, weight(head))) {
        hidden = null;
        for (const block of blocks) send(node, block);
      } else if (epoch > root.height + PATIENCE) hidden = null;
    },
    reorg(depth) {
      required();
      const root = node.chain.head();
      hidden ??= { depth, root, blocks: [], tip: root };
    },
    cheat(cheat, from) {
      required();
      cheats.push({ cheat, from });
    },
    rest: (from, to) => void rests.push({ from, to }),
  };
}

/** A refusal was told to whoever listens. */
function send(node: FullNode, block: BlockMessage): void {
  try {
    node.take(block, 'rival');
  } catch (error) {
    if (!(error instanceof MineOneError) || error.code !== 'NODE_REJECTED') throw error;
  }
}
