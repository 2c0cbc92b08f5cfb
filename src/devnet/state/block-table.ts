/** The devnet's blocks by their CIDs: headers, messages, nodes of states. */

import { type CID, cidOf } from '../../chain/encoding/cid.ts';
import type { Block, GetBlock } from '../../chain/ipld/block-store.ts';

export interface BlockTable {
  readonly get: GetBlock;
  readonly size: () => number;
  /** Keeps dag-cbor bytes and says their CID. */
  put(bytes: Uint8Array): CID;
  /** Keeps blocks that know their CIDs, children before their parents; says the root's. */
  keep(built: { readonly root: CID; readonly blocks: readonly Block[] }): CID;
  /** Forgets every block that is not among these. */
  retain(cids: ReadonlySet<string>): void;
}

export function blockTable(): BlockTable {
  const blocks = new Map<string, Uint8Array>();
  return {
    get: (cid) => blocks.get(cid.toString()),
    size: () => blocks.size,
    put(bytes) {
      const cid = cidOf(bytes);
      blocks.set(cid.toString(), bytes);
      return cid;
    },
    keep(built) {
      for (const { cid, bytes } of built.blocks) blocks.set(cid.toString(), bytes);
      return built.root;
    },
    retain(cids) {
      for (const cid of blocks.keys()) if (!cids.has(cid)) blocks.delete(cid);
    },
  };
}
