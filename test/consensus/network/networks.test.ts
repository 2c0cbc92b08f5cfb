/**
 * The networks by name: every upgrade at its height and the epoch after, as docs/protocol.md 4.1 tabulates them, and
 * what recordings say of them.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/chain/encoding/bytes.ts';
import { beaconNetwork, networkVersion, UPGRADES, type UpgradeName } from '../../../src/consensus/network/network.ts';
import { BUTTERFLYNET, CALIBNET, devnet2k, MAINNET } from '../../../src/consensus/network/networks.ts';
import { sharedData, suiteName } from '../../shared-data.ts';

/** The table: height, the version up to and at it, the version from the next epoch on. */
const MAINNET_STEPS: readonly (readonly [name: UpgradeName, height: number, before: number, after: number])[] = [
  ['breeze', 41_280, 0, 1],
  ['smoke', 51_000, 1, 2],
  ['ignition', 94_000, 2, 3],
  ['refuel', 130_800, 3, 3],
  ['assembly', 138_720, 3, 4],
  ['tape', 140_760, 4, 5],
  ['liftoff', 148_888, 5, 5],
  ['kumquat', 170_000, 5, 6],
  ['calico', 265_200, 6, 7],
  ['persian', 272_400, 7, 8],
  ['orange', 336_458, 8, 9],
  ['claus', 343_200, 9, 9],
  ['trust', 550_321, 9, 10],
  ['norwegian', 665_280, 10, 11],
  ['turbo', 712_320, 11, 12],
  ['hyperdrive', 892_800, 12, 13],
  ['chocolate', 1_231_620, 13, 14],
  ['ohSnap', 1_594_680, 14, 15],
  ['skyr', 1_960_320, 15, 16],
  ['shark', 2_383_680, 16, 17],
  ['hygge', 2_683_348, 17, 18],
  ['lightning', 2_809_800, 18, 19],
  ['thunder', 2_870_280, 19, 20],
  ['watermelon', 3_469_380, 20, 21],
  ['dragon', 3_855_360, 21, 22],
  ['phoenix', 3_855_480, 22, 22],
  ['waffle', 4_154_640, 22, 23],
  ['tuktuk', 4_461_240, 23, 24],
  ['teep', 4_878_840, 24, 25],
  ['tock', 5_138_040, 25, 26],
  ['goldenWeek', 5_348_280, 26, 27],
  ['fireHorse', 6_052_800, 27, 28],
  ['solstice', 6_470_279, 28, 29],
];

/** Breeze to Refuel and Liftoff are switched off: their versions never are. */
const CALIBNET_STEPS: typeof MAINNET_STEPS = [
  ['assembly', 30, 0, 4],
  ['tape', 60, 4, 5],
  ['kumquat', 90, 5, 6],
  ['calico', 120, 6, 7],
  ['persian', 240, 7, 8],
  ['claus', 270, 8, 8],
  ['orange', 300, 8, 9],
  ['trust', 330, 9, 10],
  ['norwegian', 360, 10, 11],
  ['turbo', 390, 11, 12],
  ['hyperdrive', 420, 12, 13],
  ['chocolate', 450, 13, 14],
  ['ohSnap', 480, 14, 15],
  ['skyr', 510, 15, 16],
  ['shark', 16_800, 16, 17],
  ['hygge', 322_354, 17, 18],
  ['lightning', 489_094, 18, 19],
  ['thunder', 492_214, 19, 20],
  ['watermelon', 1_013_134, 20, 21],
  ['dragon', 1_427_974, 21, 22],
  ['phoenix', 1_428_094, 22, 22],
  ['waffle', 1_779_094, 22, 23],
  ['tuktuk', 2_078_794, 23, 24],
  ['teep', 2_523_454, 24, 25],
  ['tock', 2_543_614, 25, 26],
  ['goldenWeek', 3_007_294, 26, 27],
  ['fireHorse', 3_694_534, 27, 28],
  ['solstice', 4_109_133, 28, 29],
];

describe.each([
  ['mainnet', MAINNET, MAINNET_STEPS],
  ['calibnet', CALIBNET, CALIBNET_STEPS],
] as const)('upgrades of %s', (_, params, steps) => {
  it.each(steps)('%s at %i: version %i up to it, %i after', (name, height, before, after) => {
    expect(params.upgrades[name]).toBe(height);
    expect([networkVersion(params, height), networkVersion(params, height + 1)]).toEqual([before, after]);
  });

  it('are all there', () => {
    const named = steps.map(([name]) => name);
    expect(Object.keys(UPGRADES).filter((name) => !named.includes(name as UpgradeName))).toEqual(
      params === MAINNET ? [] : ['breeze', 'smoke', 'ignition', 'refuel', 'liftoff'],
    );
    expect(params.upgrades).toEqual(expect.objectContaining(Object.fromEntries(steps.map(([name, height]) => [name, height]))));
  });
});

describe('networks', () => {
  it('calibnet has Breeze to Refuel and Liftoff switched off: version 0 for its first 30 epochs', () => {
    expect(CALIBNET.upgrades).toMatchObject({ breeze: -1, smoke: -2, ignition: -3, refuel: -4, liftoff: -5 });
    expect([0, 1, 10, 30, 31].map((epoch) => networkVersion(CALIBNET, epoch))).toEqual([0, 0, 0, 0, 4]);
  });

  it.each([
    [BUTTERFLYNET, 5220],
    [devnet2k(0n), 200],
  ])('$name has version 28 from genesis on, and Solstice at %i', (params, solstice) => {
    expect([0, 1, solstice, solstice + 1].map((epoch) => networkVersion(params, epoch))).toEqual([28, 28, 28, 29]);
    expect(Object.entries(params.upgrades).filter(([, height]) => height >= 0)).toEqual([['solstice', solstice]]);
    expect(new Set(Object.values(params.upgrades)).size).toBe(Object.keys(UPGRADES).length);
  });

  it.each([
    [MAINNET, 30, 10, 2, 10n << 40n, 314n, 1_598_306_400n],
    [CALIBNET, 30, 10, 2, 32n << 30n, 314_159n, 1_667_326_380n],
    [BUTTERFLYNET, 30, 6, 2, 2n << 30n, 3_141_592n, 1_777_963_020n],
    [devnet2k(1_795_354_732n), 4, 1, 0, 2048n, 31_415_926n, 1_795_354_732n],
  ])('$name: delays, minimum power, chain id, genesis', (params, block, propagation, equivocation, minimum, chainId, genesis) => {
    expect(params).toMatchObject({
      blockDelaySecs: block,
      propagationDelaySecs: propagation,
      equivocationDelaySecs: equivocation,
      consensusMinerMinPower: minimum,
      eip155ChainId: chainId,
      genesisTimestamp: genesis,
      insecurePoSt: params.name === '2k',
    });
  });

  it('draw from these drand networks', () => {
    const drawn = (params: typeof MAINNET, ...epochs: readonly number[]) => epochs.map((epoch) => beaconNetwork(params, epoch).name);
    expect(drawn(MAINNET, 0, 50_999, 51_000, 3_855_479, 3_855_480)).toEqual(['incentinet', 'incentinet', 'drand-mainnet', 'drand-mainnet', 'quicknet']);
    expect(drawn(CALIBNET, 0, 1_428_093, 1_428_094)).toEqual(['drand-mainnet', 'drand-mainnet', 'quicknet']);
    expect(drawn(BUTTERFLYNET, 0)).toEqual(['quicknet']);
    expect(drawn(devnet2k(0n), 0)).toEqual(['quicknet']);
  });

  it('mainnet alone has a block whose messages are not checked', () => {
    expect(MAINNET.whitelistedBlocks).toEqual(['bafy2bzaceapyg2uyzk7vueh3xccxkuwbz3nxewjyguoxvhx77malc2lzn2ybi']);
    expect([CALIBNET, BUTTERFLYNET, devnet2k(0n)].flatMap(({ whitelistedBlocks }) => whitelistedBlocks)).toEqual([]);
  });
});

const drand = sharedData('mainnet/drand.json');

describe.skipIf(drand.absent)(suiteName('recorded facts of the networks', drand.absent), () => {
  const recorded: DrandJson = drand.absent ? undefined : JSON.parse(readFileSync(drand.path, 'utf8'));

  it.each([
    ['mainnet', MAINNET],
    ['calibnet', CALIBNET],
  ] as const)('%s: genesis, last epoch of version 15, drand schedule', (name, params) => {
    expect(params.genesisTimestamp).toBe(BigInt(recorded.genesisTimestamp[name]));
    expect(params.upgrades.skyr).toBe(recorded.lastEpochOfNetworkVersion15[name]);
    expect(
      params.beacons.map(({ start, network: { publicKey, periodSecs, genesisTime, scheme } }) => [start, toHex(publicKey), periodSecs, genesisTime, scheme]),
    ).toEqual(
      recorded.schedule[name].map(({ startEpoch, chain }) => {
        const info = recorded.chains[chain] ?? expect.fail(chain);
        return [startEpoch, info.public_key, info.period, BigInt(info.genesis_time), info.schemeID];
      }),
    );
  });
});

interface DrandJson {
  readonly chains: Readonly<Record<string, { readonly public_key: string; readonly period: number; readonly genesis_time: number; readonly schemeID: string }>>;
  readonly schedule: Readonly<Record<'mainnet' | 'calibnet', readonly { readonly startEpoch: number; readonly chain: string }[]>>;
  readonly genesisTimestamp: Readonly<Record<'mainnet' | 'calibnet', number>>;
  readonly lastEpochOfNetworkVersion15: Readonly<Record<'mainnet' | 'calibnet', number>>;
}
