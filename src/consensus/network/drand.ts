/**
 * The drand networks Filecoin has drawn its randomness from, and how one of their rounds is verified (docs/protocol.md
 * 2.15 and 4.1).
 */

import type { BeaconEntry } from '../../chain/beacon-entry.ts';
import { concatBytes, fromHex, int64BE } from '../../chain/encoding/bytes.ts';
import { sha256 } from '../../chain/encoding/hash.ts';
import type { Bls } from '../signatures/bls.ts';

/**
 * Chained: keys in G1, a round signs its predecessor's signature. Unchained (quicknet): keys in G2, a round stands
 * alone.
 */
export type DrandScheme = 'pedersen-bls-chained' | 'bls-unchained-g1-rfc9380';

export interface DrandNetwork {
  readonly name: string;
  readonly scheme: DrandScheme;
  /** 48 bytes chained, 96 unchained. */
  readonly publicKey: Uint8Array;
  readonly periodSecs: number;
  /** Seconds since 1970 of round 1. */
  readonly genesisTime: bigint;
}

export const INCENTINET: DrandNetwork = {
  name: 'incentinet',
  scheme: 'pedersen-bls-chained',
  publicKey: fromHex('8cad0c72c606ab27d36ee06de1d5b2db1faf92e447025ca37575ab3a8aac2eaae83192f846fc9e158bc738423753d000'),
  periodSecs: 30,
  genesisTime: 1595873820n,
};

export const DRAND_MAINNET: DrandNetwork = {
  name: 'drand-mainnet',
  scheme: 'pedersen-bls-chained',
  publicKey: fromHex('868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31'),
  periodSecs: 30,
  genesisTime: 1595431050n,
};

export const QUICKNET: DrandNetwork = {
  name: 'quicknet',
  scheme: 'bls-unchained-g1-rfc9380',
  publicKey: fromHex(
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  ),
  periodSecs: 3,
  genesisTime: 1692803367n,
};

export function isChained(network: DrandNetwork): boolean {
  return network.scheme === 'pedersen-bls-chained';
}

/**
 * The 32 bytes a round's signature is over. `previous` is the signature of the round before; an unchained network does
 * not look at it.
 */
export function drandMessage(network: DrandNetwork, round: bigint, previous: Uint8Array): Uint8Array {
  return sha256(isChained(network) ? concatBytes(previous, int64BE(BigInt.asIntN(64, round))) : int64BE(BigInt.asIntN(64, round)));
}

/** Whether the entry is the network's signature of its round. */
export function verifyBeaconEntry(bls: Bls, network: DrandNetwork, entry: BeaconEntry, previous: Uint8Array): boolean {
  const signed = { publicKey: network.publicKey, message: drandMessage(network, entry.round, previous), signature: entry.data };
  return isChained(network) ? bls.verify(signed) : bls.verifyG1(signed);
}
