/**
 * The node's dealings with messages: who may send one, which of them a block takes, what a change of the head does to
 * those that wait.
 */

import type { Address } from '../../chain/address.ts';
import type { SignedMessage } from '../../chain/message.ts';
import { SIGNATURE_BLS } from '../../chain/signature.ts';
import type { Tipset } from '../../chain/tipset.ts';
import { type SignatureTools, signatureRefusal, signedFormRefusal } from '../../consensus/messages/message-signature.ts';
import { type NetworkParams, networkVersion } from '../../consensus/network/network.ts';
import type { DevnetChain } from '../chain/chain.ts';
import type { HeadChange } from '../chain/main-chain.ts';
import { type Mempool, mempool, mpoolRefused, type SenderState } from './mempool.ts';
import { type MessageBook, messageBook } from './message-book.ts';
import { selectMessages } from './select.ts';

export interface MessageDesk {
  readonly pool: Mempool;
  readonly book: MessageBook;
  /** Verifies and takes a message; throws `MPOOL_REFUSED` in Lotus' words. */
  push(signed: SignedMessage): void;
  select(base: Tipset): readonly SignedMessage[];
  /** A sender by the state after a tipset. */
  senderAfter(base: Tipset, address: Address): SenderState | null;
  /** What was undone waits again, what is on the chain does not. */
  follow(change: HeadChange): void;
}

export function messageDesk(params: NetworkParams, chain: DevnetChain, tools: SignatureTools): MessageDesk {
  const pool = mempool();
  const book = messageBook(chain.table);
  const sendersAfter = (base: Tipset): ((address: Address) => SenderState | null) => {
    const ledger = chain.after(base);
    return (address) => {
      const id = ledger.idOf(address);
      return id === null ? null : ledger.actor(id);
    };
  };
  return {
    pool,
    book,
    push(signed) {
      const head = chain.head();
      const chainId = params.eip155ChainId;
      const version = networkVersion(params, head.height);
      const refused =
        (signed.signature.type === SIGNATURE_BLS ? null : signedFormRefusal(signed, version, chainId)) ??
        signatureRefusal(signed, signed.message.from, chainId, tools);
      if (refused !== null) throw mpoolRefused(`signature verification failed: expected ${refused.expected}, got ${refused.found}`);
      pool.push(signed, sendersAfter(head)(signed.message.from));
      book.keep(signed);
    },
    select(base) {
      const { baseFee } = chain.facts(base);
      return selectMessages({ params, epoch: base.height + 1, baseFee, pending: pool.pending(), senderOf: sendersAfter(base) });
    },
    senderAfter: (base, address) => sendersAfter(base)(address),
    follow({ reverted, applied }) {
      for (const { blocks } of reverted) for (const block of blocks) book.ofBlock(block).forEach(pool.restore);
      for (const { blocks } of applied) for (const block of blocks) for (const { message } of book.ofBlock(block)) pool.remove(message);
    },
  };
}
