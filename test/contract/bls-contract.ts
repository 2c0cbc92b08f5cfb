/**
 * What every make of `Bls` owes: published vectors, mainnet's and drand's signatures, an independent library's bytes,
 * and no to everything hostile.
 */

import { beforeAll, describe, expect, test } from 'vitest';
import type { Bls, SignedDigest } from '../../src/consensus/signatures/bls.ts';
import { DST_G1, DST_G2 } from '../../src/consensus/signatures/bls.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { hostile } from './bls-hostile.ts';
import { aggregates, batches, claims, claimsG1 } from './bls-many.ts';
import { INFINITY_G2, negated } from './bls-points.ts';
import { bytes, flipped, hex, little, seed, signedBy, utf8 } from './bls-samples.ts';
import { HASHES_G1, HASHES_G2, KEYGENS, RFC_DST_G1, RFC_DST_G2 } from './bls-vectors.ts';
import { drandRounds } from './drand-rounds.ts';
import { oracle } from './eth-wasm.ts';
import { mainnetSignatures } from './mainnet-signatures.ts';

const GROUP_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

/** Declares the suite for one make. */
export function blsContract(name: string, make: () => Bls): void {
  describe(name, () => {
    const bls = make();
    describe('published vectors', () => vectors(bls));
    describe('keys and tags', () => keysAndTags(bls));
    describe('bls-eth-wasm with the NUL tag', () => independent(bls));
    describe('one signature', () => single(bls));
    describe('batch', () => batches(bls));
    describe('aggregate', () => aggregates(bls));
    describe('claims', () => claims(bls));
    describe('claims in G1', () => claimsG1(bls));
    describe('hostile input', () => hostile(bls));
    mainnet(bls);
    drand(bls);
  });
}

function vectors(bls: Bls): void {
  test.each(KEYGENS)('KeyGen of EIP-2333, seed $seed', ({ seed, key }) => {
    expect(hex(bls.keygen(bytes(seed)).reverse())).toBe(BigInt(key).toString(16).padStart(64, '0'));
  });
  // With private key 1 a signature is the hash to the curve itself.
  test.each(HASHES_G2)('RFC 9380 J.10.1, message "$message"', ({ message, x }) => {
    expect(hex(bls.sign(little(1n), utf8(message), RFC_DST_G2).with(0, 0)).slice(2)).toBe(x.slice(2));
  });
  test.each(HASHES_G1)('RFC 9380 J.9.1, message "$message"', ({ message, x }) => {
    expect(hex(bls.signG1(little(1n), utf8(message), RFC_DST_G1).with(0, 0)).slice(2)).toBe(x.slice(2));
  });
}

function keysAndTags(bls: Bls): void {
  const message = utf8('m');
  test('keys are little-endian: 1 gives the generators', () => {
    expect(hex(bls.publicKey(little(1n)))).toMatch(/^97f1d3a73197d7942695638c4fa9ac0f/);
    expect(hex(bls.publicKeyG2(little(1n)))).toMatch(/^93e02b6052719f607dacd3a088274f65/);
  });
  test('the largest key is the generator negated', () => {
    expect(hex(bls.publicKey(little(GROUP_ORDER - 1n)))).toBe(hex(negated(bls.publicKey(little(1n)))));
  });
  test.each([
    ['zero', little(0n)],
    ['the group order', little(GROUP_ORDER)],
    ['above it', little(GROUP_ORDER + 1n)],
    ['all ones', new Uint8Array(32).fill(0xff)],
    ['31 bytes', new Uint8Array(31).fill(1)],
    ['33 bytes', new Uint8Array(33).fill(1)],
    ['nothing', new Uint8Array()],
  ])('a private key that is %s is refused everywhere', async (_, key) => {
    const refusal = expect.objectContaining({ name: 'MineOneError', code: 'BLS_PRIVATE_KEY' });
    for (const call of [() => bls.publicKey(key), () => bls.publicKeyG2(key), () => bls.sign(key, message), () => bls.signG1(key, message)]) {
      expect(call).toThrow(refusal);
    }
    await expect(bls.signAsync(key, message)).rejects.toThrow(refusal);
  });
  test('a seed of 31 bytes is refused', () => {
    expect(() => bls.keygen(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'BLS_SEED', message: 'seed: expected at least 32 bytes, got 31' }));
  });
  test('the default tags are NUL, of G2 and of G1', () => {
    const key = bls.keygen(seed(1));
    expect(hex(bls.sign(key, message))).toBe(hex(bls.sign(key, message, DST_G2)));
    expect(hex(bls.signG1(key, message))).toBe(hex(bls.signG1(key, message, DST_G1)));
  });
  test('a signature holds under its tag only', () => {
    const tag = DST_G2.replace('NUL', 'POP');
    const signed = signedBy(bls, 1, message, tag);
    expect([bls.verify(signed, tag), bls.verify(signed), bls.verifyBatch([signed], tag), bls.verifyBatch([signed])]).toEqual([true, false, true, false]);
  });
  test.each([
    ['empty', ''],
    ['of 256 characters', 'x'.repeat(256)],
    ['not ASCII', 'tägl'],
    ['of two lines', 'a\nb'],
  ])('a tag that is %s is refused', async (_, tag) => {
    const signed = signedBy(bls, 1, message);
    const refusal = expect.objectContaining({ code: 'BLS_DST' });
    const calls = [
      () => bls.sign(seed(1), message, tag),
      () => bls.verify(signed, tag),
      () => bls.verifyBatch([signed], tag),
      () => bls.aggregateVerify([], [], INFINITY_G2, tag),
      () => bls.signG1(seed(1), message, tag),
      () => bls.verifyG1(signed, tag),
    ];
    for (const call of calls) expect(call).toThrow(refusal);
    for (const late of [bls.verifyAsync(signed, tag), bls.verifyBatchAsync([signed], tag), bls.signAsync(seed(1), message, tag)]) {
      await expect(late).rejects.toThrow(refusal);
    }
  });
  test('a tag of 255 characters is taken', () => {
    const tag = 'y'.repeat(255);
    expect(bls.verify(signedBy(bls, 1, message, tag), tag)).toBe(true);
  });
}

function independent(bls: Bls): void {
  let other: Awaited<ReturnType<typeof oracle>>;
  beforeAll(async () => {
    other = await oracle(DST_G2);
  });
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('key %d: same public key, same signature, same aggregate', (i) => {
    const key = bls.keygen(seed(i));
    const message = new Uint8Array(i * 37).fill(i);
    const signature = bls.sign(key, message);
    expect(hex(bls.publicKey(key))).toBe(hex(other.publicKey(key)));
    expect(hex(signature)).toBe(hex(other.sign(key, message)));
    expect(other.verify(bls.publicKey(key), message, signature)).toBe(true);
    expect(hex(bls.aggregate([signature, bls.sign(seed(99), message)]))).toBe(hex(other.aggregate([signature, other.sign(seed(99), message)])));
  });
}

function single(bls: Bls): void {
  const good = signedBy(bls, 3, utf8('MineOne'));
  const goodG1 = { ...good, publicKey: bls.publicKeyG2(seed(3)), signature: bls.signG1(seed(3), good.message) };

  test.each([0, 1, 32, 63, 64, 65, 1000, 100_000])('a message of %d bytes', async (length) => {
    const signed = signedBy(bls, 3, new Uint8Array(length).fill(5));
    expect(hex(await bls.signAsync(seed(3), signed.message))).toBe(hex(signed.signature));
    expect([bls.verify(signed), await bls.verifyAsync(signed)]).toEqual([true, true]);
  });
  test('another message, key or signature', async () => {
    const other = signedBy(bls, 4, utf8('another'));
    for (const field of ['publicKey', 'message', 'signature'] as const) {
      const mixed = { ...good, [field]: other[field] };
      expect([bls.verify(mixed), await bls.verifyAsync(mixed), bls.verifyBatch([mixed]), await bls.verifyBatchAsync([mixed])]).toEqual([
        false,
        false,
        false,
        false,
      ]);
    }
  });
  test('quicknet’s scheme: good, and false with one bit of the message', async () => {
    expect([bls.verifyG1(goodG1), await bls.verifyG1Async(goodG1)]).toEqual([true, true]);
    const bad = { ...goodG1, message: flipped(good.message, 3) };
    expect([bls.verifyG1(bad), await bls.verifyG1Async(bad)]).toEqual([false, false]);
  });
  test('inputs are left as they were, and views into larger buffers are read right', () => {
    const whole = Uint8Array.from([...new Array(7).fill(9), ...good.signature, ...good.publicKey, ...good.message]);
    const before = hex(whole);
    const view = { signature: whole.subarray(7, 103), publicKey: whole.subarray(103, 151), message: whole.subarray(151) };
    expect([bls.verify(view), bls.verifyBatch([view]), bls.aggregateVerify([view.publicKey], [view.message], view.signature)]).toEqual([true, true, true]);
    bls.sign(whole.subarray(20, 20).length === 0 ? seed(3) : whole, view.message);
    expect(hex(whole)).toBe(before);
  });
}

function mainnet(bls: Bls): void {
  const { path, absent } = sharedData('mainnet/epochs-0-39.json');
  describe.skipIf(absent)(suiteName('mainnet, epochs 0 to 39', absent), () => {
    const { elections, tickets, blocks, aggregates: sums } = absent ? { elections: [], tickets: [], blocks: [], aggregates: [] } : mainnetSignatures(path);
    test.each([
      ['election VRFs', elections],
      ['tickets', tickets],
      ['block signatures', blocks],
    ])('48 %s', (_, signed) => {
      expect(signed.length).toBe(48);
      expect(signed.map((one) => bls.verify(one))).toEqual(new Array(48).fill(true));
      // JavaScript takes 20 times as long: a quarter of them will do.
      expect(bls.verifyBatch(bls.name === 'native' ? signed : signed.slice(0, 12))).toBe(true);
      expect(bls.verifyBatch(signed.slice(0, 6).with(5, { ...(signed[5] as SignedDigest), message: signed[6]?.message ?? seed(0) }))).toBe(false);
    });
    test('14 aggregates over 73 messages, 34 over none', () => {
      expect(sums.filter(({ messages }) => messages.length > 0).length).toBe(14);
      expect(sums.reduce((sum, { messages }) => sum + messages.length, 0)).toBe(73);
      for (const { publicKeys, messages, aggregate } of sums) expect(bls.aggregateVerify(publicKeys, messages, aggregate)).toBe(true);
      for (const { publicKeys, messages, aggregate } of sums.filter(({ messages: { length } }) => length > 0).slice(0, 3)) {
        expect(bls.aggregateVerify(publicKeys, messages.with(0, seed(0)), aggregate)).toBe(false);
      }
    });
  });
}

function drand(bls: Bls): void {
  const { path, absent } = sharedData('mainnet/drand.json');
  describe.skipIf(absent)(suiteName('drand', absent), () => {
    const { chained, unchained, unknowable } = absent ? { chained: [], unchained: [], unknowable: 0 } : drandRounds(path);
    test('81 rounds of three networks: 44 chained and 10 unchained verify, 27 have no recorded predecessor', () => {
      expect([chained.length, unchained.length, unknowable]).toEqual([44, 10, 27]);
      expect(chained.map((round) => bls.verify(round))).toEqual(new Array(44).fill(true));
      expect(unchained.map((round) => bls.verifyG1(round))).toEqual(new Array(10).fill(true));
      const late = chained.slice(1, 6).map((round, i) => bls.verify({ ...round, message: chained[i]?.message ?? seed(0) }));
      expect(late).toEqual(new Array(5).fill(false));
    });
  });
}
