/**
 * Which messages of the pool a block takes: the highest premium first, each sender's in the order of their nonces, none
 * that a block may not have (docs/protocol.md 2.12, 2.16).
 */

import type { Address } from '../../chain/address.ts';
import { LIST_LENGTH_MAX } from '../../chain/encoding/codec.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { chainLength, type SignedMessage } from '../../chain/message.ts';
import { effectiveGasPremium } from '../../consensus/messages/base-fee.ts';
import { BLOCK_GAS_LIMIT, minimumGas } from '../../consensus/messages/gas.ts';
import { inclusionRefusals } from '../../consensus/messages/message-validity.ts';
import { type NetworkParams, networkVersion } from '../../consensus/network/network.ts';
import type { SenderState } from './mempool.ts';

export interface Selection {
  readonly params: NetworkParams;
  readonly epoch: Epoch;
  readonly baseFee: bigint;
  /** The pool: each sender's messages by nonce, senders in the order of their addresses. */
  readonly pending: readonly (readonly SignedMessage[])[];
  /** By the state after the base; `null` for none. */
  readonly senderOf: (address: Address) => SenderState | null;
}

interface Queue {
  readonly messages: readonly SignedMessage[];
  next: number;
}

/** In the order of choice; equal premiums in the order of their senders' addresses. */
export function selectMessages(selection: Selection): readonly SignedMessage[] {
  const queues = selection.pending.map((messages): Queue => ({ messages: payable(selection, messages), next: 0 }));
  const chosen: SignedMessage[] = [];
  let gas = 0n;
  while (chosen.length < LIST_LENGTH_MAX) {
    const best = bestOf(queues, selection.baseFee);
    if (best === null) return chosen;
    const signed = best.messages[best.next] as SignedMessage;
    if (gas + signed.message.gasLimit > BLOCK_GAS_LIMIT) best.next = best.messages.length;
    else {
      best.next++;
      gas += signed.message.gasLimit;
      chosen.push(signed);
    }
  }
  return chosen;
}

/** The sender's messages up to the first that is missing, cannot be paid for, or may not be in a block. */
function payable(selection: Selection, messages: readonly SignedMessage[]): readonly SignedMessage[] {
  const { params, epoch, baseFee, senderOf } = selection;
  const [first] = messages;
  const sender = first === undefined ? null : senderOf(first.message.from);
  if (sender === null) return [];
  const chain: SignedMessage[] = [];
  let { nonce, balance } = sender;
  for (const signed of messages) {
    const { message } = signed;
    if (message.nonce < nonce) continue;
    const context = { networkVersion: networkVersion(params, epoch), minimumGas: minimumGas(params, epoch, chainLength(signed)) };
    const cost = message.gasFeeCap * message.gasLimit;
    if (message.nonce > nonce || message.gasFeeCap < baseFee || cost > balance || inclusionRefusals(message, context).length > 0) break;
    chain.push(signed);
    nonce++;
    balance = balance - cost < message.value ? 0n : balance - cost - message.value;
  }
  return chain;
}

function bestOf(queues: readonly Queue[], baseFee: bigint): Queue | null {
  let best: Queue | null = null;
  let most = -1n;
  for (const queue of queues) {
    const head = queue.messages[queue.next];
    const premium = head === undefined ? -1n : effectiveGasPremium(head.message, baseFee);
    if (premium > most) [best, most] = [queue, premium];
  }
  return best;
}
