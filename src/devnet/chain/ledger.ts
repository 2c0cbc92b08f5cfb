/**
 * Balances and nonces while a tipset is executed: what is changed lies over the state, and tokens only ever move from
 * one actor to another.
 */

import { type Address, addressKey } from '../../chain/address.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { resolveAddress } from '../../chain/state/init.ts';
import { type Actor, getActor, type StateTree } from '../../chain/state/state-tree.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { type ChangedActors, withActors } from '../state/actors.ts';
import type { BlockTable } from '../state/block-table.ts';

export interface Ledger {
  /** `null` for an address that nobody has. */
  idOf(address: Address): bigint | null;
  actor(id: bigint): Actor | null;
  set(id: bigint, actor: Actor): void;
  /** Throws `DEVNET_BALANCE` for more than there is: who moves has looked before. */
  move(from: bigint, to: bigint, amount: bigint): void;
  /** Root of the state as it is now. */
  write(): CID;
}

/** Ids by addresses (`addressKey`): no address comes to the devnet's states after genesis. */
export type KnownIds = Map<string, bigint | null>;

/** `ids` is filled as it is asked. */
export function ledgerOver(table: BlockTable, tree: StateTree, ids: KnownIds): Ledger {
  const changed = new Map<bigint, Actor>();
  const actor = (id: bigint): Actor | null => changed.get(id) ?? getActor(tree, id);
  const add = (id: bigint, amount: bigint): void => {
    const found = actor(id);
    if (found === null || found.balance + amount < 0n)
      throw new MineOneError('DEVNET_BALANCE', `f0${id} has ${found?.balance ?? 'no'} attoFIL, not ${-amount}: the devnet's own mistake`);
    changed.set(id, { ...found, balance: found.balance + amount });
  };
  return {
    idOf(address) {
      const key = addressKey(address);
      const known = ids.get(key);
      if (known !== undefined) return known;
      const id = resolveAddress(tree, address);
      ids.set(key, id);
      return id;
    },
    actor,
    set: (id, value) => void changed.set(id, value),
    move(from, to, amount) {
      if (amount === 0n || from === to) return;
      add(from, -amount);
      add(to, amount);
    },
    write: () => withActors(table, tree.root, changed as ChangedActors),
  };
}
