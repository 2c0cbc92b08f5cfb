/**
 * Tipsets of four networks as their nodes gave them (../shared/data/mainnet/tipsets*), with what an independent
 * implementation found in them, the keys of their workers and their powers.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type BlockHeader, blockHeader } from '../../src/chain/block-header.ts';
import { fromHex } from '../../src/chain/encoding/bytes.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import { tipsetOf } from '../../src/chain/tipset.ts';
import { DRAND_MAINNET } from '../../src/consensus/network/drand.ts';
import { type NetworkParams, UPGRADES, type UpgradeHeights } from '../../src/consensus/network/network.ts';
import { CALIBNET, MAINNET } from '../../src/consensus/network/networks.ts';

/** What the other implementation says of a block; a field that is absent could not be judged by it. */
export interface ExpectedBlock {
  readonly cid: string;
  readonly miner: string;
  readonly winCount: number;
  readonly vrfHash: string;
  /** The lambdas that give this win count, as doubles. */
  readonly lambdaLo: number;
  readonly lambdaHi: number;
  readonly ticketHash: string;
  readonly ticketQuality: number;
  readonly worker: string | null;
  readonly blockSigOk?: boolean;
  readonly electionOk?: boolean;
  readonly ticketOk?: boolean;
  readonly winCountComputed?: number;
  readonly power?: readonly [miner: string, total: string];
}

export interface ExpectedTipset {
  readonly net: string;
  readonly height: number;
  readonly cids: readonly string[];
  /** Empty for genesis. */
  readonly blocks: readonly ExpectedBlock[];
  readonly minTicketMiner?: string;
  /** Height of the parent tipset where that is in the data. */
  readonly parent?: number | null;
  readonly beacon?: readonly { readonly round: number; readonly chain: string; readonly verified: boolean | null }[];
  /** log2 of the power by which the weights of parent and child differ. */
  readonly weightLog2P?: number;
}

export interface RecordedTipset {
  readonly network: string;
  readonly params: NetworkParams;
  readonly height: number;
  readonly timestamp: number;
  /** Whether all its blocks are known. */
  readonly complete: boolean;
  readonly cids: readonly string[];
  readonly json: readonly unknown[];
  readonly blocks: readonly BlockHeader[];
  readonly tipset: Tipset;
  readonly expected: ExpectedTipset;
}

export interface DrandRound {
  readonly chain: string;
  readonly round: number;
  readonly signature: string;
  readonly previous_signature: string | null;
}

export interface Recorded {
  readonly tipsets: readonly RecordedTipset[];
  /** Key of the worker that mined a block, where it is known. */
  workerOf(tipset: RecordedTipset, miner: string): { readonly address: string; readonly publicKey: Uint8Array } | null;
  /** Quality-adjusted power of the network and of the miners, where it is known exactly. */
  powerOf(tipset: RecordedTipset): { readonly total: bigint; readonly claims: Readonly<Record<string, string>> } | null;
  readonly rounds: readonly DrandRound[];
}

/**
 * Networks of 2021, gone since: of their heights it is known only that Smoke was behind them and version 16 to come.
 */
function network2021(name: string, genesisTimestamp: bigint): NetworkParams {
  const upgrades = Object.fromEntries(Object.keys(MAINNET.upgrades).map((upgrade, i) => [upgrade, i < 14 ? -1 - i : 1e9 + i])) as UpgradeHeights;
  return { ...MAINNET, name, genesisTimestamp, genesisVersion: UPGRADES.norwegian, upgrades, beacons: [{ start: 0, network: DRAND_MAINNET }] };
}

const FOLDERS: readonly (readonly [folder: string, network: string, params: NetworkParams])[] = [
  ['tipsets', 'mainnet', MAINNET],
  ['tipsets-calibnet', 'calibnet', CALIBNET],
  ['tipsets-calibnet-2021', 'calibnet-2021', network2021('calibnet-2021', 1_624_060_800n)],
  ['tipsets-interopnet-2021', 'interopnet-2021', network2021('interopnet-2021', 1_625_589_840n)],
];

/** Reads it all from the folder `mainnet` of the shared data. */
export function recordedTipsets(path: string): Recorded {
  const json = (name: string) => JSON.parse(readFileSync(`${path}/${name}`, 'utf8'));
  const expected: { readonly tipsets: readonly ExpectedTipset[] } = JSON.parse(gunzipSync(readFileSync(`${path}/expected.json.gz`)).toString());
  const workers: WorkersJson = json('workers.json');
  const powers: PowersJson = json('power.json');
  const tipsets = FOLDERS.flatMap(([folder, network, params]) =>
    readdirSync(`${path}/${folder}`)
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .map((file) => recordedTipset(json(`${folder}/${file}`), network, params, expected.tipsets)),
  );
  return {
    tipsets,
    workerOf({ network, height }, miner) {
      const found = workers[network]?.[miner]?.find(({ heights }) => heights.includes(height));
      return found === undefined ? null : { address: found.worker, publicKey: fromHex(found.publicKey) };
    },
    powerOf({ network, height }) {
      const found = Object.entries(powers.exact).find(([range]) => within(range, network, height));
      return found === undefined ? null : { total: BigInt(found[1].totalQualityAdjPower), claims: found[1].claims };
    },
    rounds: json('drand.json').rounds,
  };
}

/** Whether a range as `mainnet 1..39` has this epoch. */
function within(range: string, network: string, height: number): boolean {
  const [name, epochs] = range.split(' ');
  const [from, to] = (epochs ?? '').split('..').map(Number);
  return name === network && height >= (from ?? 0) && height <= (to ?? 0);
}

function recordedTipset(json: TipsetJson, network: string, params: NetworkParams, expected: readonly ExpectedTipset[]): RecordedTipset {
  const { height, timestamp, complete } = json;
  const blocks = json.blocks.map((block) => blockHeader.fromJson(block));
  const found = expected.find((one) => one.net === network && one.height === height);
  if (found === undefined) throw new Error(`nothing is expected of ${network} ${height}`);
  return {
    network,
    params,
    height,
    timestamp,
    complete,
    cids: json.cids.map((cid) => cid['/']),
    json: json.blocks,
    blocks,
    tipset: tipsetOf(blocks),
    expected: found,
  };
}

interface TipsetJson {
  readonly height: number;
  readonly timestamp: number;
  readonly complete: boolean;
  readonly cids: readonly { readonly '/': string }[];
  readonly blocks: readonly unknown[];
}

type WorkersJson = Readonly<
  Record<string, Readonly<Record<string, readonly { readonly worker: string; readonly publicKey: string; readonly heights: readonly number[] }[]>>>
>;

interface PowersJson {
  readonly exact: Readonly<Record<string, { readonly totalQualityAdjPower: string; readonly claims: Readonly<Record<string, string>> }>>;
}
