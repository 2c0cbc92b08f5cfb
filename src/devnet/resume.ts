/** Takes a kept chain up again: the same genesis, every block in its order, the same head. */

import type { SignedMessage } from '../chain/message.ts';
import { equalKeys } from '../chain/tipset.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { decodeEntry, encodeEntry, type KeptEntry } from './chain/kept-entry.ts';
import type { FullNode } from './full-node.ts';
import type { DevnetOptions, DevnetStore } from './setting/options.ts';
import type { SlashMemory } from './slash-memory.ts';

export interface KeptChain {
  /** When the chain began, if it did before. */
  readonly genesisTimestamp: bigint | undefined;
  /** Gives the node what was kept; throws `DEVNET_STORE` for blocks that do not follow from one another. */
  takeUp(node: FullNode, slash: SlashMemory): void;
  keep(entry: KeptEntry): void;
  /**
   * Of a block that is made and may be submitted to a later process, as Lotus keeps them (lotus
   * chain/consensus/filcns/mine.go).
   */
  keepMessages(messages: readonly SignedMessage[]): void;
}

/** Throws `DEVNET_STORE` for a chain that began otherwise than these options would. */
export function keptChain(options: DevnetOptions, store: DevnetStore | undefined): KeptChain {
  const [first, ...later] = store?.entries ?? [];
  const begun = first === undefined ? undefined : beginning(decodeEntry(first), optionsText(options));
  return {
    genesisTimestamp: begun?.genesisTimestamp,
    takeUp(node, slash) {
      if (begun === undefined) store?.append(encodeEntry({ kind: 'begin', genesisTimestamp: node.params.genesisTimestamp, options: optionsText(options) }));
      for (const bytes of later) take(node, slash, decodeEntry(bytes));
    },
    keep: (entry) => store?.append(encodeEntry(entry)),
    keepMessages(messages) {
      if (messages.length > 0) store?.append(encodeEntry({ kind: 'messages', messages }));
    },
  };
}

function beginning(entry: KeptEntry, wanted: string): Extract<KeptEntry, { kind: 'begin' }> {
  if (entry.kind !== 'begin') throw new MineOneError('DEVNET_STORE', 'the kept chain has no beginning; begin another in an empty folder');
  if (entry.options !== wanted)
    throw new MineOneError(
      'DEVNET_STORE',
      `the kept chain was begun with ${entry.options}, not with ${wanted}; use these, or begin another in an empty folder`,
    );
  return entry;
}

function take(node: FullNode, slash: SlashMemory, entry: KeptEntry): void {
  if (entry.kind === 'change') node.chain.schedule(entry.change);
  if (entry.kind === 'messages') entry.messages.forEach(node.desk.book.keep);
  if (entry.kind !== 'block') return;
  const { header } = entry.block;
  entry.messages.forEach(node.desk.book.keep);
  const base = node.tipset(header.parents);
  if (!node.chain.facts(base).stateRoot.equals(header.parentStateRoot) || !equalKeys(base.key, header.parents))
    throw new MineOneError('DEVNET_STORE', `the kept block of ${header.height} does not follow from those before it; begin another chain in an empty folder`);
  node.takeJudged(entry.block);
  slash.mined(header, base.height);
}

/** Everything that decides what the chain is; the same text for the same options. */
function optionsText(options: DevnetOptions): string {
  const { seed, miners, powers, rivals, blockDelaySecs, propagationDelaySecs, equivocationDelaySecs } = options;
  const named = { seed, miners, powers, rivals, blockDelaySecs, propagationDelaySecs, equivocationDelaySecs };
  return JSON.stringify(named, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
