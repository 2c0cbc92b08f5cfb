/**
 * Key addresses: what verifies an actor's signatures (docs/protocol.md 4.6 "account"; lotus chain/vm/vm.go
 * ResolveToDeterministicAddr).
 */

import { type Address, PROTOCOL_BLS, PROTOCOL_SECP256K1 } from '../address.ts';
import { addressAt, layoutOf, loadObject } from './state-object.ts';
import { type Actor, getActor, kindIn, type StateTree } from './state-tree.ts';

const LAYOUTS = [{ fields: 1, since: 0, address: 0 }] as const;

/**
 * The key address of an actor id: f1 or f3 of an account, f4 of what has a delegated address; `null` for no such actor
 * or one without a key. Throws `UnknownLayoutError`.
 */
export function keyAddress(tree: StateTree, id: bigint): Address | null {
  const actor = getActor(tree, id);
  if (actor === null) return null;
  // It wins over the account's own where both are set.
  if (actor.delegatedAddress !== null) return actor.delegatedAddress;
  return kindIn(tree, actor).name === 'account' ? accountKey(tree, actor) : null;
}

/** The burnt funds' account of mainnet's genesis has its own id for a key: none. */
function accountKey(tree: StateTree, actor: Actor): Address | null {
  const state = loadObject(tree.get, actor.head, 'account state');
  const key = addressAt(state, layoutOf(state, kindIn(tree, actor).versions, LAYOUTS).address);
  return key.protocol === PROTOCOL_SECP256K1 || key.protocol === PROTOCOL_BLS ? key : null;
}
