/** Who is who on the devnet: miners, rivals and senders with their keys and ids, all of the seed. */

import { type Address, blsAddress, formatAddress, idAddress, secp256k1Address } from '../../chain/address.ts';
import type { Bls } from '../../consensus/signatures/bls.ts';
import { publicKeySecp256k1 } from '../../consensus/signatures/noble.ts';
import { seededRandom } from './seed.ts';
import type { Rival } from './world.ts';

/** An account that can sign. */
export interface Account {
  readonly id: bigint;
  readonly kind: 'bls' | 'secp256k1';
  /** f3 or f1. */
  readonly address: Address;
  /** Little-endian of a BLS key, big-endian of a secp256k1 one. */
  readonly privateKey: Uint8Array;
  /** 48 bytes of a BLS key, 65 of a secp256k1 one. */
  readonly publicKey: Uint8Array;
}

export interface CastMiner {
  readonly id: bigint;
  readonly address: Address;
  /** `f01000` */
  readonly name: string;
  readonly worker: Account;
  readonly power: bigint;
  /** `null` for a miner whose blocks come from outside. */
  readonly rival: Rival | null;
}

export interface Cast {
  /** Those from outside first. */
  readonly miners: readonly CastMiner[];
  readonly senders: readonly Account[];
  readonly drandKey: Uint8Array;
}

export interface CastOptions {
  readonly seed: string;
  readonly miners: number;
  readonly powers?: readonly bigint[];
  readonly rivals?: readonly Rival[];
}

const FIRST_MINER = 1000n;
const FIRST_SENDER = 100n;
const FIRST_WORKER = 100_000n;
const SENDERS = 24;
/** Ten sectors of 32 GiB. */
export const MINER_POWER = 10n * 2n ** 35n;

export function castOf(bls: Bls, { seed, miners, powers = [], rivals = [] }: CastOptions): Cast {
  const key = (label: string): Uint8Array => bls.keygen(seededRandom(seed, 'key', label).bytes(32));
  const blsAccount = (id: bigint, label: string): Account => {
    const privateKey = key(label);
    const publicKey = bls.publicKey(privateKey);
    return { id, kind: 'bls', address: blsAddress(publicKey), privateKey, publicKey };
  };
  const secpAccount = (id: bigint, label: string): Account => {
    const privateKey = seededRandom(seed, 'key', label).bytes(32);
    // Above zero and below the group order, whatever was drawn.
    privateKey[0] = ((privateKey[0] as number) & 0x7f) | 1;
    const publicKey = publicKeySecp256k1(privateKey);
    return { id, kind: 'secp256k1', address: secp256k1Address(publicKey), privateKey, publicKey };
  };
  const all: readonly (Rival | null)[] = [...new Array<null>(miners).fill(null), ...rivals];
  return {
    miners: all.map((rival, i) => {
      const id = FIRST_MINER + BigInt(i);
      const address = idAddress(id);
      const power = rival === null ? (powers[i % powers.length] ?? MINER_POWER) : (rival.power ?? MINER_POWER);
      return { id, address, name: formatAddress(address), worker: blsAccount(FIRST_WORKER + BigInt(i), `worker ${i}`), power, rival };
    }),
    senders: Array.from({ length: SENDERS }, (_, i) => (i % 2 === 0 ? blsAccount : secpAccount)(FIRST_SENDER + BigInt(i), `sender ${i}`)),
    drandKey: key('drand'),
  };
}
