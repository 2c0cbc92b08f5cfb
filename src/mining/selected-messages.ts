/**
 * What a block may hold of the messages that a node chose for it (docs/protocol.md 2.16): what would break the block is
 * left out, and with it what its sender sent after it. The block is made of the rest, of nothing if need be: one
 * without messages earns its reward, one that breaks a rule is lost.
 *
 * Not looked at, for only the state after the base knows: whether a sender exists, may send, and can pay; whether the
 * least nonce here is the next one of its sender; whether two addresses are one sender's. A node that chooses for
 * another base than it was asked for is not seen by this either.
 */

import { addressKey, formatAddress } from '../chain/address.ts';
import { LIST_LENGTH_MAX } from '../chain/encoding/codec.ts';
import type { Epoch } from '../chain/epoch.ts';
import { chainLength, type SignedMessage } from '../chain/message.ts';
import { SIGNATURE_BLS } from '../chain/signature.ts';
import { BLOCK_GAS_LIMIT, BLOCK_MESSAGE_LIMIT, minimumGas } from '../consensus/messages/gas.ts';
import { type SignatureRule, signatureFormRefusal } from '../consensus/messages/message-signature.ts';
import { type InclusionRule, inclusionRefusals } from '../consensus/messages/message-validity.ts';
import { type MessageRefusal, refusal } from '../consensus/messages/refusal.ts';
import { type NetworkParams, networkVersion } from '../consensus/network/network.ts';

/** Bytes of a message that nodes pass on (lotus chain/messagepool MaxMessageSize). */
const MESSAGE_LENGTH_MAX = 64 * 1024;

export type SelectionRule = InclusionRule | SignatureRule | 'nonce' | 'length' | 'baseFee' | 'blockGas' | 'blockMessages' | 'verified';

export interface SelectionContext {
  readonly params: NetworkParams;
  /** Of the block. */
  readonly epoch: Epoch;
  /**
   * The least base fee that the block can have, in attoFIL; 0 where the base is not known. Who pays less makes the
   * miner pay.
   */
  readonly leastBaseFee: bigint;
  /** Messages whose signature was verified, and is not their sender's. */
  readonly unsigned: ReadonlySet<SignedMessage>;
}

export interface LeftOut {
  readonly signed: SignedMessage;
  readonly refusal: MessageRefusal<SelectionRule>;
}

export interface Selected {
  /** In the order of choice. */
  readonly kept: readonly SignedMessage[];
  readonly leftOut: readonly LeftOut[];
}

/** Room that a block still has. */
interface Room {
  gas: bigint;
  bls: number;
  signed: number;
}

/** Takes what fits and breaks nothing, in the order of choice. */
export function admitMessages(messages: readonly SignedMessage[], context: SelectionContext): Selected {
  const next = leastNonces(messages);
  const room: Room = { gas: BLOCK_GAS_LIMIT, bls: LIST_LENGTH_MAX, signed: LIST_LENGTH_MAX };
  const kept: SignedMessage[] = [];
  const leftOut: LeftOut[] = [];
  for (const signed of messages) {
    const { from, nonce, gasLimit } = signed.message;
    const sender = addressKey(from);
    const expected = next.get(sender) as bigint;
    // A sender's counter stands still at what is left out: all that follows has the wrong nonce.
    const broken = nonce === expected ? (messageRefusal(signed, context) ?? roomRefusal(signed, kept.length, room)) : refusal('nonce', String(expected), nonce);
    if (broken !== null) {
      leftOut.push({ signed, refusal: broken });
      continue;
    }
    kept.push(signed);
    next.set(sender, expected + 1n);
    room.gas -= gasLimit;
    room[kindOf(signed)]--;
  }
  return { kept, leftOut };
}

/** By sender: a chosen run of messages begins with its least nonce. */
function leastNonces(messages: readonly SignedMessage[]): Map<string, bigint> {
  const least = new Map<string, bigint>();
  for (const { message } of messages) {
    const sender = addressKey(message.from);
    const known = least.get(sender);
    if (known === undefined || message.nonce < known) least.set(sender, message.nonce);
  }
  return least;
}

/** What it breaks by itself. */
function messageRefusal(signed: SignedMessage, { params, epoch, leastBaseFee, unsigned }: SelectionContext): MessageRefusal<SelectionRule> | null {
  const { message } = signed;
  const version = networkVersion(params, epoch);
  const length = chainLength(signed);
  if (length > MESSAGE_LENGTH_MAX) return refusal('length', `at most ${MESSAGE_LENGTH_MAX} bytes`, length);
  const [broken] = inclusionRefusals(message, { networkVersion: version, minimumGas: minimumGas(params, epoch, length) });
  if (broken !== undefined) return broken;
  if (message.gasFeeCap < leastBaseFee) return refusal('baseFee', `a fee cap of at least ${leastBaseFee} attoFIL`, message.gasFeeCap);
  const form = signatureFormRefusal(signed, version, params.eip155ChainId);
  if (form !== null) return form;
  return unsigned.has(signed) ? refusal('verified', `a signature by ${formatAddress(message.from)}`, 'one that is none') : null;
}

function roomRefusal(signed: SignedMessage, count: number, room: Room): MessageRefusal<SelectionRule> | null {
  const { gasLimit } = signed.message;
  if (count >= BLOCK_MESSAGE_LIMIT) return refusal('blockMessages', `at most ${BLOCK_MESSAGE_LIMIT} messages`, count + 1);
  if (room[kindOf(signed)] === 0) return refusal('blockMessages', `at most ${LIST_LENGTH_MAX} messages of one kind`, LIST_LENGTH_MAX + 1);
  return gasLimit > room.gas ? refusal('blockGas', `at most ${room.gas} gas, which is left`, gasLimit) : null;
}

function kindOf({ signature }: SignedMessage): 'bls' | 'signed' {
  return signature.type === SIGNATURE_BLS ? 'bls' : 'signed';
}
