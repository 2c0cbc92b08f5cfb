/**
 * What the addon computes beside BLS, held against JavaScript: random ones, and the edges where two makes of a curve
 * part.
 */

import { fc, test as property } from '@fast-check/vitest';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, test } from 'vitest';
import { besideOf, checkBeside, IN_JAVASCRIPT } from '../../native/beside.ts';
import { loadBls, loadBlsAddon } from '../../native/bls.ts';
import type { BlsAddon } from '../../native/bls-addon.ts';
import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import { recoverSecp256k1, signSecp256k1 } from '../../src/consensus/signatures/noble.ts';
import { nativeOrReason } from './native-or-reason.ts';

const { native, reason } = nativeOrReason();
const addon = loadBlsAddon();
/** An addon built before these were in it; where CI demands one it is a new one. */
const isOlder = addon !== null && addon.blake2b256 === undefined && process.env['MINEONE_REQUIRE_NATIVE'] !== '1';
const skipped = isOlder ? 'it is of an older build: run `npm run build:native`' : native === null ? reason : null;
const ORDER = secp256k1.Point.Fn.ORDER;
const FIELD = secp256k1.Point.Fp.ORDER;
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Integers of 32 bytes about those that mean something. */
const edge = fc
  .tuple(fc.constantFrom(0n, ORDER, FIELD, FIELD - ORDER, ORDER / 2n, 1n << 255n, 1n << 128n, (1n << 256n) - 1n), fc.bigInt(-40n, 40n))
  .map(([about, by]) => big((about + by + (1n << 256n)) % (1n << 256n)));
const recoveryId = fc.integer({ min: 0, max: 5 });

describe.skipIf(skipped !== null)(skipped === null ? 'the addon' : `the addon (skipped: ${skipped})`, () => {
  const { blake2b256: hash, recoverSecp256k1: recover } = native === null ? IN_JAVASCRIPT : besideOf(addon as BlsAddon);

  test('is what is used, and not JavaScript', () => {
    expect(loadBls().beside.blake2b256).not.toBe(blake2b256);
    expect(loadBls().beside.recoverSecp256k1).not.toBe(recoverSecp256k1);
  });

  property.prop([fc.uint8Array({ maxLength: 700 })], { numRuns: 300 })('hashes alike', (message) => {
    expect(hash(message)).toEqual(blake2b256(message));
  });
  test('hashes alike at every length about two blocks, and a view of a larger buffer', () => {
    const whole = Uint8Array.from({ length: 700 }, (_, i) => i);
    for (let length = 0; length <= 400; length++) expect(hash(whole.subarray(3, 3 + length))).toEqual(blake2b256(whole.subarray(3, 3 + length)));
  });

  property.prop([bytes32, bytes32, recoveryId], { numRuns: 60 })('finds the same signer of what was signed, by any recovery id', (seed, digest, id) => {
    const signature = signSecp256k1(secp256k1.utils.isValidSecretKey(seed) ? seed : new Uint8Array(32).fill(1), digest);
    for (const one of [signature, signature.with(64, id)]) expect(recover(digest, one)).toEqual(recoverSecp256k1(digest, one));
  });
  property.prop([fc.oneof(bytes32, edge), fc.oneof(bytes32, edge), fc.oneof(bytes32, edge), recoveryId], { numRuns: 300 })(
    'finds the same key, or none, behind what nobody signed',
    (digest, r, s, id) => {
      const signature = Uint8Array.from([...r, ...s, id]);
      expect(recover(digest, signature)).toEqual(recoverSecp256k1(digest, signature));
    },
  );
  test('finds the same over x coordinates beyond the order', () => {
    const digest = new Uint8Array(32).fill(9);
    let found = 0;
    for (let r = 1n; r < 12n; r++) {
      const signature = Uint8Array.from([...big(r), ...digest, 2]);
      expect(recover(digest, signature)).toEqual(recoverSecp256k1(digest, signature));
      if (recover(digest, signature) !== null) found++;
    }
    expect(found).toBeGreaterThan(0);
  });
  test('none at infinity, where the signature over z is z times the generator', () => {
    const z = big(7n);
    for (const id of [0, 1]) {
      const signature = Uint8Array.from([...big(secp256k1.Point.BASE.x), ...z, id]);
      expect(recover(z, signature)).toEqual(recoverSecp256k1(z, signature));
    }
    expect(recover(z, Uint8Array.from([...big(secp256k1.Point.BASE.x), ...z, 0]))).toBeNull();
  });
  property.prop([fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 80 })])('none for other lengths', (digest, signature) => {
    expect(recover(digest, signature)).toEqual(recoverSecp256k1(digest, signature));
  });
});

describe('known answers', () => {
  test('JavaScript gives them', () => checkBeside(IN_JAVASCRIPT));
  test.each([
    ['blake2b', { blake2b256: () => new Uint8Array(32) }],
    ['key behind a signature', { recoverSecp256k1: () => null }],
    ['key behind no signature', { recoverSecp256k1: () => recoverSecp256k1(DIGEST, SIGNATURE) }],
  ])('an addon with a wrong %s is found out', (what, wrong) => {
    expect(() => besideOf({ ...IN_JAVASCRIPT, ...wrong } as Partial<BlsAddon> as BlsAddon)).toThrow(`known answer, ${what}`);
  });
  test('an addon of an older build has neither: JavaScript does it', () => {
    expect(besideOf({} as Partial<BlsAddon> as BlsAddon)).toEqual(IN_JAVASCRIPT);
  });
});

const DIGEST = bytes('ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008');
const SIGNATURE = bytes('90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e549984a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc9301');

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function big(value: bigint): Uint8Array {
  return bytes(value.toString(16).padStart(64, '0'));
}
