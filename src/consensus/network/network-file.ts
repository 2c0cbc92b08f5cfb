/**
 * A network described in a file: what a node's `StateGetNetworkParams` answers, and what it leaves out
 * (docs/protocol.md 4.1).
 *
 * ```json
 * { "networkParams": { …as the node gives it… }, "genesisNetworkVersion": 28,
 *   "propagationDelaySecs": 1, "equivocationDelaySecs": 0,
 *   "beacons": [{ "start": 0, "chainInfo": { …as drand gives it… } }],
 *   "insecurePoSt": true, "whitelistedBlocks": [], "genesisCid": "bafy…" }
 * ```
 */

import { fromHex, toHex } from '../../chain/encoding/bytes.ts';
import { parseCid } from '../../chain/encoding/cid.ts';
import { integerOf, objectOf, placed, textOf } from '../../chain/encoding/codec.ts';
import { DecodeError } from '../../errors/mineone-error.ts';
import type { DrandNetwork, DrandScheme } from './drand.ts';
import type { BeaconPeriod, NetworkParams } from './network.ts';
import { upgradesFromJson, upgradesToJson } from './upgrade-heights.ts';

type Json = { readonly [key: string]: unknown };

/** Network of the file's JSON, parsed exactly (chain/encoding/json.ts); throws `DecodeError` naming the field. */
export function networkFromJson(json: unknown): NetworkParams {
  return placed('network file', () => {
    const file = knownKeys(objectOf(json), [
      '$comment',
      'networkParams',
      'genesisNetworkVersion',
      'propagationDelaySecs',
      'equivocationDelaySecs',
      'beacons',
      'insecurePoSt',
      'whitelistedBlocks',
      'genesisCid',
    ]);
    const node = field(file, 'networkParams', objectOf);
    const own = ownFields(file);
    return { ...placed('networkParams', () => nodeFields(node, own.genesisVersion)), ...own };
  });
}

/**
 * The file of a network, as {@link networkFromJson} reads it: bigints as numbers or as decimal strings, as a node
 * writes them.
 */
export function networkToJson(params: NetworkParams): Json {
  return {
    networkParams: {
      NetworkName: params.name,
      BlockDelaySecs: params.blockDelaySecs,
      ConsensusMinerMinPower: String(params.consensusMinerMinPower),
      ForkUpgradeParams: { ...upgradesToJson(params), BreezeGasTampingDuration: params.breezeGasTampingDuration },
      Eip155ChainID: jsonInteger(params.eip155ChainId),
      GenesisTimestamp: jsonInteger(params.genesisTimestamp),
    },
    genesisNetworkVersion: params.genesisVersion,
    propagationDelaySecs: params.propagationDelaySecs,
    equivocationDelaySecs: params.equivocationDelaySecs,
    beacons: params.beacons.map(({ start, network }) => ({ start, chainInfo: drandNetworkToJson(network) })),
    insecurePoSt: params.insecurePoSt,
    whitelistedBlocks: params.whitelistedBlocks,
    ...(params.genesisCid === undefined ? {} : { genesisCid: params.genesisCid }),
  };
}

function drandNetworkToJson({ name, scheme, publicKey, periodSecs, genesisTime }: DrandNetwork): Json {
  return { public_key: toHex(publicKey), period: periodSecs, genesis_time: jsonInteger(genesisTime), schemeID: scheme, metadata: { beaconID: name } };
}

/** As a number where a double holds it, else as decimal text. */
function jsonInteger(value: bigint): number | string {
  return BigInt.asIntN(53, value) === value ? Number(value) : String(value);
}

/**
 * What a node answers; what it says besides is its own, but for what looks like an upgrade: that is none less for
 * standing beside the others.
 */
function nodeFields(node: Json, genesisVersion: number) {
  const heights = withMisplaced(field(node, 'ForkUpgradeParams', objectOf), node);
  return {
    name: field(node, 'NetworkName', textOf),
    genesisTimestamp: field(node, 'GenesisTimestamp', integerOf),
    blockDelaySecs: field(node, 'BlockDelaySecs', positive),
    consensusMinerMinPower: field(node, 'ConsensusMinerMinPower', integerOf),
    eip155ChainId: field(node, 'Eip155ChainID', integerOf),
    ...placed('ForkUpgradeParams', () => upgradesFromJson(heights, genesisVersion)),
    breezeGasTampingDuration: placed('ForkUpgradeParams', () => field(heights, 'BreezeGasTampingDuration', natural)),
  };
}

/** A field of the answer itself that speaks of an upgrade or a height: the schedule and nothing else should hold it. */
const MISPLACED = /upgrade|height$/i;

/**
 * Heights with those that stand beside `ForkUpgradeParams`: judged as if they stood inside. Throws `DecodeError` for
 * one that stands in both places with different values.
 */
function withMisplaced(heights: Json, node: Json): Json {
  const misplaced = Object.entries(node).filter(([key]) => key !== 'ForkUpgradeParams' && MISPLACED.test(key));
  for (const [key, value] of misplaced) {
    const inside = heights[key] ?? value;
    if (String(inside) !== String(value))
      throw new DecodeError('NETWORK_FILE', `expected one value, got ${String(value)} here and ${String(inside)} in ForkUpgradeParams`, key);
  }
  return { ...Object.fromEntries(misplaced), ...heights };
}

/** What no node tells. */
function ownFields(file: Json) {
  const beacons = field(file, 'beacons', arrayOf).map((period, i) => placed(`beacons[${i}]`, () => beaconPeriod(objectOf(period))));
  if (!beacons.some(({ start }) => start <= 0)) throw new DecodeError('NETWORK_FILE', 'expected a drand network from epoch 0 on', 'beacons');
  return {
    genesisVersion: field(file, 'genesisNetworkVersion', natural),
    propagationDelaySecs: field(file, 'propagationDelaySecs', delay),
    equivocationDelaySecs: field(file, 'equivocationDelaySecs', delay),
    beacons: beacons.toSorted((a, b) => a.start - b.start),
    insecurePoSt: field(file, 'insecurePoSt', booleanOf),
    whitelistedBlocks: placed('whitelistedBlocks', () => arrayOf(file['whitelistedBlocks'] ?? []).map((cid) => parseCid(textOf(cid)).toString())),
    ...(file['genesisCid'] === undefined ? {} : { genesisCid: field(file, 'genesisCid', (cid) => parseCid(textOf(cid)).toString()) }),
  };
}

function beaconPeriod(period: Json): BeaconPeriod {
  return { start: field(period, 'start', numberOf), network: field(period, 'chainInfo', (info) => drandNetworkFromJson(objectOf(info))) };
}

/** A drand network of what its `/info` answers. */
export function drandNetworkFromJson(info: Json): DrandNetwork {
  const scheme = field(info, 'schemeID', schemeOf);
  const publicKey = field(info, 'public_key', (text) => fromHex(textOf(text)));
  const expected = scheme === 'pedersen-bls-chained' ? 48 : 96;
  if (publicKey.length !== expected)
    throw new DecodeError('NETWORK_FILE', `a key of scheme ${scheme} has ${expected} bytes, got ${publicKey.length}`, 'public_key');
  const metadata = info['metadata'] === undefined ? {} : field(info, 'metadata', objectOf);
  return {
    name: placed('metadata.beaconID', () => textOf(metadata['beaconID'] ?? 'drand')),
    scheme,
    publicKey,
    periodSecs: field(info, 'period', positive),
    genesisTime: field(info, 'genesis_time', integerOf),
  };
}

function schemeOf(json: unknown): DrandScheme {
  if (json !== 'pedersen-bls-chained' && json !== 'bls-unchained-g1-rfc9380') {
    throw new DecodeError('NETWORK_FILE', `drand schemes known are pedersen-bls-chained and bls-unchained-g1-rfc9380, got ${String(json)}`);
  }
  return json;
}

function field<T>(object: Json, key: string, read: (json: unknown) => T): T {
  return placed(key, () => read(object[key]));
}

function knownKeys(object: Json, known: readonly string[]): Json {
  const stranger = Object.keys(object).find((key) => !known.includes(key));
  if (stranger !== undefined) throw new DecodeError('NETWORK_FILE', `unknown field "${stranger}"; known are ${known.slice(1).join(', ')}`);
  return object;
}

function numberOf(json: unknown): number {
  const value = Number(integerOf(json));
  if (!Number.isSafeInteger(value)) throw new DecodeError('NETWORK_FILE', `expected an integer below 2^53, got ${value}`);
  return value;
}

/** Parts of a second are for devnets, whose epochs are short; in eighths every moment is a whole millisecond. */
function delay(json: unknown): number {
  if (typeof json !== 'number' || Number.isInteger(json)) return natural(json);
  if (json < 0 || !Number.isInteger(json * 8)) throw new DecodeError('NETWORK_FILE', `expected seconds, or eighths of one such as 0.625, got ${json}`);
  return json;
}

function natural(json: unknown): number {
  return atLeast(0, json);
}

function positive(json: unknown): number {
  return atLeast(1, json);
}

function atLeast(least: number, json: unknown): number {
  const value = numberOf(json);
  if (value < least) throw new DecodeError('NETWORK_FILE', `expected at least ${least}, got ${value}`);
  return value;
}

function booleanOf(json: unknown): boolean {
  if (typeof json !== 'boolean') throw new DecodeError('NETWORK_FILE', `expected true or false, got ${json === undefined ? 'nothing' : String(json)}`);
  return json;
}

function arrayOf(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new DecodeError('NETWORK_FILE', `expected an array, got ${json === undefined ? 'nothing' : typeof json}`);
  return json;
}
