/** Delegated messages that are no Ethereum transaction: every rule broken alone. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delegatedAddress, idAddress, parseAddress } from '../../../src/chain/address.ts';
import { fromHex } from '../../../src/chain/encoding/bytes.ts';
import type { Message } from '../../../src/chain/message.ts';
import { EAM, type EthereumRule, ethereumTransaction, METHOD_INVOKE_CONTRACT } from '../../../src/consensus/messages/ethereum.ts';
import { ethereumAccount } from '../../../src/consensus/messages/ethereum-address.ts';
import { signatureRefusal } from '../../../src/consensus/messages/message-signature.ts';
import { isRefusal } from '../../../src/consensus/messages/refusal.ts';
import { nobleBls, publicKeySecp256k1, recoverSecp256k1 } from '../../../src/consensus/signatures/noble.ts';
import * as arb from '../../arbitraries.ts';
import { delegatedSignature } from '../../ethereum-vectors.ts';

const tools = { recoverSecp256k1, bls: nobleBls() };

const MASKED = delegatedAddress(10n, fromHex(`ff${'00'.repeat(11)}00000000000003ec`));
const KEY = new Uint8Array(32).fill(0x46);
const GOOD: Message = {
  version: 0n,
  to: delegatedAddress(10n, new Uint8Array(20).fill(0x35)),
  from: ethereumAccount(publicKeySecp256k1(KEY)),
  nonce: 9n,
  value: 10n ** 18n,
  gasLimit: 21_000n,
  gasFeeCap: 20_000_000_000n,
  gasPremium: 20_000_000_000n,
  method: METHOD_INVOKE_CONTRACT,
  params: fromHex('43010203'),
};

describe('refusals', () => {
  const rs = new Uint8Array(64).fill(1);
  const ruleOf = (change: Partial<Message>, data = delegatedSignature('eip1559', rs, 0n), chainId = 314n): EthereumRule | null => {
    const result = ethereumTransaction({ message: { ...GOOD, ...change }, signature: { type: 3, data } }, chainId);
    return isRefusal(result) ? result.rule : null;
  };

  it('none for the message that the others differ from', () => {
    expect(ruleOf({})).toBeNull();
  });

  it.each<[what: string, change: Partial<Message>, rule: EthereumRule | null]>([
    ['a sender that is a secp256k1 key', { from: parseAddress('f1xcbgdhkgkwht3hrrnui3jdopeejsoatkzmoltqy') }, 'ethereumSender'],
    ['a sender of another namespace', { from: delegatedAddress(11n, new Uint8Array(20)) }, 'ethereumSender'],
    ['a sender of 19 bytes', { from: delegatedAddress(10n, new Uint8Array(19)) }, 'ethereumSender'],
    ['a sender that looks like a masked id', { from: MASKED }, 'ethereumSender'],
    ['message version 1', { version: 1n }, 'ethereumVersion'],
    ['a negative value', { value: -1n }, 'ethereumAmounts'],
    ['a negative gas limit', { gasLimit: -1n }, 'ethereumAmounts'],
    ['a negative fee cap', { gasFeeCap: -1n }, 'ethereumAmounts'],
    ['a negative premium', { gasPremium: -1n }, 'ethereumAmounts'],
    ['no params', { params: Uint8Array.of() }, null],
    ['params of an encoded empty string', { params: fromHex('40') }, 'ethereumParams'],
    ['params that are two byte strings', { params: fromHex('41014102') }, 'ethereumParams'],
    ['params that are a text', { params: fromHex('6161') }, 'ethereumParams'],
    ['params that are cut short', { params: fromHex('4301') }, 'ethereumParams'],
    ['params with a length in a byte too many', { params: fromHex('580101') }, 'ethereumParams'],
    ['params of indefinite length', { params: fromHex('5f4101ff') }, 'ethereumParams'],
    ['a plain send', { method: 0n }, 'ethereumReceiver'],
    ['creating a contract', { to: EAM, method: 4n }, null],
    ['creating a contract by the t spelling’s id', { to: idAddress(10n), method: 4n }, null],
    ['another method of f010', { to: EAM, method: 3n }, 'ethereumReceiver'],
    ['InvokeContract of f010', { to: EAM }, 'ethereumReceiver'],
    ['method 4 of another id', { to: idAddress(11), method: 4n }, 'ethereumReceiver'],
    ['an id address to', { to: idAddress(1004) }, null],
    ['an actor address to', { to: parseAddress('f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i') }, 'ethereumReceiver'],
    ['f410 that looks like a masked id to', { to: MASKED }, 'ethereumReceiver'],
    ['a receiver of another namespace', { to: delegatedAddress(32n, new Uint8Array(20)) }, 'ethereumReceiver'],
    ['a receiver of 21 bytes', { to: delegatedAddress(10n, new Uint8Array(21)) }, 'ethereumReceiver'],
  ])('%s: %s', (_, change, rule) => {
    expect(ruleOf(change)).toBe(rule);
  });

  it.each<[what: string, data: Uint8Array, chainId: bigint, rule: EthereumRule | null]>([
    ['EIP-1559', delegatedSignature('eip1559', rs, 1n), 314n, null],
    ['64 bytes', rs, 314n, 'ethereumSignature'],
    ['no bytes', Uint8Array.of(), 314n, 'ethereumSignature'],
    ['Homestead, v 27', delegatedSignature('homestead', rs, 27n), 314n, null],
    ['Homestead, v 28', delegatedSignature('homestead', rs, 28n), 314n, null],
    ['Homestead, v 26', delegatedSignature('homestead', rs, 26n), 314n, 'ethereumSignature'],
    ['Homestead, v 29', delegatedSignature('homestead', rs, 29n), 314n, 'ethereumSignature'],
    ['Homestead, v 0', Uint8Array.of(1, ...rs, 0), 314n, 'ethereumSignature'],
    ['Homestead, v in two bytes', Uint8Array.of(1, ...rs, 0, 27), 314n, 'ethereumSignature'],
    ['EIP-155, v 663', delegatedSignature('eip155', rs, 663n), 314n, null],
    ['EIP-155, v 664', delegatedSignature('eip155', rs, 664n), 314n, null],
    ['EIP-155, v 662', delegatedSignature('eip155', rs, 662n), 314n, 'ethereumSignature'],
    ['EIP-155, v 665', delegatedSignature('eip155', rs, 665n), 314n, 'ethereumSignature'],
    ['EIP-155, v 27', delegatedSignature('eip155', rs, 27n), 314n, 'ethereumSignature'],
    ['EIP-155, v in three bytes', Uint8Array.of(2, ...rs, 0, 2, 151), 314n, 'ethereumSignature'],
    ['EIP-155, calibnet: 68 bytes', delegatedSignature('eip155', rs, 628353n), 314159n, null],
    ['EIP-155, 2k: 69 bytes', delegatedSignature('eip155', rs, 62831887n), 31415926n, null],
    ['EIP-155 of mainnet on calibnet', delegatedSignature('eip155', rs, 663n), 314159n, 'ethereumSignature'],
    ['a prefix of 3', Uint8Array.of(3, ...rs, 27), 314n, 'ethereumSignature'],
    ['a prefix of 0', Uint8Array.of(0, ...rs, 27), 314n, 'ethereumSignature'],
  ])('signature: %s', (_, data, chainId, rule) => {
    expect(ruleOf({}, data, chainId)).toBe(rule);
  });

  it('a legacy form with a premium apart from the fee cap, which it has no field for', () => {
    expect(ruleOf({ gasPremium: 1n }, delegatedSignature('homestead', rs, 27n))).toBe('ethereumRoundTrip');
    expect(ruleOf({ gasPremium: 1n }, delegatedSignature('eip155', rs, 663n))).toBe('ethereumRoundTrip');
    expect(ruleOf({ gasPremium: 1n })).toBeNull();
  });

  it('never an exception, for whatever bytes can spell', () => {
    const delegated = fc.record({
      message: fc.oneof(
        arb.anyMessage,
        arb.anyMessage.map((message) => ({ ...GOOD, params: message.params, to: message.to, value: message.value })),
      ),
      signature: fc.record({
        type: fc.constant(3 as const),
        data: fc.oneof(fc.uint8Array({ maxLength: 80 }), arb.bytesOf(65), fc.constant(delegatedSignature('homestead', rs, 27n))),
      }),
    });
    fc.assert(
      fc.property(delegated, arb.address, (signed, signer) => {
        expect(signatureRefusal(signed, signer, 314n, tools)).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
