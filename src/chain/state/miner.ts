/** A storage miner: who owns it and works for it, what it owes, and where its sectors lie (docs/protocol.md 4.6). */

import type { Address } from '../address.ts';
import type { CID } from '../encoding/cid.ts';
import type { Epoch } from '../epoch.ts';
import { remembered } from './remembered.ts';
import { addressAt, amountAt, arrayAt, integerAt, layoutOf, linkAt, loadObject, numberAt } from './state-object.ts';
import { getActor, kindIn, type StateTree } from './state-tree.ts';

export interface MinerState {
  readonly tree: StateTree;
  readonly id: bigint;
  /** Versions of its code. */
  readonly actorsVersions: readonly number[];
  readonly info: MinerInfo;
  /** In attoFIL; 0 where the version knew none. */
  readonly feeDebt: bigint;
  /** AMT of sectors by number. */
  readonly sectorsRoot: CID;
  readonly deadlinesRoot: CID;
}

export interface MinerInfo {
  /** Id addresses. */
  readonly owner: Address;
  readonly worker: Address;
  readonly control: readonly Address[];
  /** The kind of proof its sectors are bound to: of sealing in actors v0 and v2, of window PoSt since. */
  readonly proof: { readonly of: 'seal' | 'windowPoSt'; readonly type: number };
  /** In bytes. */
  readonly sectorSize: bigint;
  readonly partitionSectors: bigint;
  /** The last epoch of a consensus fault's penalty, -1 for none. */
  readonly consensusFaultElapsed: Epoch;
}

const MINER_LAYOUTS = [
  { fields: 13, since: 0, until: 0, feeDebt: null, sectors: 8, deadlines: 11 },
  { fields: 14, since: 2, until: 3, feeDebt: 4, sectors: 9, deadlines: 12 },
  { fields: 15, since: 4, feeDebt: 4, sectors: 9, deadlines: 12 },
] as const;
const INFO_LINK = 0;

const INFO_LAYOUTS = [
  { fields: 9, since: 0, until: 0, proof: 'seal', consensusFaultElapsed: null },
  { fields: 11, since: 2, until: 2, proof: 'seal', consensusFaultElapsed: 9 },
  { fields: 11, since: 3, until: 8, proof: 'windowPoSt', consensusFaultElapsed: 9 },
  { fields: 14, since: 9, proof: 'windowPoSt', consensusFaultElapsed: 9 },
] as const;
const OWNER = 0;
const WORKER = 1;
const CONTROL = 2;
const PROOF_TYPE = 6;
const SECTOR_SIZE = 7;
const PARTITION_SECTORS = 8;
const NO_FAULT = -1;

/**
 * The miner of this id, `null` when the state has no actor of it or one of another kind. Throws `UnknownLayoutError`,
 * `DecodeError`, `MissingBlockError`.
 */
export const readMiner: (tree: StateTree, id: bigint) => MinerState | null = remembered(minerIn);

function minerIn(tree: StateTree, id: bigint): MinerState | null {
  const actor = getActor(tree, id);
  if (actor === null) return null;
  const { name, versions } = kindIn(tree, actor);
  if (name !== 'storageminer') return null;
  const state = loadObject(tree.get, actor.head, 'miner state');
  const layout = layoutOf(state, versions, MINER_LAYOUTS);
  return {
    tree,
    id,
    actorsVersions: versions,
    info: readInfo(tree, linkAt(state, INFO_LINK), versions),
    feeDebt: layout.feeDebt === null ? 0n : amountAt(state, layout.feeDebt),
    sectorsRoot: linkAt(state, layout.sectors),
    deadlinesRoot: linkAt(state, layout.deadlines),
  };
}

function readInfo(tree: StateTree, root: CID, versions: readonly number[]): MinerInfo {
  const info = loadObject(tree.get, root, 'miner info');
  const layout = layoutOf(info, versions, INFO_LAYOUTS);
  const control = arrayAt(info, CONTROL, 'control addresses');
  return {
    owner: addressAt(info, OWNER),
    worker: addressAt(info, WORKER),
    control: control.fields.map((_, i) => addressAt(control, i)),
    proof: { of: layout.proof, type: numberAt(info, PROOF_TYPE) },
    sectorSize: integerAt(info, SECTOR_SIZE),
    partitionSectors: integerAt(info, PARTITION_SECTORS),
    consensusFaultElapsed: layout.consensusFaultElapsed === null ? NO_FAULT : numberAt(info, layout.consensusFaultElapsed),
  };
}
