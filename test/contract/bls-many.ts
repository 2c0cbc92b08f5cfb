/** Many signatures at once, in a batch and in a sum (docs/protocol.md 2.8). */

import { expect, test } from 'vitest';
import type { Bls, BlsClaim, SignedDigest } from '../../src/consensus/signatures/bls.ts';
import { besideG1, besideG2, hostileG1, hostileG2, INFINITY_G1, INFINITY_G2, negated } from './bls-points.ts';
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

/** Declares the tests of claims under salted weights: true only if each holds. */
export function claims(bls: Bls): void {
  const salt = new Uint8Array(32).fill(7);
  const one = ({ publicKey, message, signature }: SignedDigest): BlsClaim => ({ publicKeys: [publicKey], messages: [message], sum: signature });
  const single = Array.from({ length: 9 }, (_, i) => one(signedBy(bls, i % 3, utf8(`message ${i}`))));
  const parts = Array.from({ length: 5 }, (_, i) => signedBy(bls, i % 4, utf8(`part ${i}`)));
  const sumOf = (signed: readonly SignedDigest[]): BlsClaim => ({
    publicKeys: signed.map(({ publicKey }) => publicKey),
    messages: signed.map(({ message }) => message),
    sum: bls.aggregate(signed.map(({ signature }) => signature)),
  });
  const good = [...single, sumOf(parts), sumOf(parts.slice(1, 4))];
  const withSum = (at: number, sum: Uint8Array): BlsClaim[] => good.with(at, { ...(good[at] as BlsClaim), sum });

  test('none, one, and many: keys of one, two and more messages, a message in several sums, the same claim twice', () => {
    for (const list of [[], good.slice(0, 1), good.slice(0, 4), good, [...good, ...good]]) expect(bls.claimsHold(list, salt)).toBe(true);
  });
  test('one wrong at any place', () => {
    for (let at = 0; at < good.length; at += 2) expect(bls.claimsHold(withSum(at, (good[(at + 1) % good.length] as BlsClaim).sum), salt)).toBe(false);
  });
  test('two whose sums are exchanged, or moved by a point and its negation: right only without weights', () => {
    const [a, b, by] = [single[0] as BlsClaim, single[1] as BlsClaim, signedBy(bls, 9, utf8('by')).signature];
    expect(
      bls.claimsHold(
        [
          { ...a, sum: b.sum },
          { ...b, sum: a.sum },
        ],
        salt,
      ),
    ).toBe(false);
    const moved = [
      { ...a, sum: bls.aggregate([a.sum, by]) },
      { ...b, sum: bls.aggregate([b.sum, negated(by)]) },
    ];
    expect(bls.aggregateVerify([...a.publicKeys, ...b.publicKeys], [...a.messages, ...b.messages], bls.aggregate(moved.map(({ sum }) => sum)))).toBe(true);
    expect(bls.claimsHold(moved, salt)).toBe(false);
  });
  test.each([
    ...hostileG2(),
    { what: 'infinity', bytes: INFINITY_G2 },
    { what: 'good plus a point of foreign order', bytes: besideG2(single[0]?.sum ?? INFINITY_G2) },
  ])('a sum that is $what', ({ bytes }) => {
    expect(bls.claimsHold(withSum(0, bytes), salt)).toBe(false);
  });
  test('points of small order that cancel each other out, whatever the weights are, are found: each is looked at by itself', () => {
    const [a, b] = [single[0] as BlsClaim, single[1] as BlsClaim];
    const list = [
      { ...a, sum: besideG2(a.sum, 13n) },
      { ...b, sum: besideG2(b.sum, 13n, true) },
    ];
    expect(list.map(({ sum }, at) => hex(sum) === hex((at === 0 ? a : b).sum))).toEqual([false, false]);
    for (let i = 0; i < 26; i++) expect(bls.claimsHold(list, new Uint8Array(32).fill(i))).toBe(false);
  });
  test.each([
    ...hostileG1(),
    { what: 'infinity', bytes: INFINITY_G1 },
    { what: 'good plus a point of order 3', bytes: besideG1(parts[0]?.publicKey ?? INFINITY_G1) },
  ])('a key that is $what', ({ bytes }) => {
    for (const at of [0, 9]) {
      const claim = good[at] as BlsClaim;
      expect(bls.claimsHold(good.with(at, { ...claim, publicKeys: claim.publicKeys.with(0, bytes) }), salt)).toBe(false);
      expect(bls.claimsHold([{ ...claim, publicKeys: claim.publicKeys.map(() => bytes), sum: INFINITY_G2 }], salt)).toBe(false);
    }
  });
  test('a message twice in a sum, a key too few, no message at all', () => {
    const twice = [parts[0], parts[0]].map((part) => part as SignedDigest);
    expect(bls.claimsHold([sumOf(twice)], salt)).toBe(false);
    const sum = sumOf(parts);
    expect(bls.claimsHold([{ ...sum, publicKeys: sum.publicKeys.slice(1) }], salt)).toBe(false);
    expect(bls.claimsHold([{ publicKeys: [], messages: [], sum: INFINITY_G2 }], salt)).toBe(false);
  });
  test('a salt of less than 32 bytes', () => {
    for (const claimsHold of [bls.claimsHold, bls.claimsHoldG1])
      expect(() => claimsHold([], salt.subarray(1))).toThrow(expect.objectContaining({ code: 'BLS_SALT' }));
  });
}

/** The same in the G1 scheme, which beacons sign with. */
export function claimsG1(bls: Bls): void {
  const salt = new Uint8Array(32).fill(7);
  const good = Array.from({ length: 7 }, (_, i): BlsClaim => {
    const [key, message] = [seed(i % 2), utf8(`round ${i}`)];
    return { publicKeys: [bls.publicKeyG2(key)], messages: [message], sum: bls.signG1(key, message) };
  });
  const withSum = (at: number, sum: Uint8Array): BlsClaim[] => good.with(at, { ...(good[at] as BlsClaim), sum });

  test('none, one, many, all twice', () => {
    for (const list of [[], good.slice(0, 1), good, [...good, ...good]]) expect(bls.claimsHoldG1(list, salt)).toBe(true);
  });
  test('two exchanged', () => {
    const [a, b] = [good[0] as BlsClaim, good[2] as BlsClaim];
    expect(
      bls.claimsHoldG1(
        [
          { ...a, sum: b.sum },
          { ...b, sum: a.sum },
        ],
        salt,
      ),
    ).toBe(false);
  });
  test.each([...hostileG1(), { what: 'infinity', bytes: INFINITY_G1 }, { what: 'good plus a point of order 3', bytes: besideG1(good[0]?.sum ?? INFINITY_G1) }])(
    'a signature that is $what',
    ({ bytes }) => {
      expect(bls.claimsHoldG1(withSum(0, bytes), salt)).toBe(false);
    },
  );
  test('points of order 3 that cancel each other out are found', () => {
    for (let i = 0; i < 9; i++) {
      const list = good.map((claim, at) => (at < 3 ? { ...claim, sum: besideG1(claim.sum) } : claim));
      expect(bls.claimsHoldG1(list, new Uint8Array(32).fill(i))).toBe(false);
    }
  });
  test.each([
    ...hostileG2(),
    { what: 'infinity', bytes: INFINITY_G2 },
    { what: 'good plus a point of foreign order', bytes: besideG2(good[0]?.publicKeys[0] ?? INFINITY_G2) },
  ])('a key that is $what', ({ bytes }) => {
    for (const sum of [good[0]?.sum ?? INFINITY_G1, INFINITY_G1]) {
      expect(bls.claimsHoldG1(good.with(0, { ...(good[0] as BlsClaim), publicKeys: [bytes], sum }), salt)).toBe(false);
    }
  });
}
