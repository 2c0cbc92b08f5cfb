/** Many signatures at once, in a batch and in a sum (docs/protocol.md 2.8). */

import { expect, test } from 'vitest';
import type { Bls } from '../../src/consensus/bls.ts';
import { hostileG2, INFINITY_G1, INFINITY_G2, negated } from './bls-points.ts';
import { hex, seed, signedBy, utf8 } from './bls-samples.ts';

/** Declares the tests of batches: all good or not. */
export function batches(bls: Bls): void {
  const many = Array.from({ length: 10 }, (_, i) => signedBy(bls, i % 4, utf8(`message ${i % 6}`)));

  test.each([0, 1, 2, 7, 10])('%d good ones, repeated keys and messages among them', async (count) => {
    const batch = many.slice(0, count);
    expect([bls.verifyBatch(batch), await bls.verifyBatchAsync(batch)]).toEqual([true, true]);
  });
  test.each([0, 9])('one bad at %d', async (at) => {
    const bad = { publicKey: bls.publicKey(seed(1)), message: utf8('unsigned'), signature: many[at]?.signature ?? INFINITY_G2 };
    const batch = many.with(at, bad);
    expect([bls.verifyBatch(batch), await bls.verifyBatchAsync(batch)]).toEqual([false, false]);
  });
  test('two whose signatures are swapped: their sum is right, each is wrong', () => {
    const [a, b] = [signedBy(bls, 1, utf8('a')), signedBy(bls, 2, utf8('b'))];
    const swapped = [
      { ...a, signature: b.signature },
      { ...b, signature: a.signature },
    ];
    expect(bls.aggregateVerify([a.publicKey, b.publicKey], [a.message, b.message], bls.aggregate(swapped.map(({ signature }) => signature)))).toBe(true);
    expect(bls.verifyBatch(swapped)).toBe(false);
  });
  test('the point at infinity as one of the signatures', () => {
    expect(bls.verifyBatch([...many.slice(0, 3), { ...signedBy(bls, 1, utf8('x')), signature: INFINITY_G2 }])).toBe(false);
  });
}

/** Declares the tests of sums of signatures over distinct messages. */
export function aggregates(bls: Bls): void {
  const signed = Array.from({ length: 9 }, (_, i) => signedBy(bls, i % 4, utf8(`message ${i}`)));
  const keys = signed.map(({ publicKey }) => publicKey);
  const messages = signed.map(({ message }) => message);
  const sum = bls.aggregate(signed.map(({ signature }) => signature));
  const both = async (...args: Parameters<Bls['aggregateVerify']>) => [bls.aggregateVerify(...args), await bls.aggregateVerifyAsync(...args)];

  test('of none: the point at infinity, which verifies no messages and nothing else does', async () => {
    expect(hex(bls.aggregate([]))).toBe(hex(INFINITY_G2));
    expect(await both([], [], INFINITY_G2)).toEqual([true, true]);
    expect(await both([], [], sum)).toEqual([false, false]);
    expect(await both(keys, messages, INFINITY_G2)).toEqual([false, false]);
  });
  test('of one is that one; infinity adds nothing; the order does not matter', () => {
    const all = signed.map(({ signature }) => signature);
    expect(hex(bls.aggregate(all.slice(0, 1)))).toBe(hex(all[0] ?? INFINITY_G1));
    expect(hex(bls.aggregate([INFINITY_G2, ...all, INFINITY_G2]))).toBe(hex(sum));
    expect(hex(bls.aggregate(all.toReversed()))).toBe(hex(sum));
  });
  test('a signature and its negation cancel', () => {
    const signature = signed[0]?.signature ?? INFINITY_G2;
    expect(hex(bls.aggregate([signature, negated(signature)]))).toBe(hex(INFINITY_G2));
  });
  test('verifies, with messages in any order but with their keys', async () => {
    expect(await both(keys, messages, sum)).toEqual([true, true]);
    expect(await both(keys.toReversed(), messages.toReversed(), sum)).toEqual([true, true]);
    expect(await both(keys.toReversed(), messages, sum)).toEqual([false, false]);
  });
  test('one message, key or signature missing or too many', async () => {
    expect(await both(keys.slice(1), messages.slice(1), sum)).toEqual([false, false]);
    expect(await both(keys.slice(1), messages, sum)).toEqual([false, false]);
    expect(await both(keys, messages.slice(1), sum)).toEqual([false, false]);
    expect(await both(keys, messages, bls.aggregate(signed.slice(1).map(({ signature }) => signature)))).toEqual([false, false]);
  });
  test('equal messages are refused even where the pairing holds', async () => {
    const message = utf8('same');
    const two = [signedBy(bls, 1, message), signedBy(bls, 2, message)];
    expect(
      await both(
        two.map(({ publicKey }) => publicKey),
        [message, message],
        bls.aggregate(two.map(({ signature }) => signature)),
      ),
    ).toEqual([false, false]);
  });
  test.each(hostileG2())('a signature that is $what cannot be added: its place is named', ({ bytes: signature }) => {
    const refusal = expect.objectContaining({ code: 'BLS_SIGNATURE', message: expect.stringMatching(/^signature 1: /) });
    expect(() => bls.aggregate([sum, signature])).toThrow(refusal);
  });
}
