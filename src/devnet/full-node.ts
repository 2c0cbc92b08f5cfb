/** The node that everybody on the devnet talks to, in plain calls: it knows the chain, holds the wallet and the messages, makes blocks and judges them. */

import { type Address, addressKey, formatAddress, idOf } from '../chain/address.ts';
import { type BlockHeader, blockCid } from '../chain/block-header.ts';
import type { BlockMessage } from '../chain/block-message.ts';
import type { CID } from '../chain/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MineOneError, MissingBlockError } from '../chain/error.ts';
import type { SignedMessage } from '../chain/message.ts';
import { SIGNATURE_BLS } from '../chain/signature.ts';
import { readMiner } from '../chain/state/miner.ts';
import { firstBlock, type Tipset, type TipsetKey, tipsetKeyText } from '../chain/tipset.ts';
import { type BlockTemplate, blockOfTemplate, signHeader } from '../consensus/block-template.ts';
import type { Bls } from '../consensus/bls.ts';
import { signatureRefusal, signedFormRefusal } from '../consensus/message-signature.ts';
import { type MiningBaseInfo, miningBaseInfo } from '../consensus/mining-base-info.ts';
import { type NetworkParams, networkVersion } from '../consensus/network.ts';
import { type Round, roundOf } from '../consensus/validation/round.ts';
import type { Clock } from '../ports/clock.ts';
import type { Beacon } from './beacon.ts';
import type { DevnetChain } from './chain.ts';
import type { BlockSource, DevnetEvent } from './event.ts';
import { ledgerOver } from './ledger.ts';
import { type Mempool, mempool, type SenderState } from './mempool.ts';
import { messageBook } from './message-book.ts';
import { rejectionOf } from './rejection.ts';
import type { RememberingRecovery } from './remembering-bls.ts';
import { selectMessages } from './select.ts';

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
  /** Told of every block and message that was taken, to keep it. */
  readonly onTaken: (block: BlockMessage, from: BlockSource) => void;
}

export interface FullNode {
  readonly params: NetworkParams;
  readonly chain: DevnetChain;
  readonly beacon: Beacon;
  readonly pool: Mempool;
  /** Throws `NODE_FAILED` for a tipset that is not known. */
  tipset(key: TipsetKey): Tipset;
  /** Throws `DEVNET_NO_MINER`. */
  requireMiner(miner: Address): void;
  /** `null` as `MinerGetBaseInfo` has it; throws `NODE_FAILED` for no miner. */
  info(miner: Address, epoch: Epoch, base: Tipset): MiningBaseInfo | null;
  select(base: Tipset): readonly SignedMessage[];
  /** Throws `NODE_FAILED`. */
  create(template: BlockTemplate): BlockMessage;
  /** Judges a block and takes it; throws `NODE_REJECTED` in Lotus' words. One that is known already passes. */
  take(block: BlockMessage, from: BlockSource): void;
  /** Lets a block be mined on that nobody has seen. */
  hide(block: BlockMessage): void;
  /** Says that a block was submitted and refused before anybody looked at it. */
  refuse(block: BlockMessage, reason: string): void;
  /** Takes a block that was judged before, as when a chain is taken up again. */
  takeJudged(block: BlockMessage): void;
  /** Throws `MPOOL_REFUSED` in Lotus' words. */
  push(signed: SignedMessage): void;
  /** A sender by the state after a tipset. */
  senderAfter(base: Tipset, address: Address): SenderState | null;
  keep(signed: SignedMessage): void;
}

const ROUNDS_KEPT = 32;

export function fullNode(parts: FullNodeParts): FullNode {
  const { params, chain, beacon, clock, bls, recovery, wallet, emit } = parts;
  const pool = mempool();
  const book = messageBook(chain.table);
  const rounds = new Map<string, Round>();
  const judge = { params, view: chain, bls, recoverSecp256k1: recovery.recover };
  const round = (base: Tipset, epoch: Epoch, stateRoot: CID): Round => {
    const key = `${tipsetKeyText(base.key)}${epoch}${stateRoot}`;
    const made = rounds.get(key) ?? roundOf(judge, base, epoch, stateRoot);
    if (rounds.size >= ROUNDS_KEPT) rounds.clear();
    rounds.set(key, made);
    return made;
  };
  const senderAfter = (base: Tipset, address: Address): SenderState | null => {
    const ledger = ledgerOver(chain.table, chain.facts(base).stateRoot);
    const id = ledger.idOf(address);
    return id === null ? null : ledger.actor(id);
  };

  function admit(block: BlockMessage): void {
    const { header } = block;
    const { change, equivocation } = chain.accept(header);
    if (equivocation !== null) emit({ type: 'equivocation', miner: header.miner, epoch: header.height, cids: equivocation });
    if (change === null) return;
    for (const { blocks } of change.reverted) for (const reverted of blocks) book.ofBlock(reverted).forEach(pool.restore);
    for (const { blocks } of change.applied) for (const applied of blocks) for (const { message } of book.ofBlock(applied)) pool.remove(message);
    emit({ type: 'head', head: chain.head(), ...change });
  }

  function judgeBlock(header: BlockHeader): string | null {
    const now = BigInt(Math.floor(clock.now() / 1000));
    return rejectionOf(
      {
        now,
        round: (block) => round(chain.tipset(block.parents), block.height, block.parentStateRoot),
        executed: ({ base }) => chain.facts(base),
      },
      header,
    );
  }

  return {
    params,
    chain,
    beacon,
    pool,
    senderAfter,
    keep: book.keep,
    tipset: (key) => known(chain, key),
    requireMiner(miner) {
      const { tree } = chain.state(firstBlock(chain.head()).parentStateRoot, 0);
      if (readMiner(tree, idOf(miner)) === null)
        throw new MineOneError('DEVNET_NO_MINER', `${formatAddress(miner)} is no miner of this devnet; its miners are f01000 and on`);
    },
    info(miner, epoch, base) {
      const asked = round(base, epoch, chain.facts(base).stateRoot);
      if (readMiner(asked.baseState().tree, idOf(miner)) === null) throw new MineOneError('NODE_FAILED', 'loading miner in current state: actor not found');
      return miningBaseInfo(asked, miner, beacon.entries(base.height, epoch, asked.previousBeacon()));
    },
    select(base) {
      const { stateRoot, baseFee } = chain.facts(base);
      const ledger = ledgerOver(chain.table, stateRoot);
      const senderOf = (address: Address): SenderState | null => {
        const id = ledger.idOf(address);
        return id === null ? null : ledger.actor(id);
      };
      return selectMessages({ params, epoch: base.height + 1, baseFee, pending: pool.pending(), senderOf });
    },
    create(template) {
      const base = known(chain, template.parents);
      const asked = round(base, template.epoch, chain.facts(base).stateRoot);
      const worker = miningBaseInfo(asked, template.miner, template.beaconEntries)?.workerKey;
      const key = worker === undefined ? undefined : wallet.get(addressKey(worker));
      if (key === undefined)
        throw new MineOneError('NODE_FAILED', `failed to get miner worker: ${formatAddress(template.miner)} has no worker whose key this node holds`);
      const block = blockOfTemplate(bls, template, chain.facts(base));
      template.messages.forEach(book.keep);
      return { ...block, header: signHeader(bls, key, block.header) };
    },
    take(block, from) {
      const { header } = block;
      const cid = blockCid(header);
      emit({ type: 'submitted', cid, block, from });
      if (chain.has(cid)) return;
      try {
        book.admit(block);
        if (header.ticket === null) throw rejected(`somehow failed to make a tipset out of a single block: block ${cid} has nil Ticket`);
        // A node that has a heavier chain does not look at the block (lotus chain/sync.go Sync).
        if (from === 'node' && firstBlock(chain.head()).parentWeight > header.parentWeight) return;
        const reason = judgeBlock(header);
        if (reason !== null) throw rejected(`${SYNC_FAILED}validating block ${cid}: ${reason}`);
      } catch (error) {
        const reason = (error as Error).message;
        emit({ type: 'rejected', cid, header, from, reason });
        throw error instanceof MissingBlockError ? rejected(`${SYNC_FAILED}${reason}`) : error;
      }
      parts.onTaken(block, from);
      emit({ type: 'accepted', cid, header, from });
      admit(block);
    },
    hide(block) {
      book.admit(block);
      chain.add(block.header);
    },
    refuse(block, reason) {
      const { header } = block;
      const cid = blockCid(header);
      emit({ type: 'submitted', cid, block, from: 'node' });
      emit({ type: 'rejected', cid, header, from: 'node', reason });
    },
    takeJudged(block) {
      book.admit(block);
      admit(block);
    },
    push(signed) {
      const head = chain.head();
      const chainId = params.eip155ChainId;
      const refused =
        (signed.signature.type === SIGNATURE_BLS ? null : signedFormRefusal(signed, networkVersion(params, head.height), chainId)) ??
        signatureRefusal(signed, signed.message.from, chainId, { bls, recoverSecp256k1: recovery.recover });
      if (refused !== null) throw new MineOneError('MPOOL_REFUSED', `signature verification failed: expected ${refused.expected}, got ${refused.found}`);
      pool.push(signed, senderAfter(head, signed.message.from));
      book.keep(signed);
    },
  };
}

const SYNC_FAILED = 'sync to submitted block failed: collectChain failed: collectChain syncMessages: message processing failed: ';

function known(chain: DevnetChain, key: TipsetKey): Tipset {
  try {
    return chain.tipset(key);
  } catch (error) {
    throw new MineOneError('NODE_FAILED', `failed to load tipset for mining base: get block ${key[0] ?? 'of no key'}: ipld: could not find it`, {
      cause: error,
    });
  }
}

function rejected(text: string): MineOneError {
  return new MineOneError('NODE_REJECTED', text);
}
