/**
 * The least gas a message pays for being on the chain at all (docs/protocol.md 2.16 and 4.7; lotus
 * chain/vm/gas.go:215-220, gas_v0.go:129).
 */

import type { Epoch } from '../../chain/epoch.ts';
import type { NetworkParams } from '../network/network.ts';

/** Gas that all messages of one block may ask for together, and so the most that one may. */
export const BLOCK_GAS_LIMIT = 10_000_000_000n;

/** Messages a block may have (lotus build/buildconstants BlockMessageLimit). */
export const BLOCK_MESSAGE_LIMIT = 10_000;

/** Bytes charged for beyond the message itself. */
const STORAGE_BASE = 36n;

interface PriceTable {
  /** First epoch of the table: unlike a network version, a price list is in force at its own height. */
  readonly from: Epoch;
  readonly compute: bigint;
  readonly perByte: bigint;
}

function priceTables({ calico, hygge }: NetworkParams['upgrades']): readonly PriceTable[] {
  return [
    { from: 0, compute: 38_863n, perByte: 1000n },
    { from: calico, compute: 38_863n, perByte: 1300n },
    { from: hygge, compute: 38_863n + 475_000n, perByte: 1300n },
  ];
}

/**
 * Gas units for a message of `length` bytes (message.ts `chainLength`) in a block of this epoch. Lotus starts its
 * search at key 0, so tables at negative heights are never found: networks born after Hygge pay by the first table.
 */
export function minimumGas({ upgrades }: Pick<NetworkParams, 'upgrades'>, epoch: Epoch, length: number): bigint {
  const [first, ...later] = priceTables(upgrades) as [PriceTable, ...PriceTable[]];
  const table = later.reduce((best, next) => (next.from >= best.from && next.from <= epoch ? next : best), first);
  return table.compute + (STORAGE_BASE + BigInt(length)) * table.perByte;
}
