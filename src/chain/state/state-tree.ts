/** State trees, versions 0 to 5: all actors of a state by their id (docs/protocol.md 4.4 "State root"). */

import { DecodeError, UnknownLayoutError } from '../../errors/mineone-error.ts';
import { type Address, address, addressBytes, formatAddress, idAddress } from '../address.ts';
import { bigInt } from '../encoding/big-int.ts';
import { MAJOR_UINT, readArrayHead, readHead, readLink } from '../encoding/cbor.ts';
import type { CID } from '../encoding/cid.ts';
import { type Codec, decode, LIST_LENGTH_MAX, link, nullable, tuple, u64 } from '../encoding/codec.ts';
import { AMT_V2, type AmtLayout, amtV3 } from '../ipld/amt.ts';
import type { GetBlock } from '../ipld/block-store.ts';
import { readBlock } from '../ipld/cbor-value.ts';
import { HAMT_V2, HAMT_V3, type HamtLayout, hamtGet } from '../ipld/hamt.ts';
import { type ActorKind, actorKind } from './actor-code.ts';
import { remembered } from './remembered.ts';

export type StateTreeVersion = 0 | 1 | 2 | 3 | 4 | 5;

export interface StateTree {
  readonly get: GetBlock;
  readonly root: CID;
  /** 0: actors v0. 1: actors v2. 2 to 4: actors v3 to v9. 5: from v10. */
  readonly version: StateTreeVersion;
  /** HAMT of actors by id address. */
  readonly actorsRoot: CID;
}

export interface Actor {
  readonly code: CID;
  /** CID of its state. */
  readonly head: CID;
  readonly nonce: bigint;
  /** In attoFIL. */
  readonly balance: bigint;
  /** Its f4 address; trees before version 5 have none. */
  readonly delegatedAddress: Address | null;
}

type PlainActor = Omit<Actor, 'delegatedAddress'>;

const plainActor: Codec<PlainActor> = tuple('Actor', {
  code: ['Code', link],
  head: ['Head', link],
  nonce: ['Nonce', u64],
  balance: ['Balance', bigInt],
});

const delegatedActor: Codec<Actor> = tuple('Actor', {
  code: ['Code', link],
  head: ['Head', link],
  nonce: ['Nonce', u64],
  balance: ['Balance', bigInt],
  delegatedAddress: ['DelegatedAddress', nullable(address)],
});

const VERSION_MAX = 5;

/** The tree of a state root. Throws `MissingBlockError`, and `UnknownLayoutError` for a version that is not known. */
export function openStateTree(get: GetBlock, root: CID): StateTree {
  return readBlock(get, root, 'state root', (r) => {
    const fields = readArrayHead(r, LIST_LENGTH_MAX);
    if (fields === 2) {
      // Version 0 has no root of its own: this is the first node of the actors' HAMT, read as such when an actor is
      // asked for.
      r.offset = r.bytes.length;
      return { get, root, version: 0, actorsRoot: root };
    }
    if (fields !== 3) throw new UnknownLayoutError(`state root ${root} of ${fields} fields`);
    const version = readHead(r, MAJOR_UINT);
    if (version < 1 || version > VERSION_MAX) throw new UnknownLayoutError(`state root ${root} of version ${version}; known are 0 to ${VERSION_MAX}`);
    const actorsRoot = readLink(r);
    readLink(r);
    return { get, root, version: Number(version) as StateTreeVersion, actorsRoot };
  });
}

/** The layout of the HAMTs in this state. */
export function hamtLayout(tree: StateTree): HamtLayout {
  return tree.version <= 1 ? HAMT_V2 : HAMT_V3;
}

/** The layout of an AMT in this state; version 2 knew but one bit width. */
export function amtLayout(tree: StateTree, bitWidth: number): AmtLayout {
  return tree.version <= 1 ? AMT_V2 : amtV3(bitWidth);
}

/** The actor of an id, `null` for none. Throws `DecodeError` and `MissingBlockError`. */
export const getActor: (tree: StateTree, id: bigint) => Actor | null = remembered(readActor);

function readActor(tree: StateTree, id: bigint): Actor | null {
  const bytes = hamtGet(tree.get, tree.actorsRoot, hamtLayout(tree), addressBytes(idAddress(id)));
  if (bytes === null) return null;
  return tree.version === VERSION_MAX ? decode(delegatedActor, bytes) : { ...decode(plainActor, bytes), delegatedAddress: null };
}

/**
 * Kind of an actor; throws `UnknownLayoutError` for a code that is not known, or of a version that the tree's cannot
 * hold.
 */
export function kindIn(tree: StateTree, actor: Actor): ActorKind {
  const kind = actorKind(actor.code);
  const versions = kind.versions.filter((version) => (tree.version === 0 ? version === 0 : tree.version === 1 ? version === 2 : version >= 3));
  if (versions.length === 0)
    throw new UnknownLayoutError(`${kind.name} of actors version ${kind.versions.join(', ')} in a state tree of version ${tree.version}`);
  return { name: kind.name, versions };
}

/**
 * An actor that every state has: throws `DecodeError` (`ACTOR_MISSING`) if this one has not, `UnknownLayoutError` if it
 * is of another kind.
 */
export function requireActor(tree: StateTree, id: bigint, name: string): { readonly actor: Actor; readonly kind: ActorKind } {
  const actor = getActor(tree, id);
  if (actor === null) throw new DecodeError('ACTOR_MISSING', `${formatAddress(idAddress(id))} (${name}) is not in state ${tree.root}`);
  const kind = kindIn(tree, actor);
  if (kind.name !== name) throw new UnknownLayoutError(`${formatAddress(idAddress(id))} is a ${kind.name}, expected the ${name} actor`);
  return { actor, kind };
}
