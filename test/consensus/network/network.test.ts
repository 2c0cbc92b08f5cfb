/** Network versions and drand networks by epoch: never backwards, one step at a time, whatever the heights. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DrandNetwork } from '../../../src/consensus/network/drand.ts';
import { beaconNetwork, type NetworkParams, networkVersion, UPGRADES, type UpgradeHeights, type UpgradeName } from '../../../src/consensus/network/network.ts';
import { BUTTERFLYNET, CALIBNET, devnet2k, MAINNET } from '../../../src/consensus/network/networks.ts';

const NETWORKS = [MAINNET, CALIBNET, BUTTERFLYNET, devnet2k(0n)];
const NAMES = Object.keys(UPGRADES) as UpgradeName[];
const epoch = fc.oneof(fc.nat(600), fc.nat(7_000_000), fc.nat(20_000_000_000));

/** Heights in the order of history; the first of them negative, as on networks born late: switched off. */
const heights: fc.Arbitrary<UpgradeHeights> = fc
  .tuple(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: NAMES.length, maxLength: NAMES.length }), fc.nat(NAMES.length))
  .map(([gaps, born]) => {
    const height = (i: number) => gaps.slice(0, i + 1).reduce((sum, gap) => sum + gap, 0);
    return Object.fromEntries(NAMES.map((name, i) => [name, i < born ? -1 - i : height(i)])) as UpgradeHeights;
  });

describe('network version', () => {
  it.each(NETWORKS)('never falls on $name', (params) => {
    fc.assert(
      fc.property(epoch, fc.nat(1_000_000), (earlier, later) => {
        expect(networkVersion(params, earlier + later)).toBeGreaterThanOrEqual(networkVersion(params, earlier));
      }),
      { numRuns: 300 },
    );
  });

  it('is that of the last upgrade whose height lies before the epoch and is not negative, else that of genesis', () => {
    fc.assert(
      fc.property(heights, fc.nat(1800), fc.nat(28), (upgrades, at, genesisVersion) => {
        const params: NetworkParams = { ...MAINNET, genesisVersion, upgrades };
        const past = NAMES.filter((name) => upgrades[name] >= 0 && upgrades[name] < at && UPGRADES[name] !== null);
        const last = past.at(-1);
        expect(networkVersion(params, at)).toBe(last === undefined ? genesisVersion : UPGRADES[last]);
      }),
      { numRuns: 500 },
    );
  });

  it('is genesis’ own while all that are behind are switched off', () => {
    // Interopnet: born with 22, all upgrades negative but the newest.
    const off = Object.fromEntries(NAMES.map((name, i) => [name, -1 - i])) as UpgradeHeights;
    const born22: NetworkParams = { ...devnet2k(0n), genesisVersion: 22, upgrades: { ...off, solstice: 50 } };
    expect([0, 10, 50, 51].map((at) => networkVersion(born22, at))).toEqual([22, 22, 22, 29]);
    // Forest writes the least integer there is.
    expect(networkVersion({ ...born22, upgrades: { ...off, solstice: Number.MIN_SAFE_INTEGER } }, 51)).toBe(22);
  });

  it('is genesis’ own where every upgrade is still to come', () => {
    const never = Object.fromEntries(NAMES.map((name, i) => [name, 1000 + i])) as UpgradeHeights;
    expect(networkVersion({ ...MAINNET, genesisVersion: 7, upgrades: never }, 1000)).toBe(7);
    expect(networkVersion({ ...MAINNET, genesisVersion: 7, upgrades: never }, 1001)).toBe(1);
  });
});

describe('drand network', () => {
  const named = (name: string): DrandNetwork => ({ name, scheme: 'pedersen-bls-chained', publicKey: new Uint8Array(48), periodSecs: 30, genesisTime: 0n });

  it('is the last that has started, its first epoch included', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { maxLength: 4 }), fc.nat(1100), (starts, at) => {
        const beacons = [0, ...starts.toSorted((a, b) => a - b)].map((start) => ({ start, network: named(String(start)) }));
        const started = beacons.filter(({ start }) => start <= at).map(({ network }) => network.name);
        expect(beaconNetwork({ ...MAINNET, beacons }, at).name).toBe(started.at(-1));
      }),
    );
  });

  it('is an error before the first', () => {
    const params: NetworkParams = { ...MAINNET, beacons: [{ start: 5, network: named('five') }] };
    expect(() => beaconNetwork(params, 4)).toThrow(expect.objectContaining({ code: 'NETWORK_NO_BEACON', message: expect.stringContaining('epoch 4') }));
  });
});
