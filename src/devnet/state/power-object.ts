/**
 * The power actor's object as actors v18 write it (docs/protocol.md 4.6): every miner's claim and the totals of
 * elections and weights.
 */

import { addressBytes, idAddress } from '../../chain/address.ts';
import { encodeBigInt } from '../../chain/encoding/big-int.ts';
import { encodePlain } from '../../chain/encoding/cbor-encode.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { buildHamt, HAMT_V3 } from '../../chain/ipld/hamt.ts';
import type { BlockTable } from './block-table.ts';

/** Power in bytes by the miner's id; raw and quality-adjusted are the same here. */
export type Claims = ReadonlyMap<bigint, bigint>;

const WINDOW_POST_PROOF = 8;
const ZERO = encodeBigInt(0n);

/** CID of the power actor's state; `minimum` is the network's consensus minimum. */
export function putPower(table: BlockTable, claims: Claims, minimum: bigint): CID {
  const powers = [...claims.values()];
  const total = encodeBigInt(powers.reduce((sum, power) => sum + power, 0n));
  const entries = [...claims].map(([id, power]) => {
    const bytes = encodeBigInt(power);
    return [addressBytes(idAddress(id)), encodePlain([WINDOW_POST_PROOF, bytes, bytes])] as const;
  });
  const above = powers.filter((power) => power >= minimum).length;
  return table.put(
    encodePlain([
      ...[total, total, total, total, ZERO, total, total, ZERO, [ZERO, ZERO], powers.length, above],
      ...[0, 0, null, 0, table.keep(buildHamt(HAMT_V3, entries)), null],
    ]),
  );
}
