/**
 * States made up for the tests: any layout of any version, written with the reference codec and not with the tables
 * under test.
 */

import * as dagCbor from '@ipld/dag-cbor';
import { CID as PlainCid } from 'multiformats/cid';
import { type Address, addressBytes, idAddress } from '../../../src/chain/address.ts';
import { encodeBigInt } from '../../../src/chain/encoding/big-int.ts';
import { bitFieldOf, encodeBitField } from '../../../src/chain/encoding/bit-field.ts';
import { fromUtf8 } from '../../../src/chain/encoding/bytes.ts';
import { type CID, CODEC_RAW, cidOf, HASH_IDENTITY } from '../../../src/chain/encoding/cid.ts';
import { AMT_V2, amtV3, buildSparseAmt } from '../../../src/chain/ipld/amt.ts';
import type { Block, GetBlock } from '../../../src/chain/ipld/block-store.ts';
import { buildHamt, HAMT_V2, HAMT_V3, type HamtEntry } from '../../../src/chain/ipld/hamt.ts';
import { openStateTree, type StateTree } from '../../../src/chain/state/state-tree.ts';

/** An actor to be: its code, and its state as plain values. */
export interface MadeActor {
  readonly id: bigint;
  readonly code: CID;
  readonly state: unknown;
  readonly delegatedAddress?: Address;
}

/** A place for blocks, and the containers of one tree version. */
export interface Workbench {
  readonly get: GetBlock;
  readonly blocks: Map<string, Uint8Array>;
  put(value: unknown): CID;
  map(entries: Iterable<readonly [Uint8Array, unknown]>): CID;
  array(entries: Iterable<readonly [bigint, unknown]>, bitWidth: number): CID;
  tree(actors: readonly MadeActor[]): StateTree;
}

export function workbench(treeVersion: number): Workbench {
  const blocks = new Map<string, Uint8Array>();
  const get: GetBlock = (cid) => blocks.get(cid.toString());
  const keep = (built: { readonly root: CID; readonly blocks: readonly Block[] }): CID => {
    for (const { cid, bytes } of built.blocks) blocks.set(cid.toString(), bytes);
    return built.root;
  };
  const put = (value: unknown): CID => {
    const bytes = raw(value);
    return keep({ root: cidOf(bytes), blocks: [{ cid: cidOf(bytes), bytes }] });
  };
  const map: Workbench['map'] = (entries) =>
    keep(
      buildHamt(
        treeVersion <= 1 ? HAMT_V2 : HAMT_V3,
        Array.from(entries, ([key, value]): HamtEntry => [key, raw(value)]),
      ),
    );
  const array: Workbench['array'] = (entries, bitWidth) =>
    keep(
      buildSparseAmt(
        treeVersion <= 1 ? AMT_V2 : amtV3(bitWidth),
        Array.from(entries, ([index, value]) => [index, raw(value)] as const),
      ),
    );
  const tree = (actors: readonly MadeActor[]): StateTree => {
    const root = map(actors.map((actor) => [addressBytes(idAddress(actor.id)), actorFields(actor, put(actor.state), treeVersion)]));
    return openStateTree(get, treeVersion === 0 ? root : put([treeVersion, root, put([])]));
  };
  return { get, blocks, put, map, array, tree };
}

function actorFields({ code, delegatedAddress }: MadeActor, head: CID, treeVersion: number): unknown[] {
  const delegated = treeVersion < 5 ? [] : [delegatedAddress === undefined ? null : addressBytes(delegatedAddress)];
  return [code, head, 7, amount(1000n), ...delegated];
}

function raw(value: unknown): Uint8Array {
  return Uint8Array.from(dagCbor.encode(value));
}

/** Code of actors up to v7: `fil/<family>/<name>`. */
export function namedCode(family: number, name: string): CID {
  const text = fromUtf8(`fil/${family}/${name}`);
  return PlainCid.decode(Uint8Array.from([1, CODEC_RAW, HASH_IDENTITY, text.length, ...text]));
}

export function amount(value: bigint): Uint8Array {
  return encodeBigInt(value);
}

export function bits(...members: readonly number[]): Uint8Array {
  return encodeBitField(bitFieldOf(members));
}

export function idBytes(id: number): Uint8Array {
  return addressBytes(idAddress(id));
}

/** An array of so many fields, filler where nothing is said. */
export function fieldsOf(count: number, said: { readonly [index: number]: unknown }): unknown[] {
  return Array.from({ length: count }, (_, i) => (i in said ? said[i] : `filler ${i}`));
}
