/**
 * What makes one Filecoin network differ from another, and the network version of an epoch (docs/protocol.md 4.1; lotus
 * chain/stmgr/stmgr.go:511).
 */

import type { Epoch, EpochClock } from '../../chain/epoch.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { DrandNetwork } from './drand.ts';

/** In the order of history; the number is the network version the upgrade brings, `null` where it brings none. */
export const UPGRADES = {
  breeze: 1,
  smoke: 2,
  ignition: 3,
  refuel: 3,
  assembly: 4,
  tape: 5,
  liftoff: 5,
  kumquat: 6,
  calico: 7,
  persian: 8,
  orange: 9,
  claus: null,
  trust: 10,
  norwegian: 11,
  turbo: 12,
  hyperdrive: 13,
  chocolate: 14,
  ohSnap: 15,
  skyr: 16,
  shark: 17,
  hygge: 18,
  lightning: 19,
  thunder: 20,
  watermelon: 21,
  dragon: 22,
  phoenix: null,
  waffle: 23,
  tuktuk: 24,
  teep: 25,
  tock: 26,
  goldenWeek: 27,
  fireHorse: 28,
  solstice: 29,
} as const;

export type UpgradeName = keyof typeof UPGRADES;

/**
 * Last epoch of the old rules, for each upgrade; negative where it is switched off: the network was born with it, or
 * never has it (docs/protocol.md 4.1).
 */
export type UpgradeHeights = { readonly [name in UpgradeName]: Epoch };

/** The height of an upgrade that no epoch reaches. */
export const NEVER: Epoch = Number.MAX_SAFE_INTEGER;

/**
 * An upgrade that a node or a network file names and {@link UPGRADES} does not: of rules that came after this version.
 */
export interface UnknownUpgrade {
  /**
   * As Filecoin writes it: `Solstice`; of a field that is not spelled like `UpgradeSolsticeHeight`, the whole field.
   */
  readonly name: string;
  /** Last epoch of the rules that are known; not negative. */
  readonly height: Epoch;
}

/** From this epoch on (itself included) the beacon is this network's. */
export interface BeaconPeriod {
  readonly start: Epoch;
  readonly network: DrandNetwork;
}

export interface NetworkParams extends EpochClock {
  readonly name: string;
  /** Seconds after an epoch's start at which its blocks are taken to have arrived. */
  readonly propagationDelaySecs: number;
  /** Seconds more that a miner waits to see equivocating blocks. */
  readonly equivocationDelaySecs: number;
  /** Network version until the first upgrade whose height is not negative. */
  readonly genesisVersion: number;
  readonly upgrades: UpgradeHeights;
  /** In the order of their heights; left out where there are none. See network/horizon.ts. */
  readonly unknownUpgrades?: readonly UnknownUpgrade[];
  /** Fields of the schedule of upgrades that are not known and give no height; left out where there are none. */
  readonly unknownFields?: readonly string[];
  /** Epochs after Breeze with the base fee held at its minimum. */
  readonly breezeGasTampingDuration: number;
  /** Power in bytes below which a miner does not mine, once enough miners are above it. */
  readonly consensusMinerMinPower: bigint;
  readonly eip155ChainId: bigint;
  /** In order of their starts, the first at 0 or before. */
  readonly beacons: readonly BeaconPeriod[];
  /** Whether `valid proof` passes for a winning PoSt: devnets of Lotus alone. */
  readonly insecurePoSt: boolean;
  /** CID of its genesis block; left out where nobody has named it, as of a devnet. */
  readonly genesisCid?: string;
  /** CIDs of blocks whose messages are not checked. */
  readonly whitelistedBlocks: readonly string[];
}

const VERSIONED = Object.entries(UPGRADES).filter((entry): entry is [UpgradeName, NonNullable<(typeof UPGRADES)[UpgradeName]>] => entry[1] !== null);

/** The last upgrade that is known, and the version it brings. */
export const [NEWEST_UPGRADE, NEWEST_VERSION] = VERSIONED.at(-1) as (typeof VERSIONED)[number];

/** `Solstice`, `OhSnap`: as Filecoin writes it. */
export function upgradeTitle(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}

/**
 * Version of the last upgrade whose height lies before the epoch, those that are switched off left out; genesis' own
 * before the first. Rules that name an upgrade's height do not go by this: they compare the height itself, and take a
 * negative one as passed.
 */
export function networkVersion(params: NetworkParams, epoch: Epoch): number {
  let version = params.genesisVersion;
  for (const [name, brings] of VERSIONED) {
    const height = params.upgrades[name];
    if (height >= 0 && height < epoch) version = brings;
  }
  return version;
}

/** The drand network an epoch draws from; throws `NETWORK_NO_BEACON` before the first. */
export function beaconNetwork(params: NetworkParams, epoch: Epoch): DrandNetwork {
  const period = params.beacons.findLast(({ start }) => start <= epoch);
  if (period === undefined) throw new MineOneError('NETWORK_NO_BEACON', `network ${params.name} names no drand network for epoch ${epoch}`);
  return period.network;
}
