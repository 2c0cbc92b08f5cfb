/**
 * What execution does to nonces, known without it: each message that is applied takes its sender's nonce one on (lotus
 * chain/vm, fvm `preflight_message`).
 */

import { formatAddress } from '../../chain/address.ts';
import type { Message } from '../../chain/message.ts';
import { resolveAddress } from '../../chain/state/init.ts';
import { getActor } from '../../chain/state/state-tree.ts';
import { appliedMessages } from './applied-messages.ts';
import { insteadOf, type Round } from './round.ts';
import { type Verdict, wrong } from './verdict.ts';

interface Sent {
  readonly id: bigint;
  readonly from: string;
  count: bigint;
  /** The most that the messages can take from the sender's balance, attoFIL. */
  cost: bigint;
}

/**
 * What is wrong with the nonces in the state after the base, held against those before it and the base's messages;
 * `null` where nothing is, or one of the states is not in the source. A message whose sender cannot pay for it is
 * applied without effect, so its nonce may stay.
 */
export function nonceFault(round: Round): Verdict | null {
  const [before, after] = [round.baseState(), round.parentState()];
  if (insteadOf('nonces', before)?.exact === false || insteadOf('nonces', after)?.exact === false) return null;
  for (const { id, from, count, cost } of sentBy(round, appliedMessages(round) ?? [])) {
    const sender = getActor(before.tree, id);
    if (sender === null) continue;
    const found = getActor(after.tree, id)?.nonce;
    const most = sender.nonce + count;
    const least = sender.balance >= cost ? most : sender.nonce;
    if (found !== undefined && found >= least && found <= most) continue;
    const expected = least === most ? `${most}` : `${least} to ${most}`;
    return wrong(`nonce ${expected} of ${from} in the state after ${count} messages of it`, found ?? 'no such actor');
  }
  return null;
}

/**
 * By sender, in the order in which they first send; one whom the state before does not know is another check's matter.
 */
function sentBy(round: Round, messages: readonly Message[]): Iterable<Sent> {
  const { tree } = round.baseState();
  const senders = new Map<bigint, Sent>();
  for (const { from, gasFeeCap, gasLimit, value } of messages) {
    const id = resolveAddress(tree, from);
    if (id === null) continue;
    const sent = senders.get(id) ?? { id, from: formatAddress(from), count: 0n, cost: 0n };
    sent.count++;
    sent.cost += gasFeeCap * gasLimit + value;
    senders.set(id, sent);
  }
  return senders.values();
}
