/**
 * The node that everybody on the devnet talks to, in plain calls: it knows the chain, holds the wallet and the
 * messages, makes blocks and judges them.
 */

import { type Address, addressKey, formatAddress, idOf } from '../chain/address.ts';
import type { BeaconEntry } from '../chain/beacon-entry.ts';
import type { BlockHeader } from '../chain/block-header.ts';
import type { BlockMessage } from '../chain/block-message.ts';
import { equalBytes } from '../chain/encoding/bytes.ts';
import type { CID } from '../chain/encoding/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { SignedMessage } from '../chain/message.ts';
import { readMiner } from '../chain/state/miner.ts';
import { rememberedProvingSets } from '../chain/state/proving-set.ts';
import { firstBlock, type Tipset, type TipsetKey, tipsetKeyText } from '../chain/tipset.ts';
import { type BlockTemplate, blockOfTemplate, signHeader } from '../consensus/block-template.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { type Judge, type Round, roundOf } from '../consensus/validation/round.ts';
import { MineOneError, MissingBlockError } from '../errors/mineone-error.ts';
import { PortError } from '../errors/port-error.ts';
import { type MiningBaseInfo, miningBaseInfo, type ProvingSets } from '../mining/base-info.ts';
import type { Clock } from '../ports/clock.ts';
import type { Beacon } from './beacon-network.ts';
import type { DevnetChain } from './chain/chain.ts';
import { headerCid } from './chain/header-cid.ts';
import { addReachable } from './chain/reachable.ts';
import { type MessageDesk, messageDesk } from './messages/message-desk.ts';
import { rejectionOf } from './rejection.ts';
import type { BlockSource, DevnetEvent } from './setting/event.ts';
import type { RememberingRecovery } from './setting/remembering-bls.ts';

export interface FullNodeParts {
  readonly params: NetworkParams;
  readonly chain: DevnetChain;
  readonly beacon: Beacon;
  readonly clock: Clock;
  readonly bls: Bls;
  readonly recovery: RememberingRecovery;
  /** Private keys of all workers by their addresses (`addressKey`). */
  readonly wallet: ReadonlyMap<string, Uint8Array>;
  readonly emit: (event: DevnetEvent) => void;
  /** Told of every block that passed, before it is on the chain, and of its messages. */
  readonly onTaken: (block: BlockMessage, messages: readonly SignedMessage[]) => void;
  /** Told of the messages of a block that is made: whoever submits it brings their CIDs alone. */
  readonly onMade: (messages: readonly SignedMessage[]) => void;
}

export interface FullNode {
  readonly params: NetworkParams;
  readonly chain: DevnetChain;
  readonly beacon: Beacon;
  readonly desk: MessageDesk;
  /** Throws `NODE_FAILED` for a tipset that is not known. */
  tipset(key: TipsetKey): Tipset;
  /** Throws `DEVNET_NO_MINER`. */
  requireMiner(miner: Address): void;
  /** `null` as `MinerGetBaseInfo` has it; throws `NODE_FAILED` for no miner. */
  info(miner: Address, epoch: Epoch, base: Tipset): MiningBaseInfo | null;
  /** Throws `NODE_FAILED`. */
  create(template: BlockTemplate): BlockMessage;
  /** Judges a block and takes it; throws `NODE_REJECTED` in Lotus' words. One that is known already passes. */
  take(block: BlockMessage, from: BlockSource): void;
  /** Says that a block was submitted and refused before anybody looked at it. */
  refuse(block: BlockMessage, reason: string): void;
  /** Lets a block be mined on that nobody has seen. */
  hide(block: BlockMessage): void;
  /** Takes a block that was judged before, as when a chain is taken up again. */
  takeJudged(block: BlockMessage): void;
  /** Forgets the chain below a height, and every block that only it leads to. */
  forgetBelow(height: Epoch): void;
}

/** Epochs that are kept below the head: a lookback, and some. */
export const KEPT_EPOCHS = 1000;

const SYNC_FAILED = 'sync to submitted block failed: collectChain failed: collectChain syncMessages: message processing failed: ';

export function fullNode(parts: FullNodeParts): FullNode {
  const { params, chain, beacon, bls, recovery, emit } = parts;
  const desk = messageDesk(params, chain, { bls, recoverSecp256k1: recovery.recover });
  const setOf = rememberedProvingSets();
  const round = rounds({ params, view: chain, bls, recoverSecp256k1: recovery.recover, provingSets: setOf });
  const infoOf = infos(setOf);

  function admit(block: BlockMessage): void {
    const { header } = block;
    const { change, equivocation } = chain.accept(header);
    if (equivocation !== null) emit({ type: 'equivocation', miner: header.miner, epoch: header.height, cids: equivocation });
    if (change === null) return;
    desk.follow(change);
    emit({ type: 'head', head: chain.head(), ...change });
  }

  return {
    params,
    chain,
    beacon,
    desk,
    tipset: (key) => known(chain, key),
    requireMiner(miner) {
      const { tree } = chain.state(firstBlock(chain.head()).parentStateRoot, 0);
      if (readMiner(tree, idOf(miner)) === null)
        throw new MineOneError('DEVNET_NO_MINER', `${formatAddress(miner)} is no miner of this devnet; its miners are f01000 and on`);
    },
    info(miner, epoch, base) {
      const asked = round(base, epoch, chain.facts(base).stateRoot);
      if (readMiner(asked.baseState().tree, idOf(miner)) === null) throw failed('loading miner in current state: actor not found');
      return infoOf(asked, miner, beacon.entries(base.height, epoch, asked.previousBeacon()));
    },
    create: (template) => createBlock(parts, desk, round, template, infoOf),
    take(block, from) {
      const { header } = block;
      const cid = headerCid(header);
      emit({ type: 'submitted', cid, block, from });
      if (chain.has(cid)) return;
      try {
        if (!judged(parts, desk, round, block, from)) return;
      } catch (error) {
        if (!(error instanceof MineOneError)) throw error;
        const refusal = error instanceof MissingBlockError ? rejected(`${SYNC_FAILED}${error.message}`) : error;
        emit({ type: 'rejected', cid, header, from, reason: refusal.message });
        throw refusal;
      }
      parts.onTaken(block, desk.book.ofBlock(header));
      emit({ type: 'accepted', cid, header, from });
      admit(block);
    },
    hide(block) {
      desk.book.admit(block);
      chain.add(block.header);
    },
    refuse(block, reason) {
      const { header } = block;
      const cid = headerCid(header);
      emit({ type: 'submitted', cid, block, from: 'node' });
      emit({ type: 'rejected', cid, header, from: 'node', reason });
    },
    takeJudged(block) {
      desk.book.admit(block);
      admit(block);
    },
    forgetBelow: (height) => forgetBelow(chain, desk, height),
  };
}

type Rounds = (base: Tipset, epoch: Epoch, stateRoot: CID) => Round;

const ROUNDS_KEPT = 32;

/** Blocks of one epoch on one base share what is read for them. */
function rounds(judge: Judge): Rounds {
  const made = new Map<string, Round>();
  return (base, epoch, stateRoot) => {
    const key = `${tipsetKeyText(base.key)}${epoch}${stateRoot}`;
    const found = made.get(key) ?? roundOf(judge, base, epoch, stateRoot);
    if (made.size >= ROUNDS_KEPT) made.clear();
    made.set(key, found);
    return found;
  };
}

type Infos = (round: Round, miner: Address, entries: readonly BeaconEntry[]) => MiningBaseInfo | null;

/** Whoever mines asks for it before the block and with it, each instance for itself. */
function infos(setOf: ProvingSets): Infos {
  const known = new WeakMap<Round, Map<string, { readonly entries: readonly BeaconEntry[]; readonly info: MiningBaseInfo | null }>>();
  return (round, miner, entries) => {
    const ofRound = known.get(round) ?? new Map();
    const found = ofRound.get(addressKey(miner));
    if (found !== undefined && isSameEntries(found.entries, entries)) return found.info;
    const info = miningBaseInfo(round, miner, entries, setOf);
    known.set(round, ofRound.set(addressKey(miner), { entries, info }));
    return info;
  };
}

function isSameEntries(a: readonly BeaconEntry[], b: readonly BeaconEntry[]): boolean {
  return a.length === b.length && a.every(({ round, data }, i) => round === b[i]?.round && equalBytes(data, b[i].data));
}

function createBlock(
  { chain, bls, wallet, onMade }: FullNodeParts,
  { book }: MessageDesk,
  round: Rounds,
  template: BlockTemplate,
  infoOf: Infos,
): BlockMessage {
  const base = known(chain, template.parents);
  const facts = chain.facts(base);
  const worker = infoOf(round(base, template.epoch, facts.stateRoot), template.miner, template.beaconEntries)?.workerKey;
  const key = worker === undefined ? undefined : wallet.get(addressKey(worker));
  if (key === undefined) throw failed(`failed to get miner worker: ${formatAddress(template.miner)} has no worker whose key this node holds`);
  const block = blockOfTemplate(bls, template, facts);
  template.messages.forEach(book.keep);
  onMade(template.messages);
  return { ...block, header: signHeader(bls, key, block.header) };
}

/** Whether the block was looked at and is good; throws `NODE_REJECTED` and `MissingBlockError`. */
function judged({ chain, clock }: FullNodeParts, { book }: MessageDesk, round: Rounds, block: BlockMessage, from: BlockSource): boolean {
  const { header } = block;
  const cid = headerCid(header);
  book.admit(block);
  if (header.ticket === null) throw rejected(`somehow failed to make a tipset out of a single block: block ${cid} has nil Ticket`);
  // A node that has a heavier chain does not look at the block (lotus chain/sync.go Sync).
  if (from === 'node' && firstBlock(chain.head()).parentWeight > header.parentWeight) return false;
  const judge = {
    now: BigInt(Math.floor(clock.now() / 1000)),
    round: ({ parents, height, parentStateRoot }: BlockHeader) => round(chain.tipset(parents), height, parentStateRoot),
    executed: ({ base }: Round) => chain.facts(base),
  };
  const reason = rejectionOf(judge, header);
  if (reason !== null) throw rejected(`${SYNC_FAILED}validating block ${cid}: ${reason}`);
  return true;
}

function forgetBelow(chain: DevnetChain, { book }: MessageDesk, height: Epoch): void {
  chain.forgetBelow(height);
  const kept = new Set(book.cids());
  for (const header of chain.headers()) {
    kept.add(headerCid(header).toString());
    addReachable(chain.table.get, [header.parentStateRoot, header.parentMessageReceipts, header.messages], kept);
  }
  chain.table.retain(kept);
}

function known(chain: DevnetChain, key: TipsetKey): Tipset {
  try {
    return chain.tipset(key);
  } catch (cause) {
    throw failed(`failed to load tipset for mining base: get block ${key[0] ?? 'of no key'}: ipld: could not find it`, cause);
  }
}

function failed(text: string, cause?: unknown): PortError {
  return new PortError('NODE_FAILED', text, { retryable: false, cause });
}

function rejected(text: string): PortError {
  return new PortError('NODE_REJECTED', text, { retryable: false });
}
