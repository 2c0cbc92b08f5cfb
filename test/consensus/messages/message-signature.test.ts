/**
 * Who signed a message, in each scheme, and each way a signature is not the signer's. Real chains:
 * message-signature.slow.test.ts.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { type Address, blsAddress, idAddress, parseAddress, secp256k1Address } from '../../../src/chain/address.ts';
import { blake2b256 } from '../../../src/chain/encoding/hash.ts';
import { type Message, messageCid, type SignedMessage } from '../../../src/chain/message.ts';
import type { SignatureType } from '../../../src/chain/signature.ts';
import { type SignatureRule, signatureRefusal, signedFormRefusal } from '../../../src/consensus/messages/message-signature.ts';
import { nobleBls, publicKeySecp256k1, recoverSecp256k1, signSecp256k1 } from '../../../src/consensus/signatures/noble.ts';
import { delegatedMessage, senderOf, TRANSACTIONS } from '../../ethereum-vectors.ts';

const bls = nobleBls();
const tools = { bls, recoverSecp256k1 };

const KEY = new Uint8Array(32).fill(7);
const SENDER = secp256k1Address(publicKeySecp256k1(KEY));
const BLS_KEY = bls.keygen(new Uint8Array(32).fill(7));
const BLS_SENDER = blsAddress(bls.publicKey(BLS_KEY));

const MESSAGE: Message = {
  version: 0n,
  to: idAddress(1000),
  from: SENDER,
  nonce: 3n,
  value: 1n,
  gasLimit: 1_000_000n,
  gasFeeCap: 200n,
  gasPremium: 100n,
  method: 0n,
  params: Uint8Array.of(),
};

const signedWith = (type: SignatureType, data: Uint8Array, change: Partial<Message> = {}): SignedMessage => ({
  message: { ...MESSAGE, ...change },
  signature: { type, data },
});

const digestOf = (message: Message): Uint8Array => blake2b256(messageCid(message).bytes);

describe('secp256k1', () => {
  const data = signSecp256k1(KEY, digestOf(MESSAGE));
  const rule = (signed: SignedMessage, signer: Address = SENDER): SignatureRule | undefined => signatureRefusal(signed, signer, 314n, tools)?.rule;

  it('verifies by the key behind the signature', () => {
    expect(rule(signedWith(1, data))).toBeUndefined();
    expect(rule(signedWith(1, data), parseAddress('f1xcbgdhkgkwht3hrrnui3jdopeejsoatkzmoltqy'))).toBe('signature');
  });

  it.each<[string, Partial<Message>]>([
    ['version', { version: 1n }],
    ['to', { to: idAddress(1001) }],
    ['from', { from: idAddress(1001) }],
    ['nonce', { nonce: 4n }],
    ['value', { value: 2n }],
    ['gasLimit', { gasLimit: 1_000_001n }],
    ['gasFeeCap', { gasFeeCap: 201n }],
    ['gasPremium', { gasPremium: 101n }],
    ['method', { method: 1n }],
    ['params', { params: Uint8Array.of(0) }],
  ])('covers %s', (_, change) => {
    expect(rule(signedWith(1, data, change))).toBe('signature');
  });

  it('covers what it signs for a sender that is an id, resolved by the caller', () => {
    const message = { ...MESSAGE, from: idAddress(1234) };
    const signed = signedWith(1, signSecp256k1(KEY, digestOf(message)), { from: idAddress(1234) });
    expect(rule(signed)).toBeUndefined();
    expect(rule(signed, idAddress(1234))).toBe('signerProtocol');
  });

  it('refuses other lengths, other recovery ids and signers of other protocols', () => {
    expect(rule(signedWith(1, data.subarray(0, 64)))).toBe('signature');
    expect(rule(signedWith(1, Uint8Array.of(...data, 0)))).toBe('signature');
    expect(rule(signedWith(1, Uint8Array.of()))).toBe('signature');
    const v = data[64] as number;
    for (const other of [1 - v, v + 2, v + 27, 255]) expect(rule(signedWith(1, Uint8Array.of(...data.subarray(0, 64), other)))).toBe('signature');
    expect(rule(signedWith(1, data), BLS_SENDER)).toBe('signerProtocol');
    expect(rule(signedWith(2, data), SENDER)).toBe('signerProtocol');
    expect(rule(signedWith(3, data), SENDER)).toBe('signerProtocol');
  });

  it('says who signed instead', () => {
    expect(signatureRefusal(signedWith(1, data), parseAddress('f1xcbgdhkgkwht3hrrnui3jdopeejsoatkzmoltqy'), 314n, tools)).toEqual({
      rule: 'signature',
      expected: 'a signature by f1xcbgdhkgkwht3hrrnui3jdopeejsoatkzmoltqy',
      found: expect.stringMatching(/^one by f1[a-z2-7]{39}$/),
    });
  });
});

describe('BLS', () => {
  const message = { ...MESSAGE, from: BLS_SENDER };
  let data: Uint8Array;
  beforeAll(() => {
    data = bls.sign(BLS_KEY, messageCid(message).bytes);
  });

  it('signs the bytes of the CID directly', () => {
    expect(signatureRefusal({ message, signature: { type: 2, data } }, BLS_SENDER, 314n, tools)).toBeNull();
    expect(signatureRefusal({ message: { ...message, nonce: 4n }, signature: { type: 2, data } }, BLS_SENDER, 314n, tools)?.rule).toBe('signature');
    expect(signatureRefusal({ message, signature: { type: 2, data: data.subarray(1) } }, BLS_SENDER, 314n, tools)?.rule).toBe('signature');
  });
});

describe('the signed messages of a block', () => {
  const of = (form: string): SignedMessage => {
    const vector = TRANSACTIONS.find((each) => each.form === form && (each.chainId === 314n || form === 'homestead'));
    if (vector === undefined) throw new Error(`no vector of ${form}`);
    return delegatedMessage(vector, senderOf(vector));
  };
  const secp = signedWith(1, new Uint8Array(65));
  const blsSigned = signedWith(2, new Uint8Array(96));

  it.each<[what: string, signed: SignedMessage, from: number, to: number]>([
    ['secp256k1: always', secp, 0, 29],
    ['BLS: while types were not looked at', blsSigned, 0, 13],
    ['EIP-1559: from version 18', of('eip1559'), 18, 29],
    ['EIP-155: from version 23', of('eip155'), 23, 29],
    ['Homestead: from version 23', of('homestead'), 23, 29],
  ])('%s', (_, signed, from, to) => {
    for (let version = 0; version <= 29; version++) {
      const rule = signedFormRefusal(signed, version, 314n)?.rule;
      const expected = version < 18 || signed.signature.type === 2 ? 'signatureType' : 'ethereumForm';
      expect([version, rule]).toEqual([version, version >= from && version <= to ? undefined : expected]);
    }
  });

  it('refuses a delegated message that is no transaction by the rule it breaks', () => {
    const plain = of('eip1559');
    expect(signedFormRefusal({ ...plain, message: { ...plain.message, method: 0n } }, 28, 314n)?.rule).toBe('ethereumReceiver');
  });
});
