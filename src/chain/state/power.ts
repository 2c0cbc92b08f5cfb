/** The power actor, f04: the network's power and every miner's claim (docs/protocol.md 4.6). Power in bytes. */

import { addressBytes, idAddress } from '../address.ts';
import type { CID } from '../encoding/cid.ts';
import { hamtGet } from '../ipld/hamt.ts';
import { remembered } from './remembered.ts';
import { amountAt, decodeObject, integerAt, layoutOf, linkAt, loadObject } from './state-object.ts';
import { hamtLayout, requireActor, type StateTree } from './state-tree.ts';

export interface Power {
  readonly tree: StateTree;
  /**
   * Of the actor's code; the least where versions share one. 0 has a minimum rule of its own (docs/protocol.md 4.3).
   */
  readonly actorsVersion: number;
  readonly totalRawBytePower: bigint;
  /** The total of elections and of weights. */
  readonly totalQualityAdjPower: bigint;
  readonly minerCount: bigint;
  readonly minerAboveMinPowerCount: bigint;
  /** HAMT of claims by the miner's id address. */
  readonly claimsRoot: CID;
}

export interface Claim {
  readonly rawBytePower: bigint;
  readonly qualityAdjPower: bigint;
}

const POWER_ID = 4n;
const POWER_LAYOUTS = [
  { fields: 16, since: 0, until: 0, claims: 14 },
  { fields: 15, since: 2, until: 14, claims: 13 },
  { fields: 17, since: 15, claims: 15 },
] as const;
const RAW_TOTAL = 0;
const QUALITY_ADJ_TOTAL = 2;
const MINER_COUNT = 9;
const ABOVE_MIN_POWER_COUNT = 10;

const CLAIM_LAYOUTS = [
  { fields: 2, since: 0, until: 0, raw: 0, qualityAdj: 1 },
  { fields: 3, since: 2, raw: 1, qualityAdj: 2 },
] as const;

/** Every rule of a block asks for it. */
const known = new WeakMap<StateTree, Power>();

/** Throws `UnknownLayoutError`, `DecodeError`, `MissingBlockError`. */
export function readPower(tree: StateTree): Power {
  const read = known.get(tree) ?? powerIn(tree);
  known.set(tree, read);
  return read;
}

function powerIn(tree: StateTree): Power {
  const { actor, kind } = requireActor(tree, POWER_ID, 'storagepower');
  const state = loadObject(tree.get, actor.head, 'power state');
  const layout = layoutOf(state, kind.versions, POWER_LAYOUTS);
  return {
    tree,
    actorsVersion: kind.versions[0] as number,
    totalRawBytePower: amountAt(state, RAW_TOTAL),
    totalQualityAdjPower: amountAt(state, QUALITY_ADJ_TOTAL),
    minerCount: integerAt(state, MINER_COUNT),
    minerAboveMinPowerCount: integerAt(state, ABOVE_MIN_POWER_COUNT),
    claimsRoot: linkAt(state, layout.claims),
  };
}

/** The claim of a miner, `null` for none: reads one path of the claims. */
export const claimOf: (power: Power, minerId: bigint) => Claim | null = remembered(claimIn);

function claimIn(power: Power, minerId: bigint): Claim | null {
  const { tree, claimsRoot, actorsVersion } = power;
  const bytes = hamtGet(tree.get, claimsRoot, hamtLayout(tree), addressBytes(idAddress(minerId)));
  if (bytes === null) return null;
  const claim = decodeObject(bytes, 'claim');
  const { raw, qualityAdj } = layoutOf(claim, [actorsVersion], CLAIM_LAYOUTS);
  return { rawBytePower: amountAt(claim, raw), qualityAdjPower: amountAt(claim, qualityAdj) };
}
