/**
 * The devnet's senders: messages of every kind a node meets, in seeded numbers, with stretches in which blocks are full
 * and the base fee rises.
 */

import { type Address, addressKey } from '../chain/address.ts';
import { EMPTY } from '../chain/encoding/bytes.ts';
import { blake2b256 } from '../chain/encoding/hash.ts';
import type { Epoch } from '../chain/epoch.ts';
import { type Message, messageCid, type SignedMessage } from '../chain/message.ts';
import { SIGNATURE_BLS, SIGNATURE_SECP256K1 } from '../chain/signature.ts';
import { BLOCK_GAS_LIMIT } from '../consensus/messages/gas.ts';
import type { Bls } from '../consensus/signatures/bls.ts';
import { signSecp256k1 } from '../consensus/signatures/noble.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import type { FullNode } from './full-node.ts';
import { replacementPremium } from './messages/mempool.ts';
import type { Account } from './setting/cast.ts';
import type { RememberingRecovery } from './setting/remembering-bls.ts';
import { type SeededRandom, seededRandom } from './setting/seed.ts';

export interface Traffic {
  /** Sends what is due in this epoch to the node. */
  send(epoch: Epoch): void;
}

export interface TrafficParts {
  readonly seed: string;
  readonly node: FullNode;
  readonly senders: readonly Account[];
  readonly bls: Bls;
  readonly recovery: RememberingRecovery;
  /** Messages an epoch on average. */
  readonly average: number;
}

/** How often a message is not an ordinary one. */
const GAP_RATE = 0.06;
const REPLACE_RATE = 0.1;
const UNDER_PRICED_RATE = 0.08;
/** Half of the replacements offer too little. */
const GOOD_REPLACEMENT_RATE = 0.5;
/** Epochs of a stretch, and how many of them are full. */
const STRETCH = 8;
const FULL_RATE = 0.4;
const GAS = 1_500_000;
const GAS_SPREAD = 2_000_000;
const VALUE_MAX = 1_000_000;

/** A message before it is signed, without its sender. */
type Draft = Pick<Message, 'nonce' | 'gasLimit' | 'gasFeeCap' | 'gasPremium'>;

export function devnetTraffic(parts: TrafficParts): Traffic {
  const { seed, node, senders, average } = parts;
  const sign = signer(parts);
  return {
    send(epoch) {
      const random = seededRandom(seed, 'traffic', String(epoch));
      const isFull = seededRandom(seed, 'stretch', String(Math.floor(epoch / STRETCH))).chance(FULL_RATE);
      for (let left = random.below(2 * average + 1); left > 0; left--) {
        const sender = random.pick(senders);
        const to = random.pick(senders).address;
        const draft = draftOf(node, sender, random, isFull ? average : null);
        if (draft !== null) offer(node, sign(sender, messageOf(sender, to, draft, random)));
      }
    },
  };
}

/** Refused ones are part of the game. */
function offer(node: FullNode, signed: SignedMessage): void {
  try {
    node.desk.push(signed);
  } catch (error) {
    if (!(error instanceof MineOneError) || error.code !== 'MPOOL_REFUSED') throw error;
  }
}

/** `full`: messages by which a block is to be filled. */
function draftOf(node: FullNode, sender: Account, random: SeededRandom, full: number | null): Draft | null {
  const head = node.chain.head();
  const state = node.desk.senderAfter(head, sender.address);
  if (state === null) return null;
  node.desk.pool.prune(sender.address, state.nonce);
  const next = node.desk.pool.nextNonce(sender.address, state.nonce);
  const { baseFee } = node.chain.facts(head);
  const gasLimit = full === null ? BigInt(GAS + random.below(GAS_SPREAD)) : fillingGas(full, random);
  const gasPremium = 100n + (baseFee * BigInt(random.below(500))) / 1000n;
  const ordinary: Draft = { nonce: next, gasLimit, gasPremium, gasFeeCap: baseFee * 2n + gasPremium };
  const [kind, isGood] = [random.next(), random.chance(GOOD_REPLACEMENT_RATE)];
  if (kind < GAP_RATE) return { ...ordinary, nonce: next + 1n };
  if (kind < GAP_RATE + REPLACE_RATE) return replacement(node, sender.address, ordinary, isGood);
  if (kind < GAP_RATE + REPLACE_RATE + UNDER_PRICED_RATE) return { ...ordinary, gasFeeCap: baseFee / 2n, gasPremium: baseFee / 8n };
  return ordinary;
}

function fillingGas(messages: number, random: SeededRandom): bigint {
  const share = BLOCK_GAS_LIMIT / BigInt(Math.max(4, messages));
  return share + (share * BigInt(random.below(60))) / 100n;
}

/** Of the sender's last message that waits; an ordinary one where none does. */
function replacement(node: FullNode, sender: Address, ordinary: Draft, isGood: boolean): Draft {
  const key = addressKey(sender);
  const waiting = node.desk.pool.pending().find(([first]) => first !== undefined && addressKey(first.message.from) === key);
  const last = waiting?.at(-1)?.message;
  if (last === undefined) return ordinary;
  const gasPremium = isGood ? replacementPremium(last.gasPremium) : (last.gasPremium * 110n) / 100n;
  return { nonce: last.nonce, gasLimit: last.gasLimit, gasPremium, gasFeeCap: last.gasFeeCap + gasPremium };
}

function messageOf(sender: Account, to: Address, draft: Draft, random: SeededRandom): Message {
  const value = BigInt(random.below(VALUE_MAX)) * 10n ** 12n;
  return { version: 0n, to, from: sender.address, value, method: 0n, params: EMPTY, ...draft };
}

function signer({ bls, recovery }: TrafficParts): (sender: Account, message: Message) => SignedMessage {
  return (sender, message) => {
    const { bytes } = messageCid(message);
    if (sender.kind === 'bls') return { message, signature: { type: SIGNATURE_BLS, data: bls.sign(sender.privateKey, bytes) } };
    const digest = blake2b256(bytes);
    const data = signSecp256k1(sender.privateKey, digest);
    recovery.known(digest, data, sender.publicKey);
    return { message, signature: { type: SIGNATURE_SECP256K1, data } };
  };
}
