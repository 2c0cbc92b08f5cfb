/** A memory of signatures that never says of a wrong one that it is right, and does not ask twice. */

import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { publicKeySecp256k1, recoverSecp256k1, signSecp256k1 } from '../../src/consensus/signatures/noble.ts';
import { rememberingBls, rememberingRecovery } from '../../src/devnet/setting/remembering-bls.ts';

const { bls } = loadBls();
const [a, b] = [1, 2].map((byte) => bls.keygen(new Uint8Array(32).fill(byte))) as [Uint8Array, Uint8Array];
const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];

/** How often the curve was asked. */
function counted(): { readonly bls: Bls; readonly asked: () => number } {
  let asked = 0;
  const count =
    <T extends readonly unknown[], R>(call: (...args: T) => R) =>
    (...args: T): R => {
      asked++;
      return call(...args);
    };
  const { verify, verifyG1, aggregateVerify } = bls;
  return { bls: { ...bls, verify: count(verify), verifyG1: count(verifyG1), aggregateVerify: count(aggregateVerify) }, asked: () => asked };
}

describe('what it signed', () => {
  it('is not verified again; anything else is', () => {
    const { bls: inner, asked } = counted();
    const remembering = rememberingBls(inner);
    const signature = remembering.sign(a, one);
    const publicKey = bls.publicKey(a);
    expect(remembering.verify({ publicKey, message: one, signature })).toBe(true);
    expect(asked()).toBe(0);
    expect(remembering.verify({ publicKey, message: two, signature })).toBe(false);
    expect(remembering.verify({ publicKey: bls.publicKey(b), message: one, signature })).toBe(false);
    expect(remembering.verify({ publicKey, message: one, signature }, 'ANOTHER-TAG')).toBe(false);
    expect(asked()).toBe(3);
    expect(remembering.verify({ publicKey, message: two, signature })).toBe(false);
    expect(asked()).toBe(3);
  });

  it('in the unchained scheme too, and when it is not waited for', async () => {
    const { bls: inner, asked } = counted();
    const remembering = rememberingBls(inner);
    const short = remembering.signG1(a, one);
    expect(remembering.verifyG1({ publicKey: bls.publicKeyG2(a), message: one, signature: short })).toBe(true);
    const signature = await remembering.signAsync(a, two);
    expect(remembering.verify({ publicKey: bls.publicKey(a), message: two, signature })).toBe(true);
    expect(asked()).toBe(0);
    expect(remembering.verifyG1({ publicKey: bls.publicKeyG2(b), message: one, signature: short })).toBe(false);
  });
});

describe('what it aggregated', () => {
  const keys = [bls.publicKey(a), bls.publicKey(b)];

  it('is not verified again for just these keys and messages in this order', () => {
    const { bls: inner, asked } = counted();
    const remembering = rememberingBls(inner);
    const sum = remembering.aggregate([remembering.sign(a, one), remembering.sign(b, two)]);
    expect(remembering.aggregateVerify(keys, [one, two], sum)).toBe(true);
    expect(asked()).toBe(0);
    expect(remembering.aggregateVerify(keys, [two, one], sum)).toBe(false);
    expect(remembering.aggregateVerify(keys.slice(0, 1), [one], sum)).toBe(false);
    expect(asked()).toBe(2);
  });

  it('is not added up again, whatever becomes of the sum', () => {
    let added = 0;
    const aggregate: Bls['aggregate'] = (signatures) => {
      added++;
      return bls.aggregate(signatures);
    };
    const remembering = rememberingBls({ ...bls, aggregate });
    const signatures = [bls.sign(a, one), bls.sign(b, two)];
    remembering.aggregate(signatures).fill(0);
    expect(remembering.aggregate(signatures)).toEqual(bls.aggregate(signatures));
    expect(added).toBe(1);
    expect(remembering.aggregate([...signatures, bls.sign(a, two)])).not.toEqual(bls.aggregate(signatures));
    expect(added).toBe(2);
  });

  it('of signatures it does not know, or of one message twice, is asked of the curve', () => {
    const { bls: inner, asked } = counted();
    const remembering = rememberingBls(inner);
    const strange = remembering.aggregate([bls.sign(a, one), remembering.sign(b, two)]);
    expect(remembering.aggregateVerify(keys, [one, two], strange)).toBe(true);
    const twice = remembering.aggregate([remembering.sign(a, one), remembering.sign(b, one)]);
    expect(remembering.aggregateVerify(keys, [one, one], twice)).toBe(false);
    expect(asked()).toBe(2);
  });
});

describe('its memory', () => {
  it('is bounded, and a forgotten signature is verified', () => {
    const { bls: inner, asked } = counted();
    const remembering = rememberingBls(inner, 4);
    const signature = remembering.sign(a, one);
    for (let i = 0; i < 20; i++) remembering.verify({ publicKey: bls.publicKey(a), message: Uint8Array.of(100 + i), signature });
    const before = asked();
    expect(remembering.verify({ publicKey: bls.publicKey(a), message: one, signature })).toBe(true);
    expect(asked()).toBe(before + 1);
  });

  it('of recovered keys answers what was said of a digest and its signature', () => {
    const key = new Uint8Array(32).fill(3);
    const digest = new Uint8Array(32).fill(4);
    const signature = signSecp256k1(key, digest);
    let asked = 0;
    const { recover, known } = rememberingRecovery((...args) => {
      asked++;
      return recoverSecp256k1(...args);
    });
    known(digest, signature, publicKeySecp256k1(key));
    expect(recover(digest, signature)).toEqual(publicKeySecp256k1(key));
    expect(asked).toBe(0);
    expect(recover(digest, new Uint8Array(65))).toBeNull();
    expect(recover(digest, new Uint8Array(65))).toBeNull();
    expect(asked).toBe(1);
  });
});
