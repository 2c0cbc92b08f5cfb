/**
 * Check of the senders of a block's messages: who may send, and nonces without gaps (docs/protocol.md 2.16 "Messages").
 */

import { type Address, delegatedParts, formatAddress, NAMESPACE_ETHEREUM, PROTOCOL_DELEGATED } from '../../chain/address.ts';
import type { Message } from '../../chain/message.ts';
import { resolveAddress } from '../../chain/state/init.ts';
import { type Actor, getActor } from '../../chain/state/state-tree.ts';
import { actorName } from '../../chain/state/system.ts';
import type { Check } from './check.ts';
import { insteadOf, type Round } from './round.ts';
import { givenState, OK, type Verdict, wrong } from './verdict.ts';

/** From this network version nonces are counted by actor, so that all forms of a sender's address share one counter. */
export const NONCES_BY_ID_FROM_VERSION = 13;
const ETHEREUM_FROM_VERSION = 18;

export const senders: Check = {
  name: 'senders',
  rule: 'every sender may send, and its nonces follow its actor without a gap',
  run(candidate, round) {
    const { bls, secpk } = candidate.messages();
    const messages = [...bls, ...secpk.map((signed) => signed.message)];
    if (messages.length === 0) return OK;
    return givenState(checkNonces(messages, round), insteadOf('nonces', round.parentState()));
  },
};

function checkNonces(messages: readonly Message[], round: Round): Verdict {
  const { tree } = round.parentState();
  const next = new Map<string, bigint>();
  for (const { from, nonce } of messages) {
    const id = resolveAddress(tree, from);
    const actor = id === null ? null : getActor(tree, id);
    if (actor === null) return wrong('a sender that exists', formatAddress(from));
    const key = round.version >= NONCES_BY_ID_FROM_VERSION ? `f0${id}` : formatAddress(from);
    const known = next.get(key);
    const name = actorName(tree, actor);
    if (known === undefined && !maySend(actor, name, round.version)) return wrong('a sender that may send', `${formatAddress(from)}, ${name}`);
    const expected = known ?? actor.nonce;
    if (nonce !== expected) return wrong(`nonce ${expected} of ${formatAddress(from)}`, nonce);
    next.set(key, expected + 1n);
  }
  return OK;
}

/** Accounts; from Hygge also Ethereum accounts, and placeholders that will become one (FIP-0055). */
function maySend(actor: Actor, name: string, version: number): boolean {
  if (name === 'account') return true;
  if (version < ETHEREUM_FROM_VERSION) return false;
  return name === 'ethaccount' || (name === 'placeholder' && actor.nonce === 0n && isEthereum(actor.delegatedAddress));
}

function isEthereum(address: Address | null): boolean {
  return address?.protocol === PROTOCOL_DELEGATED && delegatedParts(address).namespace === NAMESPACE_ETHEREUM;
}
