/**
 * Messages that wait for a block, by sender and nonce: who gets in and who is replaced as Lotus decides it
 * (docs/protocol.md 2.12 "Pool limits"; lotus chain/messagepool/messagepool.go:53-67, 800-900).
 */

import { type Address, addressKey } from '../../chain/address.ts';
import type { Message, SignedMessage } from '../../chain/message.ts';
import { MINIMUM_BASE_FEE } from '../../consensus/messages/base-fee.ts';
import { PortError } from '../../errors/port-error.ts';

/** What the state after the head says of a sender. */
export interface SenderState {
  readonly nonce: bigint;
  readonly balance: bigint;
}

export interface Mempool {
  /** Throws `MPOOL_REFUSED` in Lotus' words. The signature has been verified. */
  push(signed: SignedMessage, sender: SenderState | null): void;
  /** Puts back what a reorg undid, whatever the rules say of it now. */
  restore(signed: SignedMessage): void;
  /** A block has it, or another of the same nonce. */
  remove(message: Message): void;
  /** Forgets what lies below the nonce. */
  prune(sender: Address, nonce: bigint): void;
  /** The nonce after the last one that is there without a gap from `from` on. */
  nextNonce(sender: Address, from: bigint): bigint;
  /** Every sender with its messages by nonce, in the order of the senders' addresses. */
  pending(): readonly (readonly SignedMessage[])[];
  size(): number;
  clear(): void;
}

const NONCE_GAP_MAX = 4n;
const ACTOR_PENDING_MAX = 1000;
const REPLACE_NUMERATOR = 125n;
const REPLACE_DENOMINATOR = 100n;

/** The least premium that replaces a message of this premium. */
export function replacementPremium(premium: bigint): bigint {
  return (premium * REPLACE_NUMERATOR) / REPLACE_DENOMINATOR + 1n;
}

export function mempool(): Mempool {
  const senders = new Map<string, Map<bigint, SignedMessage>>();
  const queueOf = (address: Address): Map<bigint, SignedMessage> => {
    const key = addressKey(address);
    const queue = senders.get(key) ?? new Map<bigint, SignedMessage>();
    senders.set(key, queue);
    return queue;
  };
  const nextNonce = (sender: Address, from: bigint): bigint => {
    const queue = queueOf(sender);
    let next = from;
    while (queue.has(next)) next++;
    return next;
  };
  const drop = (address: Address, isDropped: (nonce: bigint) => boolean): void => {
    const queue = queueOf(address);
    for (const nonce of queue.keys()) if (isDropped(nonce)) queue.delete(nonce);
    if (queue.size === 0) senders.delete(addressKey(address));
  };
  return {
    push(signed, sender) {
      const { message } = signed;
      const queue = queueOf(message.from);
      const refused = refusalOf(message, sender, queue, nextNonce(message.from, sender?.nonce ?? 0n));
      if (queue.size === 0) senders.delete(addressKey(message.from));
      if (refused !== null) throw mpoolRefused(refused);
      queueOf(message.from).set(message.nonce, signed);
    },
    restore: (signed) => void queueOf(signed.message.from).set(signed.message.nonce, signed),
    remove: ({ from, nonce }) => drop(from, (held) => held === nonce),
    prune: (sender, nonce) => drop(sender, (held) => held < nonce),
    nextNonce,
    pending: () =>
      [...senders.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, queue]) => [...queue.values()].sort((a, b) => (a.message.nonce < b.message.nonce ? -1 : 1))),
    size: () => [...senders.values()].reduce((sum, queue) => sum + queue.size, 0),
    clear: () => senders.clear(),
  };
}

export function mpoolRefused(reason: string): PortError {
  return new PortError('MPOOL_REFUSED', reason, { retryable: false });
}

function refusalOf(message: Message, sender: SenderState | null, queue: ReadonlyMap<bigint, SignedMessage>, next: bigint): string | null {
  const { nonce, gasFeeCap, gasLimit, gasPremium, value } = message;
  if (gasFeeCap < MINIMUM_BASE_FEE) return `gas fee cap too low: ${gasFeeCap} is below the minimum base fee ${MINIMUM_BASE_FEE}`;
  if (sender === null) return 'failed to look up actor state nonce: actor not found';
  if (nonce < sender.nonce) return `minimum expected nonce is ${sender.nonce}: message nonce too low`;
  if (sender.balance < gasFeeCap * gasLimit + value) return 'not enough funds to execute transaction';
  const held = queue.get(nonce);
  if (held !== undefined) {
    const least = replacementPremium(held.message.gasPremium);
    return gasPremium >= least ? null : `message from ${nonce} with premium ${gasPremium}: replace by fee has too low GasPremium, at least ${least} is needed`;
  }
  if (nonce > next + NONCE_GAP_MAX) return `message nonce ${nonce}, expected at most ${next + NONCE_GAP_MAX}: unfulfilled nonce gap`;
  return queue.size >= ACTOR_PENDING_MAX ? 'too many pending messages for actor' : null;
}
