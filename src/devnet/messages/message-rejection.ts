/** What is wrong with a block's messages, in the words of Lotus v1.36.2 (lotus chain/consensus/common.go:170-352). */

import { formatAddress } from '../../chain/address.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import type { Message } from '../../chain/message.ts';
import { readMessages } from '../../consensus/validation/block-messages.ts';
import type { Round } from '../../consensus/validation/round.ts';

interface Wrong {
  readonly expected: string;
  readonly found: string;
}

/** `null` when no check of messages failed. */
export function messagesRejection({ view }: Round, header: BlockHeader, wrong: (check: string) => Wrong | null): string | null {
  if (wrong('bls-aggregate') !== null) return 'bls aggregate signature was invalid: bls aggregate signature failed to verify';
  const inclusion = wrong('message-inclusion');
  const sender = wrong('senders');
  const signature = wrong('message-signatures');
  const root = wrong('messages-root');
  if (inclusion === null && sender === null) {
    if (signature !== null) return `secpk message has invalid signature: expected ${signature.expected}, got ${signature.found}`;
    return root && `messages didnt match message root in header: ${root.expected} != ${root.found}`;
  }
  const { bls, secpk } = readMessages(view.get, header);
  const all = [...bls, ...secpk.map(({ message }) => message)];
  if (inclusion !== null) return inclusionRejection(inclusion, bls.length);
  return senderRejection(sender as Wrong, all, bls.length);
}

function inclusionRejection({ expected, found }: Wrong, blsCount: number): string {
  const parts = /^message (\d+): (.*)$/.exec(expected);
  if (parts === null) return 'block gas limit exceeded';
  return `${placeOf(Number(parts[1]), blsCount)}: msg invalid for block inclusion: expected ${parts[2]}, got ${found}`;
}

function senderRejection({ expected, found }: Wrong, all: readonly Message[], blsCount: number): string {
  const nonce = /^nonce (\d+) of (\S+)$/.exec(expected);
  if (nonce !== null) {
    const at = all.findIndex((message) => String(message.nonce) === found && formatAddress(message.from) === nonce[2]);
    return `${placeOf(at, blsCount)}: wrong nonce (exp: ${nonce[1]}, got: ${found})`;
  }
  const at = all.findIndex(({ from }) => found.startsWith(formatAddress(from)));
  const reason = expected === 'a sender that exists' ? 'failed to get actor: actor not found' : 'Sender must be an account actor';
  return `${placeOf(at, blsCount)}: ${reason}`;
}

function placeOf(index: number, blsCount: number): string {
  return index < blsCount ? `block had invalid bls message at index ${index}` : `block had invalid secpk message at index ${index - blsCount}`;
}
