/** A drand network of one key: signs its rounds when they are asked for (docs/protocol.md 2.15). */

import type { BeaconEntry } from '../../../src/chain/beacon-entry.ts';
import { concatBytes, fromUtf8, int64BE, toHex } from '../../../src/chain/encoding/bytes.ts';
import { sha256 } from '../../../src/chain/encoding/hash.ts';
import type { DrandNetwork, DrandScheme } from '../../../src/consensus/network/drand.ts';
import type { Bls } from '../../../src/consensus/signatures/bls.ts';

export interface MadeDrand {
  readonly network: DrandNetwork;
  /** The round as the network signs it; a chained one goes on from the signature of the round before. */
  entry(round: bigint, previous: Uint8Array): BeaconEntry;
  /** A round with bytes that nobody signed. */
  filler(round: bigint): BeaconEntry;
}

export interface DrandOptions {
  readonly name: string;
  readonly scheme: DrandScheme;
  readonly periodSecs: number;
  /** Seconds since 1970 of round 1. */
  readonly genesisTime: bigint;
}

/** The key comes of the name. */
export function madeDrand(bls: Bls, { name, ...rest }: DrandOptions): MadeDrand {
  const privateKey = bls.keygen(sha256(fromUtf8(`drand ${name}`)));
  const chained = rest.scheme === 'pedersen-bls-chained';
  const known = new Map<string, Uint8Array>();
  const sign = (message: Uint8Array): Uint8Array => {
    const data = known.get(toHex(message)) ?? (chained ? bls.sign(privateKey, message) : bls.signG1(privateKey, message));
    known.set(toHex(message), data);
    return data;
  };
  return {
    network: { name, ...rest, publicKey: chained ? bls.publicKey(privateKey) : bls.publicKeyG2(privateKey) },
    entry: (round, previous) => ({ round, data: sign(sha256(chained ? concatBytes(previous, int64BE(round)) : int64BE(round))) }),
    filler: (round) => ({ round, data: concatBytes(...[0, 1, 2].map((i) => sha256(fromUtf8(`${name} ${round} ${i}`)))) }),
  };
}
