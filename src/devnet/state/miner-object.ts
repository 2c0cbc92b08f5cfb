/** Storage miners as actors v18 write them (docs/protocol.md 4.6): what rules read is there, the rest is empty. */

import { create as createDigest } from 'multiformats/hashes/digest';
import { type Address, addressBytes } from '../../chain/address.ts';
import { encodeBigInt } from '../../chain/encoding/big-int.ts';
import { bitFieldOf, EMPTY_BIT_FIELD, encodeBitField } from '../../chain/encoding/bit-field.ts';
import { fromUtf8 } from '../../chain/encoding/bytes.ts';
import { encodePlain, type Plain } from '../../chain/encoding/cbor-encode.ts';
import { CID } from '../../chain/encoding/cid.ts';
import { blake2b256 } from '../../chain/encoding/hash.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { amtV3, buildSparseAmt } from '../../chain/ipld/amt.ts';
import type { BlockTable } from './block-table.ts';

export interface MinerObject {
  /** Id address, of the owner too. */
  readonly worker: Address;
  readonly feeDebt: bigint;
  /** -1 for none. */
  readonly consensusFaultElapsed: Epoch;
  readonly sectorsRoot: CID;
  readonly deadlinesRoot: CID;
}

export const SECTOR_SIZE = 2n ** 35n;
const PARTITION_SECTORS = 2349;
/** StackedDRG of 32 GiB: winning proofs are told by the sector size, windowed ones by number 8. */
const WINDOW_POST_PROOF = 8;
const SEAL_PROOF = 8;
const DEADLINES = 48;
const SECTORS_BITS = 5;
const PARTITIONS_BITS = 3;
const ZERO = encodeBigInt(0n);
/** fil-commitment-sealed, Poseidon. */
const SEALED_CODEC = 0xf102;
const SEALED_HASH = 0xb401;

/** CID of the miner's state. */
export function putMiner(table: BlockTable, miner: MinerObject): CID {
  const worker = addressBytes(miner.worker);
  const none = table.put(encodePlain(null));
  const info: Plain = [
    ...[worker, worker, [], null, new Uint8Array(0), []],
    ...[WINDOW_POST_PROOF, SECTOR_SIZE, PARTITION_SECTORS, miner.consensusFaultElapsed, null, worker, [ZERO, ZERO, 0], null],
  ];
  return table.put(
    encodePlain([
      ...[table.put(encodePlain(info)), ZERO, ZERO, null, encodeBigInt(miner.feeDebt), ZERO, none, none, none],
      ...[miner.sectorsRoot, 0, 0, miner.deadlinesRoot, encodeBitField(EMPTY_BIT_FIELD), true],
    ]),
  );
}

/** Sectors 0 to `count` - 1, all proven, in one partition of the first deadline. */
export function putSectors(table: BlockTable, miner: string, count: number): Pick<MinerObject, 'sectorsRoot' | 'deadlinesRoot'> {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const sectors = numbers.map((number) => [BigInt(number), encodePlain(sectorFields(miner, number))] as const);
  const empty = deadline(table, []);
  const first = deadline(table, [[0n, encodePlain(partitionFields(table, numbers))]]);
  return {
    sectorsRoot: table.keep(buildSparseAmt(amtV3(SECTORS_BITS), sectors)),
    deadlinesRoot: table.put(encodePlain([Array.from({ length: DEADLINES }, (_, i) => (i === 0 ? first : empty))])),
  };
}

/** 13 fields, of which the first is read. */
function deadline(table: BlockTable, partitions: Iterable<readonly [bigint, Uint8Array]>): CID {
  const root = table.keep(buildSparseAmt(amtV3(PARTITIONS_BITS), partitions));
  return table.put(encodePlain([root, ...new Array<Plain>(12).fill(null)]));
}

/** 11 fields: sectors, unproven, faults, recoveries, terminated, and power that no rule reads. */
function partitionFields(table: BlockTable, numbers: readonly number[]): Plain {
  const none = encodeBitField(EMPTY_BIT_FIELD);
  const link = table.put(encodePlain(null));
  return [encodeBitField(bitFieldOf(numbers)), none, none, none, none, link, link, ...new Array<Plain>(4).fill([ZERO, ZERO])];
}

/** 16 fields: number, seal proof, sealed CID. */
function sectorFields(miner: string, number: number): Plain {
  const sealed = CID.createV1(SEALED_CODEC, createDigest(SEALED_HASH, blake2b256(fromUtf8(`${miner} sector ${number}`))));
  return [number, SEAL_PROOF, sealed, ...new Array<Plain>(13).fill(null)];
}
