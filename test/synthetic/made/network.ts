/** Networks of a test's own: any upgrade at any height. */

import { type BeaconPeriod, type NetworkParams, UPGRADES, type UpgradeHeights, type UpgradeName } from '../../../src/consensus/network/network.ts';

const TIB = 1n << 40n;

/** Consensus minimum of made networks. */
export const MADE_MINIMUM = 4n * TIB;

/**
 * Born with the version of the last upgrade at -1; 30 s an epoch; mock proofs pass. An upgrade whose height is not
 * given comes at the height of the one before it, the first ones at -1; Solstice is far off.
 */
export function madeNetwork(name: string, heights: { readonly [name in UpgradeName]?: number }, beacons: readonly BeaconPeriod[]): NetworkParams {
  let last = -1;
  const upgrades = Object.fromEntries(
    (Object.keys(UPGRADES) as UpgradeName[]).map((upgrade) => {
      last = upgrade === 'solstice' ? 1e9 : (heights[upgrade] ?? last);
      return [upgrade, last];
    }),
  ) as UpgradeHeights;
  return {
    name,
    genesisTimestamp: 1_700_000_000n,
    blockDelaySecs: 30,
    propagationDelaySecs: 10,
    equivocationDelaySecs: 2,
    genesisVersion: Math.max(0, ...(Object.keys(UPGRADES) as UpgradeName[]).map((upgrade) => (upgrades[upgrade] < 0 ? (UPGRADES[upgrade] ?? 0) : 0))),
    upgrades,
    breezeGasTampingDuration: 5,
    consensusMinerMinPower: MADE_MINIMUM,
    eip155ChainId: 31415926n,
    beacons,
    insecurePoSt: true,
    whitelistedBlocks: [],
  };
}
