/** A miner's state as the world makes it from an epoch on: in debt, at fault, without power. */

import { type Address, addressFromBytes, formatAddress, idOf } from '../../chain/address.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { HAMT_V3, hamtEntries } from '../../chain/ipld/hamt.ts';
import { readMiner } from '../../chain/state/miner.ts';
import { claimOf, readPower } from '../../chain/state/power.ts';
import { type Actor, getActor, openStateTree, type StateTree } from '../../chain/state/state-tree.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { MinerChange } from '../setting/world.ts';
import { withActors } from './actors.ts';
import type { BlockTable } from './block-table.ts';
import { POWER_ID } from './codes.ts';
import { putMiner } from './miner-object.ts';
import { putPower } from './power-object.ts';

/** Happens with the first tipset of at least this height. */
export interface DueChange {
  readonly height: Epoch;
  /** Id address. */
  readonly miner: Address;
  readonly change: MinerChange;
}

/** Root of the state with the change made. Throws `DEVNET_NO_MINER`. */
export function withChange(table: BlockTable, params: Pick<NetworkParams, 'consensusMinerMinPower'>, root: CID, { miner, change }: DueChange): CID {
  const tree = openStateTree(table.get, root);
  const id = idOf(miner);
  const found = readMiner(tree, id);
  if (found === null) throw new MineOneError('DEVNET_NO_MINER', `${formatAddress(miner)} is no miner of this devnet; its miners are f01000 and on`);
  const { feeDebt = found.feeDebt, consensusFaultElapsed = found.info.consensusFaultElapsed, power } = change;
  const head = putMiner(table, { ...found, worker: found.info.worker, feeDebt, consensusFaultElapsed });
  const actors = new Map([[id, { ...actorOf(tree, id), head }]]);
  if (power !== undefined) {
    const claims = new Map(claimsIn(tree)).set(id, power);
    actors.set(POWER_ID, { ...actorOf(tree, POWER_ID), head: putPower(table, claims, params.consensusMinerMinPower) });
  }
  return withActors(table, root, actors);
}

function actorOf(tree: StateTree, id: bigint): Actor {
  return getActor(tree, id) as Actor;
}

function* claimsIn(tree: StateTree): Generator<readonly [bigint, bigint]> {
  const power = readPower(tree);
  for (const [key] of hamtEntries(tree.get, power.claimsRoot, HAMT_V3)) {
    const id = idOf(addressFromBytes(key));
    yield [id, claimOf(power, id)?.qualityAdjPower ?? 0n];
  }
}
