/**
 * The rules of the devnet: network version 28 from its birth on, a beacon of its own, mock proofs (docs/protocol.md
 * 4.1).
 */

import type { DrandNetwork } from '../../consensus/network/drand.ts';
import { NEVER, NEWEST_UPGRADE, type NetworkParams, UPGRADES, type UpgradeHeights } from '../../consensus/network/network.ts';
import type { Bls } from '../../consensus/signatures/bls.ts';

export interface DevnetTimes {
  readonly genesisTimestamp: bigint;
  readonly blockDelaySecs?: number;
  readonly propagationDelaySecs?: number;
  readonly equivocationDelaySecs?: number;
}

const GENESIS_VERSION = 28;
const BLOCK_DELAY_SECS = 30;
const MINIMUM_POWER = 2n ** 35n;
/** As Lotus' 2k devnets have it. */
const EIP155_CHAIN_ID = 31415926n;
/** Rounds that the beacon is older than the chain. */
const BEACON_AGE = 1000n;

/** What is not given of them is a share of the rest. */
export function devnetTimes({
  blockDelaySecs = BLOCK_DELAY_SECS,
  propagationDelaySecs = Math.floor(blockDelaySecs / 3),
  equivocationDelaySecs = Math.floor(blockDelaySecs / 15),
}: Omit<DevnetTimes, 'genesisTimestamp'>): Required<Omit<DevnetTimes, 'genesisTimestamp'>> {
  return { blockDelaySecs, propagationDelaySecs, equivocationDelaySecs };
}

export function devnetParams(bls: Bls, drandKey: Uint8Array, times: DevnetTimes): NetworkParams {
  const { genesisTimestamp } = times;
  const { blockDelaySecs, propagationDelaySecs, equivocationDelaySecs } = devnetTimes(times);
  const network: DrandNetwork = {
    name: 'devnet-drand',
    scheme: 'bls-unchained-g1-rfc9380',
    publicKey: bls.publicKeyG2(drandKey),
    periodSecs: blockDelaySecs,
    genesisTime: genesisTimestamp - BEACON_AGE * BigInt(blockDelaySecs),
  };
  return {
    name: 'devnet',
    genesisTimestamp,
    blockDelaySecs,
    propagationDelaySecs,
    equivocationDelaySecs,
    genesisVersion: GENESIS_VERSION,
    upgrades: upgradesBefore(),
    breezeGasTampingDuration: 0,
    consensusMinerMinPower: MINIMUM_POWER,
    eip155ChainId: EIP155_CHAIN_ID,
    beacons: [{ start: 0, network }],
    insecurePoSt: true,
    whitelistedBlocks: [],
  };
}

/** All of them switched off, in their order; the newest never comes. */
function upgradesBefore(): UpgradeHeights {
  const names = Object.keys(UPGRADES);
  return Object.fromEntries(names.map((name, i) => [name, name === NEWEST_UPGRADE ? NEVER : i - names.length])) as UpgradeHeights;
}
