/** BLS messages of a made chain's senders. */

import { idAddress } from '../../../src/chain/address.ts';
import { EMPTY } from '../../../src/chain/encoding/bytes.ts';
import { chainLength, type Message, messageCid, type SignedMessage } from '../../../src/chain/message.ts';
import { SIGNATURE_BLS } from '../../../src/chain/signature.ts';
import type { Bls } from '../../../src/consensus/signatures/bls.ts';
import type { WorkerKey } from '../worker-key.ts';
import type { MadeTipset } from './chain.ts';

/** Nothing is moved by it: what counts is who sends it, its nonce and its gas. */
export function madeMessage(bls: Bls, sender: WorkerKey, fields: Pick<Message, 'nonce'> & Partial<Message>): SignedMessage {
  const message: Message = {
    version: 0n,
    to: idAddress(99),
    from: sender.address,
    value: 0n,
    gasLimit: 1_000_000n,
    gasFeeCap: 10n ** 12n,
    gasPremium: 0n,
    method: 0n,
    params: EMPTY,
    ...fields,
  };
  return { message, signature: { type: SIGNATURE_BLS, data: bls.sign(sender.privateKey, messageCid(message).bytes) } };
}

/** A message with just the gas that a price list asks for. */
export function leanMessage(bls: Bls, sender: WorkerKey, nonce: bigint, base: number, perByte: number): SignedMessage {
  // Limits from 2^16 to 2^32 are written in as many bytes.
  const length = chainLength(madeMessage(bls, sender, { nonce }).message);
  return madeMessage(bls, sender, { nonce, gasLimit: BigInt(base + (36 + length) * perByte) });
}

/** The nonce that a sender's first message on this base has. */
export function nextNonce({ after }: MadeTipset, account: number): bigint {
  return BigInt(after.accounts.find(({ id }) => id === account)?.nonce ?? 0);
}
