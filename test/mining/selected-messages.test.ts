/**
 * Messages that a node chose for a block: what breaks it stays out, and its followers with it; what the rules of a
 * block then say of the rest (docs/protocol.md 2.16).
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delegatedAddress, NAMESPACE_ETHEREUM, parseAddress, secp256k1Address } from '../../src/chain/address.ts';
import type { Message, SignedMessage } from '../../src/chain/message.ts';
import { BLOCK_GAS_LIMIT, BLOCK_MESSAGE_LIMIT } from '../../src/consensus/messages/gas.ts';
import { inclusionRefusals, TOTAL_FILECOIN } from '../../src/consensus/messages/message-validity.ts';
import { admitMessages, type SelectionContext } from '../../src/mining/selected-messages.ts';
import { madeNetwork } from '../synthetic/made/network.ts';

const context: SelectionContext = { params: madeNetwork('selected', {}, []), epoch: 100, leastBaseFee: 0n, unsigned: new Set() };
const sender = (n: number) => secp256k1Address(new Uint8Array(65).fill(n));

function signed(nonce: number, fields: Partial<Message> = {}, signature: SignedMessage['signature'] = { type: 1, data: new Uint8Array(65) }): SignedMessage {
  const message: Message = {
    version: 0n,
    to: parseAddress('f01'),
    from: sender(1),
    nonce: BigInt(nonce),
    value: 0n,
    gasLimit: 1_000_000n,
    gasFeeCap: 200n,
    gasPremium: 1n,
    method: 0n,
    params: new Uint8Array(0),
    ...fields,
  };
  return { message, signature };
}

const nonces = (messages: readonly SignedMessage[]) => messages.map(({ message }) => Number(message.nonce));
const rules = (messages: readonly SignedMessage[], more: Partial<SelectionContext> = {}) => {
  const { kept, leftOut } = admitMessages(messages, { ...context, ...more });
  return [nonces(kept), leftOut.map(({ refusal }) => refusal.rule)];
};
const bls = (data: Uint8Array): SignedMessage['signature'] => ({ type: 2, data });
const blsSender = { protocol: 3, payload: new Uint8Array(48).fill(1) } as const;

describe('what breaks a block by itself stays out with its followers', () => {
  const cases: Readonly<Record<string, readonly [SignedMessage, string]>> = {
    'a value above all FIL': [signed(1, { value: TOTAL_FILECOIN + 1n }), 'value'],
    'a negative value': [signed(1, { value: -1n }), 'value'],
    'a premium above its cap': [signed(1, { gasPremium: 201n }), 'gasPremium'],
    'a negative fee cap': [signed(1, { gasFeeCap: -1n, gasPremium: -2n }), 'gasFeeCap'],
    'no gas': [signed(1, { gasLimit: 0n }), 'gasLimit'],
    'less gas than its place costs': [signed(1, { gasLimit: 1000n }), 'minimumGas'],
    'more gas than a block has': [signed(1, { gasLimit: BLOCK_GAS_LIMIT + 1n }), 'gasLimit'],
    'another version': [signed(1, { version: 1n }), 'version'],
    'more bytes than nodes pass on': [signed(1, { params: new Uint8Array(64 * 1024), gasLimit: 1_000_000_000n }), 'length'],
    'a signature that is too short': [signed(1, {}, { type: 1, data: new Uint8Array(64) }), 'signature'],
    'a recovery id that is none': [signed(1, {}, { type: 1, data: new Uint8Array(65).fill(4) }), 'signature'],
    'a signature of another kind than its sender': [signed(1, {}, bls(new Uint8Array(96).fill(1))), 'signerProtocol'],
  };

  it.for(Object.entries(cases))('%s', ([, [broken, rule]]) => {
    expect(rules([signed(0), broken, signed(2)])).toEqual([[0], [rule, 'nonce']]);
  });

  it('a sender whose key only the state knows', () => {
    expect(rules([signed(0), signed(0, { from: parseAddress('f0100') })])).toEqual([[0], ['signerProtocol']]);
  });

  it('a delegated signature of no Ethereum transaction', () => {
    const from = delegatedAddress(NAMESPACE_ETHEREUM, new Uint8Array(20).fill(1));
    expect(rules([signed(0), signed(0, { from, gasLimit: 5_000_000n }, { type: 3, data: new Uint8Array(65) })])).toEqual([[0], ['ethereumReceiver']]);
  });

  it('a BLS signature at infinity, or of another length, or that somebody looked at', () => {
    const infinity = new Uint8Array(96);
    infinity[0] = 0xc0;
    const good = signed(0, { from: blsSender }, bls(new Uint8Array(96).fill(1)));
    expect(rules([good])).toEqual([[0], []]);
    expect(rules([signed(0, { from: blsSender }, bls(infinity))])).toEqual([[], ['signature']]);
    expect(rules([signed(0, { from: blsSender }, bls(new Uint8Array(95)))])).toEqual([[], ['signature']]);
    expect(rules([good], { unsigned: new Set([good]) })).toEqual([[], ['verified']]);
  });

  it('a fee cap below what the base leads to at the least', () => {
    expect(rules([signed(0), signed(1, { gasFeeCap: 99n })], { leastBaseFee: 100n })).toEqual([[0], ['baseFee']]);
  });
});

describe('nonces', () => {
  it('are taken in their order: a gap, a repeat and an earlier one stay out', () => {
    expect(rules([signed(3), signed(5), signed(6)])).toEqual([[3], ['nonce', 'nonce']]);
    expect(rules([signed(3), signed(3), signed(4)])).toEqual([[3, 4], ['nonce']]);
    expect(rules([signed(4), signed(3), signed(5)])).toEqual([[3], ['nonce', 'nonce']]);
  });

  it('are counted by sender', () => {
    const other = { from: sender(2) };
    expect(rules([signed(0), signed(7, other), signed(2), signed(8, other)])).toEqual([[0, 7, 8], ['nonce']]);
  });
});

describe('the room of a block', () => {
  it('is not passed in gas, and a small one after a large one still fits', () => {
    const large = { gasLimit: 6_000_000_000n };
    expect(rules([signed(0, large), signed(1, large), signed(2), signed(5, { ...large, from: sender(2) }), signed(9, { from: sender(3) })])).toEqual([
      [0, 9],
      ['blockGas', 'nonce', 'blockGas'],
    ]);
  });

  it('is not passed in messages, in all and of a kind', () => {
    const many = Array.from({ length: 8193 }, (_, i) => signed(i));
    expect(admitMessages(many, context).kept).toHaveLength(8192);
    const both = [...many, ...Array.from({ length: 1900 }, (_, i) => signed(i, { from: blsSender }, bls(new Uint8Array(96).fill(1))))];
    const { kept, leftOut } = admitMessages(both, context);
    expect(kept).toHaveLength(BLOCK_MESSAGE_LIMIT);
    expect(leftOut).toHaveLength(both.length - BLOCK_MESSAGE_LIMIT);
  });
});

it('whatever was chosen, what is kept breaks no rule that can be asked', () => {
  const anyMessage = fc.record({
    who: fc.integer({ min: 1, max: 3 }),
    nonce: fc.integer({ min: 0, max: 4 }),
    gasLimit: fc.constantFrom(0n, 100_000n, 1_000_000n, 4_000_000_000n, 9_999_999_999n),
    gasPremium: fc.constantFrom(0n, 1n, 300n),
    value: fc.constantFrom(0n, TOTAL_FILECOIN, TOTAL_FILECOIN + 1n, -1n),
    length: fc.constantFrom(65, 65, 65, 64),
  });
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 30 }), (drawn) => {
      const messages = drawn.map(({ who, nonce, length, ...fields }) =>
        signed(nonce, { from: sender(who), ...fields }, { type: 1, data: new Uint8Array(length) }),
      );
      const { kept, leftOut } = admitMessages(messages, context);
      expect(new Set([...kept, ...leftOut.map((one) => one.signed)])).toEqual(new Set(messages));
      expect(kept.reduce((sum, { message }) => sum + message.gasLimit, 0n)).toBeLessThanOrEqual(BLOCK_GAS_LIMIT);
      const last = new Map<number, bigint>();
      for (const { message, signature } of kept) {
        expect(inclusionRefusals(message, { networkVersion: 28, minimumGas: 1n })).toEqual([]);
        expect(signature.data).toHaveLength(65);
        const who = message.from.payload[0] as number;
        if (last.has(who)) expect(message.nonce).toBe((last.get(who) as bigint) + 1n);
        last.set(who, message.nonce);
      }
    }),
  );
});
