/** Blocks by their CID, as readers of chain data ask for them: synchronous and pure, whatever lies behind. */

import { MissingBlockError } from '../../errors/mineone-error.ts';
import type { CID } from '../encoding/cid.ts';

/** Bytes and the CID they have. */
export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

/**
 * The bytes of a CID, `undefined` when the source does not hold them. Their hash was checked when the source was read.
 */
export type GetBlock = (cid: CID) => Uint8Array | undefined;

/** Throws `MissingBlockError` (code `BLOCK_MISSING`) naming what was looked for: «state root», «message». */
export function requireBlock(get: GetBlock, cid: CID, what: string): Uint8Array {
  const bytes = get(cid);
  if (bytes === undefined) throw new MissingBlockError(cid.toString(), what);
  return bytes;
}
