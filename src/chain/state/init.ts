/** The init actor, f01: which id an address belongs to, and the network's name (docs/protocol.md 4.6). */

import { type Address, addressBytes, idOf, PROTOCOL_ID } from '../address.ts';
import { decode, u64 } from '../encoding/codec.ts';
import { hamtGet } from '../ipld/hamt.ts';
import { layoutOf, linkAt, loadObject, type StateObject, textAt } from './state-object.ts';
import { hamtLayout, requireActor, type StateTree } from './state-tree.ts';

const INIT_ID = 1n;
const LAYOUTS = [{ fields: 3, since: 0, addresses: 0, networkName: 2 }] as const;

/**
 * The actor id of an address, `null` for one that is not in the state; an id address is its own answer, whether there
 * is such an actor or not.
 */
export function resolveAddress(tree: StateTree, address: Address): bigint | null {
  if (address.protocol === PROTOCOL_ID) return idOf(address);
  const { state, layout } = loadInit(tree);
  const id = hamtGet(tree.get, linkAt(state, layout.addresses), hamtLayout(tree), addressBytes(address));
  return id === null ? null : decode(u64, id);
}

/**
 * `mainnet` is called `testnetnet`.
 * @public
 */
export function networkName(tree: StateTree): string {
  const { state, layout } = loadInit(tree);
  return textAt(state, layout.networkName);
}

interface Init {
  readonly state: StateObject;
  readonly layout: (typeof LAYOUTS)[number];
}

/** Every sender is looked up in it. */
const known = new WeakMap<StateTree, Init>();

function loadInit(tree: StateTree): Init {
  const read = known.get(tree) ?? initIn(tree);
  known.set(tree, read);
  return read;
}

function initIn(tree: StateTree): Init {
  const { actor, kind } = requireActor(tree, INIT_ID, 'init');
  const state = loadObject(tree.get, actor.head, 'init state');
  return { state, layout: layoutOf(state, kind.versions, LAYOUTS) };
}
