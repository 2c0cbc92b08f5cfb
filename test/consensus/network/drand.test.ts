/**
 * The drand networks: their parameters proven by the published chain hashes, and what a round signs. Recorded rounds:
 * drand.slow.test.ts.
 */

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { DRAND_MAINNET, type DrandNetwork, drandMessage, INCENTINET, isChained, QUICKNET } from '../../../src/consensus/network/drand.ts';

const NETWORKS: Readonly<Record<string, DrandNetwork>> = { incentinet: INCENTINET, mainnet: DRAND_MAINNET, quicknet: QUICKNET };

describe('drand networks', () => {
  // A drand chain is named by a hash of its period, genesis, key and first group; one that is not called «default» and
  // its scheme are named in it too.
  it.each([
    ['incentinet', '80c8b872c714f4c00fdd3daa465d5514049f457f01f85a4caf68cdcd394ba039', 'd9406aaed487f7af71851b4399448e311f2328923d454e971536c05398ce2d9b', ''],
    ['mainnet', '8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce', '176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a', ''],
    [
      'quicknet',
      '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
      'f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e',
      'quicknet',
    ],
  ])('%s has the published chain hash', (name, hash, groupHash, beaconId) => {
    const { periodSecs, genesisTime, publicKey } = NETWORKS[name] ?? expect.fail();
    const numbers = Buffer.alloc(12);
    numbers.writeUInt32BE(periodSecs, 0);
    numbers.writeBigInt64BE(genesisTime, 4);
    const preimage = [numbers, publicKey, fromHex(groupHash), Buffer.from(beaconId)];
    expect(createHash('sha256').update(Buffer.concat(preimage)).digest('hex')).toBe(hash);
  });

  it('are two chained and one unchained, with keys of their groups', () => {
    expect(Object.values(NETWORKS).map((network) => [isChained(network), network.publicKey.length])).toEqual([
      [true, 48],
      [true, 48],
      [false, 96],
    ]);
  });
});

describe('what a round signs', () => {
  const previous = new Uint8Array(96).fill(3);
  const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex');
  const be64 = (round: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(round);
    return bytes;
  };

  it.each([1n, 81_086n, 30_663_002n, (1n << 64n) - 1n])('round %i: its number, behind the signature before it on a chain', (round) => {
    expect(toHex(drandMessage(INCENTINET, round, previous))).toBe(sha256(previous, be64(round)));
    expect(toHex(drandMessage(QUICKNET, round, previous))).toBe(sha256(be64(round)));
    expect(toHex(drandMessage(QUICKNET, round, new Uint8Array(0)))).toBe(sha256(be64(round)));
  });
});
