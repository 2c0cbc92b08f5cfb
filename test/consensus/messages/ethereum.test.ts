/**
 * Delegated messages: published transactions of the three forms, round trips with our own keys, and every way to be
 * refused.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, equalAddress, formatAddress, idAddress } from '../../../src/chain/address.ts';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { byteString, encode } from '../../../src/chain/encoding/codec.ts';
import { keccak256 } from '../../../src/chain/encoding/hash.ts';
import { type Message, message as messageCodec, type SignedMessage } from '../../../src/chain/message.ts';
import {
  EAM,
  type EthereumForm,
  type EthereumTransaction,
  ethereumTransaction,
  METHOD_INVOKE_CONTRACT,
  signingPayload,
  unsignedMessage,
} from '../../../src/consensus/messages/ethereum.ts';
import { ethereumAccount, toEthereumAddress } from '../../../src/consensus/messages/ethereum-address.ts';
import { signatureRefusal } from '../../../src/consensus/messages/message-signature.ts';
import { isRefusal } from '../../../src/consensus/messages/refusal.ts';
import { publicKeySecp256k1, recoverSecp256k1, signSecp256k1 } from '../../../src/consensus/signatures/noble.ts';
import * as arb from '../../arbitraries.ts';
import { delegatedMessage, delegatedSignature, senderOf, TRANSACTIONS } from '../../ethereum-vectors.ts';

const tools = {
  recoverSecp256k1,
  bls: {
    verify: (): boolean => {
      throw new Error('no delegated signature asks for BLS');
    },
  },
};

function transactionOf(signed: SignedMessage, chainId: bigint): EthereumTransaction {
  const transaction = ethereumTransaction(signed, chainId);
  if (isRefusal(transaction)) throw new Error(`${transaction.rule}: expected ${transaction.expected}, found ${transaction.found}`);
  return transaction;
}

function accountBehind(signed: SignedMessage, chainId: bigint): Address {
  const transaction = transactionOf(signed, chainId);
  return ethereumAccount(recoverSecp256k1(keccak256(signingPayload(transaction)), transaction.signature) as Uint8Array);
}

describe('published transactions', () => {
  it.each(TRANSACTIONS.map((vector, i) => ({ name: `${i} ${vector.source}`, vector })))('$name', ({ vector }) => {
    const signed = delegatedMessage(vector, senderOf(vector));
    const transaction = transactionOf(signed, vector.chainId);
    expect(transaction.form).toBe(vector.form);
    if (vector.payload !== undefined) expect(toHex(signingPayload(transaction))).toBe(vector.payload);
    if (vector.hash !== undefined) expect(toHex(keccak256(signingPayload(transaction)))).toBe(vector.hash);
    if (vector.sender === undefined) return;
    expect(formatAddress(accountBehind(signed, vector.chainId))).toBe(formatAddress(senderOf(vector)));
    expect(signatureRefusal(signed, senderOf(vector), vector.chainId, tools)).toBeNull();
  });

  it('EIP-155: the key of 32 times 46 gives the example’s signature', () => {
    const hash = fromHex('daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53');
    expect(toHex(signSecp256k1(new Uint8Array(32).fill(0x46), hash))).toBe(
      '28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa63627667cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d8300',
    );
  });

  it('lotus TestDelegatedSigner: payload, key and signature of a devnet', () => {
    const payload = fromHex('02f08401df5e76038502540be400843b9aca008398968094ff000000000000000000000000000000000003f2832dc6c080c0');
    const key = '04cfecc0520d906cbfea387759246e89d85e2998843e56ad1c41de247ce10b3e4c453aa73c8de13c178d94461b6fa3f8b6f74406ce43d2fbab6992d0b283394242';
    const data = fromHex('cf1fa52fae9154ba21d67aeca9b42adfe186eb9e426c441051a8473efd1908480e6c8c79ffaf35fb8f136c8cf6c5656f1f3befad21f2644321aa6dba58d6873700');
    expect(toHex(recoverSecp256k1(keccak256(payload), data) as Uint8Array)).toBe(key);
    const from = ethereumAccount(fromHex(key));
    const message: Message = {
      version: 0n,
      to: idAddress(1010),
      from,
      nonce: 3n,
      value: 3_000_000n,
      gasLimit: 10_000_000n,
      gasFeeCap: 1_000_000_000n,
      gasPremium: 10_000_000_000n,
      method: METHOD_INVOKE_CONTRACT,
      params: Uint8Array.of(),
    };
    const signed: SignedMessage = { message, signature: { type: 3, data } };
    expect(toHex(signingPayload(transactionOf(signed, 31415926n)))).toBe(toHex(payload));
    expect(signatureRefusal(signed, from, 31415926n, tools)).toBeNull();
  });
});

const FORMS: readonly EthereumForm[] = ['eip1559', 'homestead', 'eip155'];
const CHAIN_IDS = [1n, 110n, 314n, 314159n, 31415926n, (1n << 62n) + 1n];

interface Draft {
  readonly form: EthereumForm;
  readonly chainId: bigint;
  readonly key: Uint8Array;
  readonly message: Message;
}

const draft: fc.Arbitrary<Draft> = fc
  .record({
    form: fc.constantFrom(...FORMS),
    chainId: fc.constantFrom(...CHAIN_IDS),
    key: arb.bytesOf(31).map((bytes) => Uint8Array.of(1, ...bytes)),
    to: fc.option(
      fc.oneof(
        arb.addressOfId.filter((to) => !equalAddress(to, EAM)),
        arb.addressOfEthereum.filter((to) => toEthereumAddress(to) !== null),
      ),
    ),
    input: fc.uint8Array({ maxLength: 300 }),
    nonce: arb.u64,
    value: arb.amount,
    gasLimit: fc.bigInt({ min: 1n, max: 10_000_000_000n }),
    gasFeeCap: arb.amount,
    gasPremium: arb.amount,
  })
  .map(({ form, chainId, key, to, input, ...amounts }) => ({
    form,
    chainId,
    key,
    message: {
      ...amounts,
      version: 0n,
      to: to ?? EAM,
      from: ethereumAccount(publicKeySecp256k1(key)),
      gasPremium: form === 'eip1559' ? amounts.gasPremium : amounts.gasFeeCap,
      method: to === null ? 4n : METHOD_INVOKE_CONTRACT,
      params: input.length === 0 ? input : encode(byteString(), input),
    },
  }));

/** Signs as a wallet does: the transaction first, from a signature of the right shape, then its payload. */
function signedDraft({ form, chainId, key, message }: Draft): SignedMessage {
  const least = { eip1559: 0n, homestead: 27n, eip155: 2n * chainId + 35n }[form];
  const withSignature = (rs: Uint8Array, parity: number): SignedMessage => ({
    message,
    signature: { type: 3, data: delegatedSignature(form, rs, least + BigInt(parity)) },
  });
  const payload = signingPayload(transactionOf(withSignature(new Uint8Array(64), 0), chainId));
  const signature = signSecp256k1(key, keccak256(payload));
  return withSignature(signature.subarray(0, 64), signature[64] as number);
}

describe('our own transactions', () => {
  it('verify in all three forms, and give their message back', () => {
    fc.assert(
      fc.property(draft, (drawn) => {
        const signed = signedDraft(drawn);
        expect(signatureRefusal(signed, drawn.message.from, drawn.chainId, tools)).toBeNull();
        const transaction = transactionOf(signed, drawn.chainId);
        expect(transaction.form).toBe(drawn.form);
        expect(toHex(encode(messageCodec, unsignedMessage(transaction, drawn.message.from)))).toBe(toHex(encode(messageCodec, drawn.message)));
      }),
      { numRuns: 60 },
    );
  });

  it('are of nobody, or of somebody else, when any field or any bit of the signature differs', () => {
    const changes: readonly ((message: Message) => Partial<Message>)[] = [
      ({ nonce }) => ({ nonce: nonce ^ 1n }),
      ({ value }) => ({ value: value + 1n }),
      ({ gasLimit }) => ({ gasLimit: gasLimit + 1n }),
      ({ gasFeeCap, gasPremium }) => ({ gasFeeCap: gasFeeCap + 1n, gasPremium: gasPremium + 1n }),
      () => ({ to: idAddress(77_777_777), method: METHOD_INVOKE_CONTRACT }),
      ({ params }) => ({ params: encode(byteString(), Uint8Array.of(...params, 1)) }),
    ];
    fc.assert(
      fc.property(draft, fc.nat(), (drawn, bit) => {
        const signed = signedDraft(drawn);
        const { from } = drawn.message;
        for (const change of changes) {
          const other = { ...signed, message: { ...signed.message, ...change(signed.message) } };
          expect(signatureRefusal(other, from, drawn.chainId, tools)?.rule).toBe('signature');
        }
        const data = signed.signature.data.slice();
        const at = (drawn.form === 'eip1559' ? 0 : 1) + ((bit >> 3) % 64);
        data[at] = (data[at] as number) ^ (1 << (bit & 7));
        expect(signatureRefusal({ ...signed, signature: { type: 3, data } }, from, drawn.chainId, tools)?.rule).toBe('signature');
      }),
      { numRuns: 10 },
    );
  });

  it('hold on no other chain, but for Homestead, which names none', () => {
    fc.assert(
      fc.property(draft, (drawn) => {
        const refusal = signatureRefusal(signedDraft(drawn), drawn.message.from, drawn.chainId + 1n, tools);
        expect(refusal?.rule).toBe({ eip1559: 'signature', homestead: undefined, eip155: 'ethereumSignature' }[drawn.form]);
      }),
      { numRuns: 20 },
    );
  });

  it('may come from an id address, with the account it resolves to as the signer', () => {
    fc.assert(
      fc.property(draft, (drawn) => {
        const message = { ...drawn.message, from: idAddress(1234) };
        const signed = signedDraft({ ...drawn, message });
        expect(signatureRefusal(signed, drawn.message.from, drawn.chainId, tools)).toBeNull();
        expect(signatureRefusal(signed, idAddress(1234), drawn.chainId, tools)?.rule).toBe('signerProtocol');
      }),
      { numRuns: 10 },
    );
  });
});
