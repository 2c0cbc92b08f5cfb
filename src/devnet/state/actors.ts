/**
 * Actors of a state put anew: only the nodes on their way to the root are written (docs/protocol.md 4.4 "State root").
 */

import { addressBytes, idAddress } from '../../chain/address.ts';
import { encodeBigInt } from '../../chain/encoding/big-int.ts';
import { encodePlain } from '../../chain/encoding/cbor-encode.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import { buildHamt, HAMT_V3, type HamtEntry } from '../../chain/ipld/hamt.ts';
import { hamtPut } from '../../chain/ipld/hamt-put.ts';
import { type Actor, openStateTree } from '../../chain/state/state-tree.ts';
import type { BlockTable } from './block-table.ts';

const TREE_VERSION = 5;

/** Actors by their ids. */
export type ChangedActors = ReadonlyMap<bigint, Actor>;

/** Root of a state of these actors and no others. */
export function stateOf(table: BlockTable, actors: ChangedActors): CID {
  return stateRoot(table, table.keep(buildHamt(HAMT_V3, [...actors].map(entryOf))));
}

/** Root of the state with these actors in place of those of the same ids. */
export function withActors(table: BlockTable, root: CID, actors: ChangedActors): CID {
  if (actors.size === 0) return root;
  const { actorsRoot } = openStateTree(table.get, root);
  return stateRoot(table, table.keep(hamtPut(table.get, actorsRoot, HAMT_V3, [...actors].map(entryOf))));
}

function stateRoot(table: BlockTable, actorsRoot: CID): CID {
  return table.put(encodePlain([TREE_VERSION, actorsRoot, table.put(encodePlain([]))]));
}

function entryOf([id, { code, head, nonce, balance, delegatedAddress }]: readonly [bigint, Actor]): HamtEntry {
  const delegated = delegatedAddress === null ? null : addressBytes(delegatedAddress);
  return [addressBytes(idAddress(id)), encodePlain([code, head, nonce, encodeBigInt(balance), delegated])];
}
