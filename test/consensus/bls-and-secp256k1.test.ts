/**
 * What src/consensus/signatures/noble.ts adds to its library: public-key recovery exactly as the nodes do it. (Its BLS
 * is tested in test/native, beside the addon's.)
 */

import { readFileSync } from 'node:fs';
import { decode, encode } from '@ipld/dag-cbor';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { describe, expect, test } from 'vitest';
import { publicKeySecp256k1, recoverSecp256k1, signSecp256k1 } from '../../src/consensus/signatures/noble.ts';
import { sharedData, suiteName } from '../shared-data.ts';

const ORDER = secp256k1.Point.Fn.ORDER;
const key = new Uint8Array(32).fill(3);
const digest = new Uint8Array(32).fill(9);
const good = signSecp256k1(key, digest);

describe('public-key recovery', () => {
  test('go-ethereum’s vector (crypto/signature_test.go)', () => {
    const signature = '90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e549984a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc9301';
    const found = recoverSecp256k1(bytes('ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008'), bytes(signature));
    expect(hex(found)).toBe(
      '04e32df42865e97135acfb65f3bae71bdc86f4d49150ad6a440b6f15878109880a0a2b2667f7e725ceea70c673093bf67663e0312623c8e091b13cf2c0f11ef652',
    );
  });
  test('finds the signer, whose signatures are always the same and have a low s', () => {
    for (let i = 0; i < 20; i++) {
      const one = digest.with(0, i);
      const signature = signSecp256k1(key, one);
      expect(hex(signSecp256k1(key, one))).toBe(hex(signature));
      expect(number(signature.subarray(32, 64)) <= ORDER / 2n).toBe(true);
      expect(hex(recoverSecp256k1(one, signature))).toBe(hex(publicKeySecp256k1(key)));
    }
  });
  test('a high s is accepted, as go-crypto’s EcRecover accepts it', () => {
    const high = Uint8Array.from([...good.subarray(0, 32), ...big(ORDER - number(good.subarray(32, 64))), (good[64] ?? 0) ^ 1]);
    expect(hex(recoverSecp256k1(digest, high))).toBe(hex(publicKeySecp256k1(key)));
  });
  test('the other v, or another digest, finds another key', () => {
    expect(hex(recoverSecp256k1(digest, good.with(64, (good[64] ?? 0) ^ 1)))).toMatch(/^04/);
    expect(hex(recoverSecp256k1(digest, good.with(64, (good[64] ?? 0) ^ 1)))).not.toBe(hex(publicKeySecp256k1(key)));
    expect(hex(recoverSecp256k1(digest.with(0, 8), good))).not.toBe(hex(publicKeySecp256k1(key)));
  });
  test('v of 2 and 3: the x coordinate is r plus the order, where that is below the field', () => {
    expect(recoverSecp256k1(digest, good.with(64, 2))).toBeNull();
    // The least r for which there is such a point.
    let r = 1n;
    while (recoverSecp256k1(digest, Uint8Array.from([...big(r), ...good.subarray(32, 64), 2])) === null) r++;
    for (const v of [2, 3]) {
      const signature = Uint8Array.from([...big(r), ...good.subarray(32, 64), v]);
      const found = recoverSecp256k1(digest, signature) ?? new Uint8Array();
      expect(secp256k1.verify(signature.subarray(0, 64), digest, found, { prehash: false, lowS: false })).toBe(true);
    }
  });
  test.each([
    ['r is 0', Uint8Array.from([...big(0n), ...good.subarray(32)])],
    ['s is 0', Uint8Array.from([...good.subarray(0, 32), ...big(0n), 0])],
    ['r is the order', Uint8Array.from([...big(ORDER), ...good.subarray(32)])],
    ['s is the order', Uint8Array.from([...good.subarray(0, 32), ...big(ORDER), 0])],
    ['r has no point', Uint8Array.from([...big(5n), ...good.subarray(32)])],
    ['v is 4', good.with(64, 4)],
    ['v is 27', good.with(64, 27)],
    ['it has 64 bytes', good.subarray(0, 64)],
    ['it has 66 bytes', Uint8Array.from([...good, 0])],
    ['it is empty', new Uint8Array()],
  ])('none when %s', (_, signature) => {
    expect(recoverSecp256k1(digest, signature)).toBeNull();
  });
  test('none for a digest of another length', () => {
    expect([recoverSecp256k1(digest.subarray(1), good), recoverSecp256k1(new Uint8Array(33), good)]).toEqual([null, null]);
  });
  test('signing refuses what is no key and what is no digest', () => {
    for (const bad of [new Uint8Array(32), big(ORDER), key.subarray(1)]) {
      expect(() => signSecp256k1(bad, digest)).toThrow(expect.objectContaining({ code: 'SECP_PRIVATE_KEY' }));
    }
    expect(() => signSecp256k1(key, new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'SECP_DIGEST' }));
  });
});

const { path, absent } = sharedData('mainnet/epochs-0-39.json');
describe.skipIf(absent)(suiteName('mainnet, epochs 0 to 39', absent), () => {
  test('206 secp256k1 messages: the recovered key has the address of the sender', () => {
    const recording: { messages: Record<string, string>; accounts: Record<string, string> } = JSON.parse(readFileSync(path, 'utf8'));
    let checked = 0;
    for (const raw of Object.values(recording.messages)) {
      const signed = decode<[unknown[], Uint8Array]>(bytes(raw));
      if (signed.length !== 2) continue;
      const [message, signature] = signed;
      const sender = message[2] as Uint8Array;
      const address = sender[0] === 1 ? hex(sender) : recording.accounts[hex(sender)];
      const unsigned = CID.createV1(0x71, createDigest(0xb220, blake2b(encode(message), { dkLen: 32 }))).bytes;
      const found = recoverSecp256k1(blake2b(unsigned, { dkLen: 32 }), signature.subarray(1)) ?? new Uint8Array();
      expect(`01${hex(blake2b(found, { dkLen: 20 }))}`).toBe(address);
      checked++;
    }
    expect(checked).toBe(206);
  });
});

function big(value: bigint): Uint8Array {
  return bytes(value.toString(16).padStart(64, '0'));
}

function number(of: Uint8Array): bigint {
  return BigInt(`0x${hex(of)}`);
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

function hex(of: Uint8Array | null): string {
  return of === null ? 'none' : Buffer.from(of).toString('hex');
}
