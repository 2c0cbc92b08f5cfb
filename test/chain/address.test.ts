/** Addresses: go-address' test vectors, `iso-filecoin` as an independent opinion, and every way a text can be wrong. */

import fc from 'fast-check';
import { fromEthAddress, fromBytes as isoFromBytes, fromString as isoFromString } from 'iso-filecoin/address';
import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  addressFromBytes,
  addressKey,
  blsAddress,
  address as codec,
  delegatedAddress,
  delegatedParts,
  equalAddress,
  formatAddress,
  idAddress,
  idOf,
  parseAddress,
  secp256k1Address,
} from '../../src/chain/address.ts';
import { concatBytes, fromHex, fromUtf8, toHex } from '../../src/chain/encoding/bytes.ts';
import { blake2b160 } from '../../src/chain/encoding/hash.ts';
import * as arb from '../arbitraries.ts';
import { decodeErrorOf, obeysCodecLaws } from '../codec-laws.ts';

/** go-address address_test.go: uncompressed public keys and their addresses. */
const SECP256K1 = [
  [
    '049402fac37e6432a416a3a0ca5426b5185ab3b24f6134efa25ce487c82d2e4e13bf452511e0d2245421f8613bc10d72fa216666a96c3bc13920d3ff233fd0bc05',
    't15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq',
  ],
  [
    '047687b910379bf28cbe3aea674b12000c6b7dba46ffc05f6c94fe2a22bbcc2602ff7f5c76f21ca55d36959152b0e1e887917c393576eef093f61ebd3ad06f7fda',
    't12fiakbhe2gwd5cnmrenekasyn6v5tnaxaqizq6a',
  ],
  [
    '04defdd01001efb86e01ded5ce34f847a73a14819ee641bcb60bb92993596f05dc2d605f2985f8d125812dac4163a396349b23c11cc2ff359de54be287ea62319b',
    't1wbxhu3ypkuo6eyp6hjx6davuelxaxrvwb2kuwva',
  ],
] as const;

/** The same file's actor addresses, with the bytes they are hashes of. */
const ACTORS = [
  ['76128190cdf068d1418044acc03e0b6781970d60', 'f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i'],
  ['2cafb8e2e06bba98ea657c5cf5f42023aa23e88e', 'f25nml2cfbljvn4goqtclhifepvfnicv6g7mfmmvq'],
  ['dfec030e204f0f59d80f1d5ee91dfd066d7f63bd', 'f24dd4ox4c2vpf5vk5wkadgyyn6qtuvgcpxxon64a'],
] as const;

/** And its BLS and delegated addresses with their bytes. */
const TEXTS = [
  [
    '03ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99d606b247ddb4f9ac7a3414dd',
    'f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a',
  ],
  [
    '03b3294f0a2e29e0c66ebc235d2fedca5697bf784af605c75af608e6a63d5cd38ea85ca8989e0efde9188b382f9372460d',
    'f3wmuu6crofhqmm3v4enos73okk2l366ck6yc4owxwbdtkmpk42ohkqxfitcpa57pjdcftql4tojda2poeruwa',
  ],
  ['0420ffffffffff', 'f432f77777777x32lpna'],
  ['04ffffffffffffffff7f', 'f49223372036854775807fiic6zsy'],
  [
    `04ffffffffffffffff7f${'00'.repeat(54)}`,
    'f49223372036854775807faaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaahwgiuam',
  ],
  // The Ethereum address 0xccA92338Ef9535cB7655CfC347c36dd4E6F3663f (jimpick/filecoin-address-tool, README).
  ['040acca92338ef9535cb7655cfc347c36dd4e6f3663f', 'f410fzsusgohpsu24w5svz7bupq3n2ttpgzr7s5jap4i'],
] as const;

describe('address', () => {
  obeysCodecLaws(codec, arb.address);

  it.each([
    [0n, 'f00', '0000'],
    [1n, 'f01', '0001'],
    [10n, 'f010', '000a'],
    [150n, 'f0150', '009601'],
    [1000n, 'f01000', '00e807'],
    [1024n, 'f01024', '008008'],
    [999999n, 'f0999999', '00bf843d'],
    [(1n << 63n) - 1n, 'f09223372036854775807', '00ffffffffffffffff7f'],
  ])('id %s is %s', (id, text, hex) => {
    const made = idAddress(id);
    expect([formatAddress(made), toHex(addressBytes(made)), idOf(parseAddress(text))]).toEqual([text, hex, id]);
    expect(equalAddress(addressFromBytes(fromHex(hex)), made)).toBe(true);
  });

  it.each(SECP256K1)('public key %s', (key, text) => {
    expect(formatAddress(secp256k1Address(fromHex(key)), 't')).toBe(text);
  });

  it.each(ACTORS)('actor born as %s', (hex, text) => {
    expect(formatAddress(addressFromBytes(concatBytes(Uint8Array.of(2), blake2b160(fromHex(hex)))))).toBe(text);
  });

  it.each(TEXTS)('%s is %s', (hex, text) => {
    expect(formatAddress(addressFromBytes(fromHex(hex)))).toBe(text);
    expect(toHex(addressBytes(parseAddress(text)))).toBe(hex);
    expect(toHex(addressBytes(parseAddress(`t${text.slice(1)}`)))).toBe(hex);
  });

  it('is in text and bytes what iso-filecoin says, for every protocol', () => {
    fc.assert(
      fc.property(fc.oneof(arb.addressOfId, arb.addressOfSecp256k1, arb.addressOfActor, arb.addressOfBls, arb.addressOfEthereum), (made) => {
        const text = formatAddress(made);
        expect(toHex(isoFromString(text).toBytes())).toBe(toHex(addressBytes(made)));
        expect(isoFromBytes(addressBytes(made), 'mainnet').toString()).toBe(text);
        expect(isoFromBytes(addressBytes(made), 'testnet').toString()).toBe(formatAddress(made, 't'));
      }),
      { numRuns: 300 },
    );
  });

  it('holds Ethereum addresses as iso-filecoin does', () => {
    fc.assert(
      fc.property(arb.bytesOf(20), (eth) => {
        fc.pre(eth[0] !== 0xff);
        expect(fromEthAddress(`0x${toHex(eth)}`, 'mainnet').toString()).toBe(formatAddress(delegatedAddress(10n, eth)));
      }),
    );
  });

  it('gives back its text in both prefixes', () => {
    fc.assert(
      fc.property(arb.address, fc.constantFrom('f', 't'), (made, prefix) => {
        expect(equalAddress(parseAddress(formatAddress(made, prefix)), made)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every text that differs in one character', () => {
    fc.assert(
      fc.property(arb.address, fc.nat(), fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789ABZ=-'), (made, at, character) => {
        const text = formatAddress(made);
        const i = 1 + (at % (text.length - 1));
        fc.pre(text[i] !== character);
        const other = text.slice(0, i) + character + text.slice(i + 1);
        const error = decodeErrorOf(() => {
          // An id has no checksum: another digit is another address, but it never reads as the same one.
          expect(formatAddress(parseAddress(other))).toBe(other);
        });
        if (made.protocol !== 0) expect(error?.code).toBe('ADDRESS_INVALID');
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '',
    'f',
    'f0',
    'f00 ',
    'f001',
    'f0-1',
    'f0x10',
    'f01e3',
    'F01000',
    'q01000',
    'f09223372036854775808',
    'f099999999999999999999',
    't1234q',
    't5gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y',
    'Q2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr23y',
    't2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y',
    't2gfvuyh7v2sx3patm1k23wdzmhyhtmqctasbr24y',
    't2gfvuyh7v2sx3paTm1k23wdzmhyhtmqctasbr24y',
    'f1xpbyy4tkdx5si2bgo37dubc2xwv6fum5tk57mid',
    'f4f77777777x32lpna',
    'f4032f77777777x32lpna',
    'f432f',
    'f432F77777777x32lpna',
    'f49223372036854775808fiic6zsy',
    'f498765432109876543210faaaa',
    `f3${'a'.repeat(10_000)}`,
  ])('refuses "%s"', (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ name: 'DecodeError', code: 'ADDRESS_INVALID' }));
  });

  it.each([
    ['', 'ADDRESS_INVALID'],
    ['00', 'VARINT_TRUNCATED'],
    ['0080', 'VARINT_TRUNCATED'],
    ['008000', 'VARINT_NOT_CANONICAL'],
    ['00e80700', 'ADDRESS_INVALID'],
    ['00ffffffffffffffffff01', 'ADDRESS_INVALID'],
    ['050404', 'ADDRESS_INVALID'],
    ['ff00', 'ADDRESS_INVALID'],
    [`01${'00'.repeat(19)}`, 'ADDRESS_INVALID'],
    [`01${'00'.repeat(21)}`, 'ADDRESS_INVALID'],
    [`02${'00'.repeat(19)}`, 'ADDRESS_INVALID'],
    [`03${'00'.repeat(47)}`, 'ADDRESS_INVALID'],
    [`03${'00'.repeat(49)}`, 'ADDRESS_INVALID'],
    [`040a${'00'.repeat(55)}`, 'ADDRESS_INVALID'],
    ['04ff', 'VARINT_TRUNCATED'],
    // A namespace of 64 bits: go-varint reads 63.
    [`04ffffffffffffffffff01${'00'.repeat(20)}`, 'ADDRESS_INVALID'],
  ])('refuses the bytes %s', (hex, code) => {
    expect(() => addressFromBytes(fromHex(hex))).toThrow(expect.objectContaining({ name: 'DecodeError', code }));
  });

  it('refuses ids out of range, keys of another length, and questions to the wrong protocol', () => {
    for (const id of [-1n, 1n << 63n]) expect(() => idAddress(id)).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
    expect(() => blsAddress(new Uint8Array(47))).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
    expect(() => idOf(secp256k1Address(fromUtf8('address0')))).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
    expect(() => delegatedParts(idAddress(1))).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
  });

  it('takes a delegated address apart', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: arb.I64_MAX }), fc.uint8Array({ maxLength: 54 }), (namespace, subAddress) => {
        expect(delegatedParts(delegatedAddress(namespace, subAddress))).toEqual({ namespace, subAddress });
      }),
    );
  });

  it('has the identity of its bytes', () => {
    fc.assert(
      fc.property(arb.address, arb.address, (a, b) => {
        expect(equalAddress(a, b)).toBe(addressKey(a) === addressKey(b));
        expect(equalAddress(a, addressFromBytes(addressBytes(a)))).toBe(true);
      }),
    );
  });
});
