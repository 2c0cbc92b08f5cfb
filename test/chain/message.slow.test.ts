/** Every message of two real chains. */

import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { type Codec, decode, encode } from '../../src/chain/encoding/codec.ts';
import { type Message, message, messageCid, type SignedMessage, signedMessage, signedMessageCid } from '../../src/chain/message.ts';
import { devnet2k, mainnetEpochs0To39, type RecordedChain } from '../recorded-chains.ts';
import { sharedData, suiteName } from '../shared-data.ts';

/** CIDs and bytes of every message of a chain: exact; JSON and back: the same bytes. */
function holdsAll(chain: RecordedChain): { readonly bls: number; readonly secpk: number } {
  const same = <T>(codec: Codec<T>, cidOfValue: (value: T) => unknown, cid: { toString(): string }): void => {
    const bytes = chain.get(cid as Parameters<RecordedChain['get']>[0]) as Uint8Array;
    const value = decode(codec, bytes);
    expect(toHex(encode(codec, value))).toBe(toHex(bytes));
    expect(String(cidOfValue(value))).toBe(cid.toString());
    expect(toHex(encode(codec, codec.fromJson(codec.toJson(value))))).toBe(toHex(bytes));
  };
  let [bls, secpk] = [0, 0];
  for (const { blsCids, secpkCids } of chain.blocks) {
    for (const cid of blsCids) same<Message>(message, messageCid, cid);
    for (const cid of secpkCids) same<SignedMessage>(signedMessage, signedMessageCid, cid);
    bls += blsCids.length;
    secpk += secpkCids.length;
  }
  return { bls, secpk };
}

describe('messages of real chains', () => {
  it('devnet-2k: 332 BLS and 320 secp256k1 inclusions', async () => {
    expect(holdsAll(await devnet2k())).toEqual({ bls: 332, secpk: 320 });
  });

  const { path, absent } = sharedData('mainnet/epochs-0-39.json');
  it.skipIf(absent)(suiteName('mainnet 0-39: 73 BLS and 512 secp256k1 inclusions', absent), () => {
    expect(holdsAll(mainnetEpochs0To39(path))).toEqual({ bls: 73, secpk: 512 });
  });
});
