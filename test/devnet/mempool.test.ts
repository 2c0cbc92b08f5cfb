/** Who gets into the pool and who is replaced, and which messages a block takes of it. */

import { describe, expect, it } from 'vitest';
import { type Address, idAddress } from '../../src/chain/address.ts';
import type { Message, SignedMessage } from '../../src/chain/message.ts';
import { type Mempool, mempool, replacementPremium } from '../../src/devnet/messages/mempool.ts';
import { selectMessages } from '../../src/devnet/messages/select.ts';
import { minedDevnet } from './fixtures/mined.ts';

const SENDERS = [idAddress(100), idAddress(101), idAddress(102)] as const;
const RICH = { nonce: 0n, balance: 10n ** 24n };

function messageOf(fields: Partial<Message> = {}): SignedMessage {
  const from = fields.from ?? SENDERS[0];
  const message = { version: 0n, to: idAddress(99), from, nonce: 0n, value: 1n, gasLimit: 2_000_000n, gasFeeCap: 1000n, gasPremium: 100n, method: 0n };
  return { message: { ...message, params: new Uint8Array(0), ...fields }, signature: { type: 1, data: new Uint8Array(65) } };
}

describe('the pool', () => {
  const filled = (): Mempool => {
    const pool = mempool();
    pool.push(messageOf(), RICH);
    return pool;
  };

  it('takes a replacement from 125 % of the premium and one on, and nothing less', () => {
    expect(replacementPremium(100n)).toBe(126n);
    expect(() => filled().push(messageOf({ gasPremium: 125n }), RICH)).toThrow(/replace by fee has too low GasPremium/);
    const pool = filled();
    pool.push(messageOf({ gasPremium: 126n }), RICH);
    expect(pool.pending()).toEqual([[messageOf({ gasPremium: 126n })]]);
    expect(pool.size()).toBe(1);
  });

  it('lets four nonces be missing, not five', () => {
    const pool = filled();
    expect(() => pool.push(messageOf({ nonce: 6n }), RICH)).toThrow(/unfulfilled nonce gap/);
    pool.push(messageOf({ nonce: 5n }), RICH);
    expect(pool.nextNonce(SENDERS[0], 0n)).toBe(1n);
  });

  it.for<readonly [string, Partial<Message>, typeof RICH | null, RegExp]>([
    ['a nonce that was used', { nonce: 2n }, { ...RICH, nonce: 3n }, /message nonce too low/],
    ['more than there is', { value: 2n }, { nonce: 0n, balance: 2_000_000_000n }, /not enough funds/],
    ['a fee cap below the least base fee', { gasFeeCap: 99n, gasPremium: 1n }, RICH, /gas fee cap too low/],
    ['nobody', {}, null, /actor not found/],
  ])('refuses %s', ([, fields, sender, reason]) => {
    const pool = mempool();
    expect(() => pool.push(messageOf(fields), sender)).toThrow(reason);
    expect(pool.pending()).toEqual([]);
  });

  it('takes what is just enough', () => {
    const pool = mempool();
    pool.push(messageOf(), { nonce: 0n, balance: 2_000_000_001n });
    pool.push(messageOf({ from: SENDERS[1], gasFeeCap: 100n }), RICH);
    expect(pool.size()).toBe(2);
  });

  it('forgets what a block has, and everything on demand', () => {
    const pool = filled();
    pool.push(messageOf({ nonce: 1n }), RICH);
    pool.remove(messageOf().message);
    expect(pool.pending()).toEqual([[messageOf({ nonce: 1n })]]);
    pool.prune(SENDERS[0], 2n);
    expect(pool.size()).toBe(0);
  });
});

describe('the selection', () => {
  const { network } = minedDevnet().devnet;
  const select = (pending: readonly (readonly SignedMessage[])[], baseFee = 100n, senderOf: (address: Address) => typeof RICH | null = () => RICH) =>
    selectMessages({ params: network, epoch: 5, baseFee, pending, senderOf });
  const premiums = (chosen: readonly SignedMessage[]): readonly bigint[] => chosen.map(({ message }) => message.gasPremium);

  it('takes the highest premium first, each sender by nonce', () => {
    const one = [messageOf({ gasPremium: 10n }), messageOf({ nonce: 1n, gasPremium: 900n })];
    const other = [messageOf({ from: SENDERS[1], gasPremium: 50n }), messageOf({ from: SENDERS[1], nonce: 1n, gasPremium: 5n })];
    expect(premiums(select([one, other]))).toEqual([50n, 10n, 900n, 5n]);
  });

  it('counts the premium as far as the fee cap leaves room', () => {
    const low = [messageOf({ gasFeeCap: 110n, gasPremium: 100n })];
    const high = [messageOf({ from: SENDERS[1], gasFeeCap: 1000n, gasPremium: 20n })];
    expect(premiums(select([low, high]))).toEqual([20n, 100n]);
  });

  it('stops a sender at a gap, at a fee cap below the base fee, at the end of its money, at too little gas', () => {
    const chains = [
      [messageOf(), messageOf({ nonce: 2n })],
      [messageOf(), messageOf({ nonce: 1n, gasFeeCap: 99n, gasPremium: 1n })],
      [messageOf(), messageOf({ nonce: 1n, gasLimit: 1000n })],
    ];
    for (const chain of chains) expect(select([chain])).toEqual([chain[0]]);
    const two = [messageOf(), messageOf({ nonce: 1n })];
    expect(select([two], 100n, () => ({ nonce: 0n, balance: 2_500_000_000n }))).toEqual([two[0]]);
    expect(select([two], 100n, () => ({ nonce: 1n, balance: RICH.balance }))).toEqual([two[1]]);
    expect(select([two], 100n, () => null)).toEqual([]);
  });

  it('fills a block to its gas and no further', () => {
    const big = SENDERS.map((from, i) => [messageOf({ from, gasLimit: 4_000_000_000n, gasPremium: BigInt(30 - i) })]);
    const small = [messageOf({ from: idAddress(103), gasLimit: 2_000_000_000n, gasPremium: 1n })];
    expect(premiums(select([...big, small]))).toEqual([30n, 29n, 1n]);
  });
});
