/** Malformed, foreign and forged points: a verdict of false from every function that verifies, on every make. */

import { expect, test } from 'vitest';
import type { Bls, SignedDigest } from '../../src/consensus/signatures/bls.ts';
import { besideG1, besideG2, hostileG1, hostileG2, INFINITY_G1, INFINITY_G2, negated } from './bls-points.ts';
import { flipped, seed, signedBy, utf8 } from './bls-samples.ts';

/** Declares the tests of what must be refused, each way it can come in. */
export function hostile(bls: Bls): void {
  const good = signedBy(bls, 3, utf8('MineOne'));
  const goodG1 = { ...good, publicKey: bls.publicKeyG2(seed(3)), signature: bls.signG1(seed(3), good.message) };
  const everywhere = async (bad: SignedDigest) => [
    bls.verify(bad),
    await bls.verifyAsync(bad),
    bls.verifyBatch([good, bad]),
    await bls.verifyBatchAsync([bad, good]),
    bls.aggregateVerify([bad.publicKey], [bad.message], bad.signature),
    await bls.aggregateVerifyAsync([bad.publicKey], [bad.message], bad.signature),
  ];
  const no = new Array(6).fill(false);
  const keysOf = [...hostileG1(), { what: 'infinity', bytes: INFINITY_G1 }, { what: 'good plus a point of order 3', bytes: besideG1(good.publicKey) }];
  const signaturesOf = [
    ...hostileG2(),
    { what: 'infinity', bytes: INFINITY_G2 },
    { what: 'good plus a point of foreign order', bytes: besideG2(good.signature) },
  ];
  const keysOfG2 = [
    ...hostileG2(),
    { what: 'infinity', bytes: INFINITY_G2 },
    { what: 'good plus a point of foreign order', bytes: besideG2(goodG1.publicKey) },
  ];
  const signaturesOfG1 = [
    ...hostileG1(),
    { what: 'infinity', bytes: INFINITY_G1 },
    { what: 'good plus a point of order 3', bytes: besideG1(goodG1.signature) },
  ];

  test.each(keysOf)('public key: $what', async ({ bytes: publicKey }) => {
    expect(await everywhere({ ...good, publicKey })).toEqual(no);
    expect(await everywhere({ ...good, publicKey, signature: INFINITY_G2 })).toEqual(no);
  });
  test.each(signaturesOf)('signature: $what', async ({ bytes: signature }) => {
    expect(await everywhere({ ...good, signature })).toEqual(no);
  });
  test.each(keysOfG2)('public key in G2: $what', async ({ bytes: publicKey }) => {
    for (const signature of [goodG1.signature, INFINITY_G1]) {
      expect([bls.verifyG1({ ...goodG1, publicKey, signature }), await bls.verifyG1Async({ ...goodG1, publicKey, signature })]).toEqual([false, false]);
    }
  });
  test.each(signaturesOfG1)('signature in G1: $what', async ({ bytes: signature }) => {
    expect([bls.verifyG1({ ...goodG1, signature }), await bls.verifyG1Async({ ...goodG1, signature })]).toEqual([false, false]);
  });
  test('swapped groups', async () => {
    expect(await everywhere(goodG1)).toEqual(no);
    expect(await everywhere({ ...good, publicKey: good.signature, signature: good.publicKey })).toEqual(no);
    expect([bls.verifyG1(good), bls.verifyG1({ ...good, publicKey: good.signature, signature: good.publicKey })]).toEqual([false, false]);
  });
  test('the negated key or signature; both negated are good again', async () => {
    expect(await everywhere({ ...good, publicKey: negated(good.publicKey) })).toEqual(no);
    expect(await everywhere({ ...good, signature: negated(good.signature) })).toEqual(no);
    expect(bls.verify({ ...good, publicKey: negated(good.publicKey), signature: negated(good.signature) })).toBe(true);
  });
  test('bits all over a public key and a signature', () => {
    for (let bit = 0; bit < 384; bit += 11) expect(bls.verify({ ...good, publicKey: flipped(good.publicKey, bit) })).toBe(false);
    for (let bit = 0; bit < 768; bit += 23) expect(bls.verify({ ...good, signature: flipped(good.signature, bit) })).toBe(false);
  });
}
