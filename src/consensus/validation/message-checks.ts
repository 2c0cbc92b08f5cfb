/**
 * Checks of a block's messages (docs/protocol.md 2.7, 2.8, 2.16 "Messages"; lotus chain/consensus/common.go:76-352).
 */

import { type Address, formatAddress, PROTOCOL_BLS, PROTOCOL_DELEGATED, PROTOCOL_SECP256K1 } from '../../chain/address.ts';
import { chainLength, type Message, type SignedMessage } from '../../chain/message.ts';
import { keyAddress } from '../../chain/state/account.ts';
import { resolveAddress } from '../../chain/state/init.ts';
import { DecodeError } from '../../errors/mineone-error.ts';
import { verifyAggregate } from '../messages/aggregate.ts';
import { BLOCK_GAS_LIMIT, BLOCK_MESSAGE_LIMIT, minimumGas } from '../messages/gas.ts';
import { signatureRefusal, signedFormRefusal } from '../messages/message-signature.ts';
import { inclusionRefusals } from '../messages/message-validity.ts';
import { messagesRoot } from '../messages/messages-root.ts';
import type { Check } from './check.ts';
import { insteadOf, type Round, type RuleState } from './round.ts';
import { givenState, type Instead, OK, same, wrong } from './verdict.ts';

export const messagesRootCheck: Check = {
  name: 'messages-root',
  rule: "the MsgMeta over the block's message CIDs",
  run(candidate) {
    const cids = readable(candidate.messageCids);
    if (cids instanceof DecodeError) return wrong('a MsgMeta over two AMTs of CIDs', cids.message);
    const { bls, secpk } = cids;
    if (bls.length + secpk.length > BLOCK_MESSAGE_LIMIT) return wrong(`at most ${BLOCK_MESSAGE_LIMIT} messages`, bls.length + secpk.length);
    return same(messagesRoot(bls, secpk).cid, candidate.header.messages);
  },
};

export const messageInclusion: Check = {
  name: 'message-inclusion',
  rule: 'every message may be in a block by its own fields, and all fit the gas of one',
  run(candidate, round) {
    // Without CIDs nobody knows which messages these are: that is the root's fault, and said there.
    candidate.messageCids();
    const messages = readable(candidate.messages);
    if (messages instanceof DecodeError) return wrong('messages', messages.message);
    const { bls, secpk } = messages;
    const all = [...bls.map((m) => ({ message: m, whole: m })), ...secpk.map((s) => ({ message: s.message, whole: s }))];
    const lengths = new Map<Message | SignedMessage, number>();
    for (const [i, { message, whole }] of all.entries()) {
      const length = lengths.get(whole) ?? chainLength(whole);
      lengths.set(whole, length);
      const context = { networkVersion: round.version, minimumGas: minimumGas(round.params, round.epoch, length) };
      const [first] = inclusionRefusals(message, context);
      if (first !== undefined) return wrong(`message ${i}: ${first.rule} ${first.expected}`, first.found);
    }
    const gas = all.reduce((sum, { message }) => sum + message.gasLimit, 0n);
    return gas <= BLOCK_GAS_LIMIT ? OK : wrong(`at most ${BLOCK_GAS_LIMIT} gas`, gas);
  },
};

export const blsAggregate: Check = {
  name: 'bls-aggregate',
  rule: "the aggregate is the sum of the BLS messages' signatures",
  run(candidate, round) {
    const { bls, cids } = candidate.messages();
    const aggregate = candidate.header.blsAggregate;
    if (aggregate === null) return wrong('a BLS aggregate', 'none');
    const senders = bls.map(({ from }) => signerKey(round, from));
    const unknown = senders.find(({ key }) => key?.protocol !== PROTOCOL_BLS);
    if (unknown !== undefined) return givenState(wrong('senders with BLS keys', formatAddress(unknown.from)), unknown.instead);
    const keys = senders.map(({ key }) => (key as Address).payload);
    const instead = leastCertain(senders);
    return givenState(verifyAggregate(round.bls, keys, cids.bls, aggregate) ? OK : wrong('an aggregate of the messages', 'one that does not verify'), instead);
  },
};

export const messageSignatures: Check = {
  name: 'message-signatures',
  rule: 'every secp256k1 and delegated message is signed by its sender',
  run(candidate, round) {
    const signers: Signer[] = [];
    for (const [signed, i] of new Map(candidate.messages().secpk.map((message, at) => [message, at] as const))) {
      const form = signedFormRefusal(signed, round.version, round.params.eip155ChainId);
      if (form !== null) return wrong(`signed message ${i}: ${form.rule} ${form.expected}`, form.found);
      const signer = signerKey(round, signed.message.from);
      const { key, instead } = signer;
      if (key === null) return givenState(wrong(`signed message ${i}: a sender with a key`, formatAddress(signed.message.from)), instead);
      const refusal = signatureRefusal(signed, key, round.params.eip155ChainId, round);
      if (refusal !== null) return givenState(wrong(`signed message ${i}: ${refusal.expected}`, refusal.found), instead);
      signers.push(signer);
    }
    return givenState(OK, leastCertain(signers));
  },
};

interface Signer {
  readonly from: Address;
  readonly key: Address | null;
  /** What the key rests on, when that is a state not known to be right. */
  readonly instead: Instead | null;
}

/** What an answer that needs all these keys rests on. */
function leastCertain(signers: readonly Signer[]): Instead | null {
  const resting = signers.map(({ instead }) => instead).filter((instead) => instead !== null);
  return resting.find(({ exact }) => !exact) ?? resting[0] ?? null;
}

/** The key that an address signs with: its own, or by the state before the base, or else after it. */
function signerKey(round: Round, from: Address): Signer {
  if (from.protocol === PROTOCOL_BLS || from.protocol === PROTOCOL_SECP256K1 || from.protocol === PROTOCOL_DELEGATED) return { from, key: from, instead: null };
  const key = keyIn(round.baseState(), from);
  if (key !== null) return { from, key, instead: insteadOf('account', round.baseState()) };
  const after = round.parentState();
  return { from, key: keyIn(after, from), instead: insteadOf('account', after) };
}

function keyIn({ tree }: RuleState, from: Address): Address | null {
  const id = resolveAddress(tree, from);
  return id === null ? null : keyAddress(tree, id);
}

/**
 * The value, or why its bytes are none. What the bytes are not is wrong with one check; the others, which need the
 * value too, cannot be asked.
 */
function readable<T>(read: () => T): T | DecodeError {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}
