/**
 * The public networks and Lotus' 2k devnet: heights, delays, beacons (docs/protocol.md 4.1; lotus
 * build/buildconstants/params_*.go).
 */

import { DRAND_MAINNET, INCENTINET, QUICKNET } from './drand.ts';
import { type NetworkParams, UPGRADES, type UpgradeHeights, type UpgradeName } from './network.ts';

const GIB = 1n << 30n;

/** What the networks have in common unless they say otherwise. */
const COMMON = {
  blockDelaySecs: 30,
  propagationDelaySecs: 10,
  equivocationDelaySecs: 2,
  breezeGasTampingDuration: 120,
  insecurePoSt: false,
  whitelistedBlocks: [],
} as const;

export const MAINNET: NetworkParams = {
  ...COMMON,
  name: 'mainnet',
  genesisTimestamp: 1598306400n,
  genesisCid: 'bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2',
  genesisVersion: 0,
  consensusMinerMinPower: 10240n * GIB,
  eip155ChainId: 314n,
  beacons: [
    { start: 0, network: INCENTINET },
    { start: 51000, network: DRAND_MAINNET },
    { start: 3855480, network: QUICKNET },
  ],
  whitelistedBlocks: ['bafy2bzaceapyg2uyzk7vueh3xccxkuwbz3nxewjyguoxvhx77malc2lzn2ybi'],
  upgrades: {
    breeze: 41280,
    smoke: 51000,
    ignition: 94000,
    refuel: 130800,
    assembly: 138720,
    tape: 140760,
    liftoff: 148888,
    kumquat: 170000,
    calico: 265200,
    persian: 272400,
    orange: 336458,
    claus: 343200,
    trust: 550321,
    norwegian: 665280,
    turbo: 712320,
    hyperdrive: 892800,
    chocolate: 1231620,
    ohSnap: 1594680,
    skyr: 1960320,
    shark: 2383680,
    hygge: 2683348,
    lightning: 2809800,
    thunder: 2870280,
    watermelon: 3469380,
    dragon: 3855360,
    phoenix: 3855480,
    waffle: 4154640,
    tuktuk: 4461240,
    teep: 4878840,
    tock: 5138040,
    goldenWeek: 5348280,
    fireHorse: 6052800,
    solstice: 6470279,
  },
};

export const CALIBNET: NetworkParams = {
  ...COMMON,
  name: 'calibrationnet',
  genesisTimestamp: 1667326380n,
  genesisCid: 'bafy2bzacecyaggy24wol5ruvs6qm73gjibs2l2iyhcqmvi7r7a4ph7zx3yqd4',
  genesisVersion: 0,
  consensusMinerMinPower: 32n * GIB,
  eip155ChainId: 314159n,
  beacons: [
    { start: 0, network: DRAND_MAINNET },
    { start: 1428094, network: QUICKNET },
  ],
  upgrades: {
    breeze: -1,
    smoke: -2,
    ignition: -3,
    refuel: -4,
    assembly: 30,
    tape: 60,
    liftoff: -5,
    kumquat: 90,
    calico: 120,
    persian: 240,
    orange: 300,
    claus: 270,
    trust: 330,
    norwegian: 360,
    turbo: 390,
    hyperdrive: 420,
    chocolate: 450,
    ohSnap: 480,
    skyr: 510,
    shark: 16800,
    hygge: 322354,
    lightning: 489094,
    thunder: 492214,
    watermelon: 1013134,
    dragon: 1427974,
    phoenix: 1428094,
    waffle: 1779094,
    tuktuk: 2078794,
    teep: 2523454,
    tock: 2543614,
    goldenWeek: 3007294,
    fireHorse: 3694534,
    solstice: 4109133,
  },
};

export const BUTTERFLYNET: NetworkParams = {
  ...COMMON,
  name: 'butterflynet',
  genesisTimestamp: 1777963020n,
  propagationDelaySecs: 6,
  genesisVersion: 28,
  consensusMinerMinPower: 2n * GIB,
  eip155ChainId: 3141592n,
  beacons: [{ start: 0, network: QUICKNET }],
  upgrades: bornWithAllBut({ solstice: 5220 }),
};

/** A 2k devnet's genesis is its own: its time comes from the genesis block or a network file. */
export function devnet2k(genesisTimestamp: bigint): NetworkParams {
  return {
    ...COMMON,
    name: '2k',
    genesisTimestamp,
    blockDelaySecs: 4,
    propagationDelaySecs: 1,
    equivocationDelaySecs: 0,
    breezeGasTampingDuration: 0,
    genesisVersion: 28,
    consensusMinerMinPower: 2048n,
    eip155ChainId: 31415926n,
    beacons: [{ start: 0, network: QUICKNET }],
    insecurePoSt: true,
    upgrades: bornWithAllBut({ solstice: 200 }),
  };
}

/** Heights -1, -2, … in the order of history, except those given. */
function bornWithAllBut(later: { readonly [name in UpgradeName]?: number }): UpgradeHeights {
  const names = Object.keys(UPGRADES) as UpgradeName[];
  return Object.fromEntries(names.map((name, i) => [name, later[name] ?? -1 - i])) as UpgradeHeights;
}
