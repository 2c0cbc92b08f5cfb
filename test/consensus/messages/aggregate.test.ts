/** BLS aggregates of our own, and every way they fail. Mainnet's: aggregate.slow.test.ts. */

import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/chain/encoding/bytes.ts';
import { type CID, cidOf } from '../../../src/chain/encoding/cid.ts';
import type { Signature } from '../../../src/chain/signature.ts';
import { aggregateSignature, verifyAggregate } from '../../../src/consensus/messages/aggregate.ts';
import { nobleBls } from '../../../src/consensus/signatures/noble.ts';

const bls = nobleBls();
const keys = [1, 2, 3].map((seed) => bls.keygen(new Uint8Array(32).fill(seed)));
const publicKeys = keys.map((key) => bls.publicKey(key));
const cids = [1, 2, 3].map((i) => cidOf(Uint8Array.of(i)));
const signatures = cids.map((cid, i) => bls.sign(keys[i] as Uint8Array, cid.bytes));
const INFINITY = `c0${'00'.repeat(95)}`;

describe('aggregate', () => {
  const whole = aggregateSignature(bls, signatures);

  it('of nothing is the point at infinity', () => {
    const none = aggregateSignature(bls, []);
    expect([none.type, toHex(none.data)]).toEqual([2, INFINITY]);
  });

  it('of one is its signature', () => {
    expect(toHex(aggregateSignature(bls, signatures.slice(0, 1)).data)).toBe(toHex(signatures[0] as Uint8Array));
  });

  it('holds for exactly its messages and senders, in any order of both', () => {
    expect(verifyAggregate(bls, publicKeys, cids, whole)).toBe(true);
    expect(verifyAggregate(bls, publicKeys.toReversed(), cids.toReversed(), whole)).toBe(true);
    expect(toHex(aggregateSignature(bls, signatures.toReversed()).data)).toBe(toHex(whole.data));
  });

  it.each<[string, readonly Uint8Array[], readonly CID[], Signature]>([
    ['a message less', publicKeys.slice(1), cids.slice(1), whole],
    ['a message more', [...publicKeys, publicKeys[0] as Uint8Array], [...cids, cidOf(Uint8Array.of(4))], whole],
    ['another message', publicKeys, [...cids.slice(0, 2), cidOf(Uint8Array.of(4))], whole],
    ['senders in another order', publicKeys.toReversed(), cids, whole],
    [
      'a message twice',
      [publicKeys[0], publicKeys[0]] as Uint8Array[],
      [cids[0], cids[0]] as CID[],
      aggregateSignature(bls, [signatures[0], signatures[0]] as Uint8Array[]),
    ],
    ['keys without messages', publicKeys, [], whole],
    ['messages without keys', [], cids, whole],
    ['the point at infinity', publicKeys, cids, aggregateSignature(bls, [])],
    ['a signature cut short', publicKeys, cids, { type: 2, data: whole.data.subarray(1) }],
    ['no signature', publicKeys, cids, { type: 2, data: Uint8Array.of() }],
    ['a key that is none', [new Uint8Array(48), ...publicKeys.slice(1)], cids, whole],
  ])('fails for %s', (_, senders, messages, aggregate) => {
    expect(verifyAggregate(bls, senders, messages, aggregate)).toBe(false);
  });

  it('is not looked at where there are no messages', () => {
    expect(verifyAggregate(bls, [], [], whole)).toBe(true);
    expect(verifyAggregate(bls, [], [], { type: 2, data: new Uint8Array(96).fill(7) })).toBe(true);
    // A node cuts 96 bytes out of it all the same: of fewer it makes no signature, of more it takes the first.
    expect(verifyAggregate(bls, [], [], { type: 2, data: Uint8Array.of(1, 2, 3) })).toBe(false);
  });
});
