/**
 * Tipsets: blocks of one height on the same parents, in the order of their tickets (docs/protocol.md 2.9; lotus
 * chain/types/tipset.go:88-100).
 */

import { DecodeError } from '../errors/mineone-error.ts';
import { type BlockHeader, blockCid, blockHeader } from './block-header.ts';
import { compareBytes, concatBytes, equalBytes } from './encoding/bytes.ts';
import type { CID } from './encoding/cid.ts';
import { type Codec, int, link, list, objectOf, placed } from './encoding/codec.ts';
import { blake2b256 } from './encoding/hash.ts';
import type { Epoch } from './epoch.ts';
import type { Ticket } from './ticket.ts';

/** CIDs of a tipset's blocks in its order; the empty key is no tipset. */
export type TipsetKey = readonly CID[];

/** At least one block; `blocks[i]` has the CID `key[i]`. */
export interface Tipset {
  readonly key: TipsetKey;
  readonly blocks: readonly BlockHeader[];
  readonly height: Epoch;
  readonly parents: TipsetKey;
}

/**
 * Puts blocks in order; throws `TIPSET_INVALID` for none, for another height or other parents, for the same block
 * twice, for a block without a ticket. `cids[i]` is the CID of `blocks[i]`, for who knows them already.
 */
export function tipsetOf(blocks: readonly BlockHeader[], cids?: TipsetKey): Tipset {
  const ranked = blocks.map((block, i) => ({ block, cid: cids?.[i] ?? blockCid(block), digest: ticketDigest(block) }));
  ranked.sort((a, b) => compareBytes(a.digest, b.digest) || compareBytes(a.cid.bytes, b.cid.bytes));
  const first = ranked[0];
  if (first === undefined) throw invalid('no blocks');
  const { height, parents } = first.block;
  ranked.forEach(({ block, cid }, i) => {
    if (block.height !== height) throw invalid(`heights ${height} and ${block.height}`);
    if (!equalKeys(block.parents, parents)) throw invalid(`${cid} has other parents than ${first.cid}`);
    if (i > 0 && cid.equals(ranked[i - 1]?.cid)) throw invalid(`${cid} stands in it twice`);
  });
  return { key: ranked.map(({ cid }) => cid), blocks: ranked.map(({ block }) => block), height, parents };
}

/** The block first in order: its ticket is the least, its fields stand for the tipset's. */
export function firstBlock(tipset: Tipset): BlockHeader {
  return tipset.blocks[0] as BlockHeader;
}

/** The least ticket of a tipset: that of its first block. */
export function minTicket(tipset: Tipset): Ticket {
  return firstBlock(tipset).ticket as Ticket;
}

export function equalKeys(a: TipsetKey, b: TipsetKey): boolean {
  return a.length === b.length && a.every((cid, i) => cid.equals(b[i]));
}

/** The CIDs' bytes one after another: the form that keys of datastores are made of. */
export function tipsetKeyBytes(key: TipsetKey): Uint8Array {
  return concatBytes(...key.map((cid) => cid.bytes));
}

/** Text for maps and people: the CIDs with commas between. */
export function tipsetKeyText(key: TipsetKey): string {
  return `{${key.join(',')}}`;
}

const tipsetKey: Codec<TipsetKey> = list(link);
const blockList: Codec<readonly BlockHeader[]> = list(blockHeader);

/**
 * Lotus' form of a tipset: `{Cids, Blocks, Height}`. A tipset has no form in bytes.
 * @public
 */
export const tipsetJson: Pick<Codec<Tipset>, 'toJson' | 'fromJson'> = {
  toJson: (tipset) => ({ Cids: tipsetKey.toJson(tipset.key), Blocks: blockList.toJson(tipset.blocks), Height: tipset.height }),
  fromJson: (json) =>
    placed('TipSet', () => {
      const object = objectOf(json);
      const tipset = tipsetOf(placed('Blocks', () => blockList.fromJson(object['Blocks'])));
      if (!equalKeys(tipsetKey.fromJson(object['Cids']), tipset.key)) throw invalid(`its blocks are ${tipsetKeyText(tipset.key)}, its key says otherwise`);
      if (int.fromJson(object['Height']) !== tipset.height) throw invalid(`its blocks are of height ${tipset.height}, it says ${object['Height']}`);
      return tipset;
    }),
};

/** blake2b-256 of the ticket: what orders blocks. */
export function compareTickets(a: Ticket, b: Ticket): number {
  return equalBytes(a.vrfProof, b.vrfProof) ? 0 : compareBytes(blake2b256(a.vrfProof), blake2b256(b.vrfProof));
}

function ticketDigest(block: BlockHeader): Uint8Array {
  if (block.ticket === null) throw invalid(`the block of ${block.height} has no ticket`);
  return blake2b256(block.ticket.vrfProof);
}

function invalid(reason: string): DecodeError {
  return new DecodeError('TIPSET_INVALID', `not a tipset: ${reason}`);
}
