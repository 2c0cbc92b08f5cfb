/**
 * A chain made up in memory: real states, exact weights and fees, null rounds wherever an epoch is left out. Most of
 * its epochs are fillers that nobody signed; sealed-block.ts makes the blocks that are to be judged. It knows each
 * state as plain values, so what a rule should find can be said without the rule.
 */

import type { BeaconEntry } from '../../../src/chain/beacon-entry.ts';
import { type BlockHeader, blockHeader } from '../../../src/chain/block-header.ts';
import { type CID, parseCid } from '../../../src/chain/encoding/cid.ts';
import { encode } from '../../../src/chain/encoding/codec.ts';
import type { Epoch } from '../../../src/chain/epoch.ts';
import type { Block, GetBlock } from '../../../src/chain/ipld/block-store.ts';
import { type Tipset, tipsetOf } from '../../../src/chain/tipset.ts';
import type { NetworkParams } from '../../../src/consensus/network/network.ts';
import type { Bls } from '../../../src/consensus/signatures/bls.ts';
import { uniqueMessages } from '../../../src/consensus/validation/block-messages.ts';
import { genesisBlock } from '../../../src/devnet/chain/genesis-block.ts';
import { EMPTY_RECEIPTS, NO_MESSAGES } from '../no-messages.ts';
import type { WorkerKey } from '../worker-key.ts';
import type { MadeDrand } from './drand.ts';
import { ACTORS_V0, ACTORS_V2, ACTORS_V18, type MadeLayout } from './layout.ts';
import { MADE_MINIMUM } from './network.ts';
import { type MadeState, stateMaker } from './state.ts';

export interface MadeTipset {
  readonly tipset: Tipset;
  readonly height: Epoch;
  /** State before its messages, and after them. */
  readonly before: MadeState;
  readonly after: MadeState;
  readonly afterRoot: CID;
  /** Latest beacon entry up to here. */
  readonly entry: BeaconEntry;
}

/** Happens with the messages of the first tipset at or after the epoch. */
export interface Change {
  readonly epoch: Epoch;
  readonly change: (state: MadeState) => MadeState;
}

export interface MadeChainOptions {
  readonly params: NetworkParams;
  readonly bls: Bls;
  /** One for each network of `params.beacons`. */
  readonly drands: readonly MadeDrand[];
  /** Of all workers and senders. */
  readonly keys: readonly WorkerKey[];
  readonly genesis: MadeState;
  readonly changes?: readonly Change[];
  /** Epochs that fillers leave out. */
  readonly nulls?: readonly Epoch[];
}

export interface MadeChain extends Required<MadeChainOptions> {
  readonly get: GetBlock;
  /** From genesis to the head. */
  readonly tipsets: readonly MadeTipset[];
  /** The tipset of this height; throws for a null round. */
  at(height: Epoch): MadeTipset;
  /** The last tipset of at most this height. */
  lastUpTo(height: Epoch): MadeTipset;
  head(): MadeTipset;
  put(blocks: Iterable<Block>): void;
  /** Makes these blocks the new head. */
  append(headers: readonly BlockHeader[]): MadeTipset;
  /** Everything that was put or appended, and all states. */
  blocks(): Generator<Block>;
}

export function makeChain(options: MadeChainOptions): MadeChain {
  const { params, changes = [], nulls = [] } = options;
  const store = new Map<string, Uint8Array>();
  const states = stateMaker(params.name);
  const tipsets: MadeTipset[] = [];
  const get: GetBlock = (cid) => store.get(cid.toString()) ?? states.get(cid);
  const lastUpTo = (height: Epoch): MadeTipset => tipsets.findLast((made) => made.height <= height) ?? missing(`a tipset up to ${height}`);
  const put = (blocks: Iterable<Block>): void => {
    for (const { cid, bytes } of blocks) store.set(cid.toString(), bytes);
  };
  const keep = (tipset: Tipset, before: MadeState, after: MadeState, previous: BeaconEntry | undefined): MadeTipset => {
    put(tipset.blocks.map((header, i) => ({ cid: tipset.key[i] as CID, bytes: encode(blockHeader, header) })));
    const entry = tipset.blocks[0]?.beaconEntries.at(-1) ?? previous ?? missing('a beacon entry');
    const made = { tipset, height: tipset.height, before, after, afterRoot: states.root(after, layoutAfter(params, tipset.height), MADE_MINIMUM), entry };
    tipsets.push(made);
    return made;
  };
  put([...EMPTY_RECEIPTS.blocks, ...NO_MESSAGES.blocks]);
  keep(tipsetOf([genesisBlock(params, states.root(options.genesis, layoutAfter(params, 0), MADE_MINIMUM))]), options.genesis, options.genesis, undefined);
  return {
    ...options,
    changes,
    nulls,
    get,
    tipsets,
    lastUpTo,
    put,
    at: (height) => tipsets.find((made) => made.height === height) ?? missing(`a tipset at ${height}`),
    head: () => tipsets.at(-1) ?? missing('a head'),
    append(headers) {
      const base = tipsets.at(-1) ?? missing('a base');
      const tipset = tipsetOf(headers);
      const due = changes.filter(({ epoch }) => epoch > base.height && epoch <= tipset.height);
      const after = due.reduce((state, { change }) => change(state), withNonces(base.after, get, tipset));
      return keep(tipset, base.after, after, base.entry);
    },
    *blocks() {
      for (const [cid, bytes] of states.blocks()) yield { cid: parseCid(cid), bytes };
      for (const [cid, bytes] of store) yield { cid: parseCid(cid), bytes };
    },
  };
}

/** The migration to new actors runs with the first tipset after an upgrade's height. */
function layoutAfter({ upgrades }: NetworkParams, height: Epoch): MadeLayout {
  if (height > upgrades.fireHorse) return ACTORS_V18;
  return height > upgrades.assembly ? ACTORS_V2 : ACTORS_V0;
}

/** All that messages do here is to count. */
function withNonces(state: MadeState, get: GetBlock, tipset: Tipset): MadeState {
  const senders = uniqueMessages(get, tipset).map(({ from }) => from);
  if (senders.length === 0) return state;
  const sent = (key: Uint8Array): number => senders.filter(({ payload }) => payload.join() === key.join()).length;
  return { ...state, accounts: state.accounts.map((account) => ({ ...account, nonce: account.nonce + sent(account.key.payload) })) };
}

function missing(what: string): never {
  throw new Error(`the made chain has not ${what}`);
}
