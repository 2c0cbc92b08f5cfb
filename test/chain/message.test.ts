/** Messages, with `iso-filecoin` as an independent opinion on bytes and CIDs. Real chains: message.slow.test.ts. */

import fc from 'fast-check';
import { Message as IsoMessage } from 'iso-filecoin/message';
import { describe, expect, it } from 'vitest';
import { formatAddress, idAddress } from '../../src/chain/address.ts';
import { toBase64, toHex } from '../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../src/chain/encoding/cid.ts';
import { encode } from '../../src/chain/encoding/codec.ts';
import { chainLength, type Message, message, messageCid, signedMessage, signedMessageCid } from '../../src/chain/message.ts';
import * as arb from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

describe('message', () => {
  obeysCodecLaws(message, arb.anyMessage);

  it('has the bytes and the CID that iso-filecoin gives it', () => {
    const simple = fc.record({
      to: fc.oneof(arb.addressOfId, arb.addressOfSecp256k1, arb.addressOfActor, arb.addressOfBls, arb.addressOfEthereum),
      from: fc.oneof(arb.addressOfSecp256k1, arb.addressOfBls, arb.addressOfEthereum),
      nonce: fc.maxSafeNat(),
      method: fc.maxSafeNat(),
      gasLimit: fc.nat(),
    });
    fc.assert(
      fc.property(arb.message, simple, (drawn, { to, from, nonce, method, gasLimit }) => {
        const ours: Message = { ...drawn, to, from, nonce: BigInt(nonce), method: BigInt(method), gasLimit: BigInt(gasLimit) };
        const theirs = new IsoMessage({
          version: 0,
          to: formatAddress(to),
          from: formatAddress(from),
          nonce,
          method,
          gasLimit,
          value: String(ours.value),
          gasFeeCap: String(ours.gasFeeCap),
          gasPremium: String(ours.gasPremium),
          params: toBase64(ours.params),
        });
        expect(toHex(encode(message, ours))).toBe(toHex(theirs.serialize()));
        expect(toHex(messageCid(ours).bytes)).toBe(toHex(theirs.cidBytes()));
      }),
      { numRuns: 200 },
    );
  });

  it('has Lotus’ names in JSON', () => {
    const value: Message = {
      version: 0n,
      to: idAddress(1000),
      from: idAddress(100),
      nonce: 7n,
      value: 5n * 10n ** 18n,
      gasLimit: 1_000_000n,
      gasFeeCap: 101n,
      gasPremium: 100n,
      method: 2n,
      params: Uint8Array.of(1, 2, 3),
    };
    const json = {
      Version: 0,
      To: 'f01000',
      From: 'f0100',
      Nonce: 7,
      Value: '5000000000000000000',
      GasLimit: 1_000_000,
      GasFeeCap: '101',
      GasPremium: '100',
      Method: 2,
      Params: 'AQID',
    };
    expect(message.toJson(value)).toEqual(json);
    expect(message.fromJson({ ...json, To: 't01000', CID: { '/': 'what Lotus adds' } })).toEqual(value);
    expect(message.fromJson({ ...json, Params: null })).toEqual({ ...value, params: Uint8Array.of() });
  });
});

describe('signed message', () => {
  obeysCodecLaws(signedMessage, arb.signedMessage);

  it('goes by the CID of its unsigned form when BLS signed it, by its own otherwise, and pays for that form', () => {
    fc.assert(
      fc.property(arb.signedMessage, (value) => {
        const isBls = value.signature.type === 2;
        const form = isBls ? encode(message, value.message) : encode(signedMessage, value);
        expect(signedMessageCid(value).toString()).toBe(cidOf(form).toString());
        expect(chainLength(value)).toBe(form.length);
        expect(chainLength(value.message)).toBe(encode(message, value.message).length);
      }),
    );
  });
});
