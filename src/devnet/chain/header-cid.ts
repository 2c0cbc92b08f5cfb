/**
 * A header's CID, worked out once: on the devnet a header is handed from the miner to the judge, the index and the fork
 * choice as the object it is, and nobody changes it.
 */

import { type BlockHeader, blockCid } from '../../chain/block-header.ts';
import type { CID } from '../../chain/encoding/cid.ts';

const known = new WeakMap<BlockHeader, CID>();

export function headerCid(header: BlockHeader): CID {
  const cid = known.get(header) ?? blockCid(header);
  known.set(header, cid);
  return cid;
}
