/**
 * The messages that executing a tipset applies: of each sender those whose nonces follow one another, each once (lotus
 * chain/store/messages.go `BlockMsgsForTipset`).
 */

import { addressKey, PROTOCOL_ID } from '../../chain/address.ts';
import type { Message } from '../../chain/message.ts';
import { resolveAddress } from '../../chain/state/init.ts';
import { networkVersion } from '../network/network.ts';
import { insteadOf, type Round } from './round.ts';
import { NONCES_BY_ID_FROM_VERSION } from './sender-check.ts';

/** Two checks of every block on the base ask for them. */
const known = new WeakMap<Round, readonly Message[] | null>();

/**
 * In the order of execution; `null` where it depends on a state that the source lacks. Throws what reading messages and
 * states throws.
 */
export function appliedMessages(round: Round): readonly Message[] | null {
  const found = known.get(round);
  if (found !== undefined) return found;
  const applied = appliedIn(round);
  known.set(round, applied);
  return applied;
}

function appliedIn(round: Round): readonly Message[] | null {
  const all = round.messagesOfBase().flatMap(({ bls, secpk }) => [...bls, ...secpk.map(({ message }) => message)]);
  if (all.length === 0) return all;
  // The height of the upgrade itself counts by id here already, an epoch before blocks do.
  const byId = networkVersion(round.params, round.base.height + 1) >= NONCES_BY_ID_FROM_VERSION && all.some(({ from }) => from.protocol === PROTOCOL_ID);
  if (byId && insteadOf('senders', round.baseState())?.exact === false) return null;
  const next = new Map<string, bigint>();
  return all.filter(({ from, nonce }) => {
    const sender = byId ? String(resolveAddress(round.baseState().tree, from)) : addressKey(from);
    if ((next.get(sender) ?? nonce) !== nonce) return false;
    next.set(sender, nonce + 1n);
    return true;
  });
}
