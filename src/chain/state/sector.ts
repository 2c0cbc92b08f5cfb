/** A sector as its miner's state has it: what a winning PoSt proves (docs/protocol.md 4.6). */

import type { CID } from '../encoding/cid.ts';
import { amtGet } from '../ipld/amt.ts';
import type { MinerState } from './miner.ts';
import { decodeObject, integerAt, layoutOf, linkAt, numberAt } from './state-object.ts';
import { amtLayout } from './state-tree.ts';

export interface SectorOnChain {
  readonly number: bigint;
  /** Registered seal proof: says the size and the kind of sealing. */
  readonly sealProof: number;
  /** CommR. */
  readonly sealedCid: CID;
}

const BIT_WIDTH = 5;
const LAYOUTS = [
  { fields: 11, since: 0, until: 0 },
  { fields: 13, since: 2, until: 6 },
  { fields: 14, since: 7, until: 8 },
  { fields: 15, since: 9 },
  { fields: 16, since: 16 },
] as const;
const NUMBER = 0;
const SEAL_PROOF = 1;
const SEALED_CID = 2;

/** The sector of this number, `null` for none. Throws `UnknownLayoutError`, `DecodeError`, `MissingBlockError`. */
export function sectorOf(miner: MinerState, number: bigint): SectorOnChain | null {
  const bytes = amtGet(miner.tree.get, miner.sectorsRoot, amtLayout(miner.tree, BIT_WIDTH), number);
  if (bytes === null) return null;
  const sector = decodeObject(bytes, 'sector');
  layoutOf(sector, miner.actorsVersions, LAYOUTS);
  return { number: integerAt(sector, NUMBER), sealProof: numberAt(sector, SEAL_PROOF), sealedCid: linkAt(sector, SEALED_CID) };
}
