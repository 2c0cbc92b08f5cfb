/**
 * A block of the chain as the source has it: its header, or why there is none. One bad block must not keep anybody from
 * the others.
 */

import { type BlockHeader, readHeader } from '../../chain/block-header.ts';
import { type CID, CODEC_DAG_CBOR, HASH_BLAKE2B_256 } from '../../chain/encoding/cid.ts';
import { type GetBlock, requireBlock } from '../../chain/ipld/block-store.ts';
import { cidKey, recently } from '../../chain/ipld/recent.ts';
import { DecodeError, MissingBlockError } from '../../errors/mineone-error.ts';

export interface HeaderAt {
  readonly cid: CID;
  readonly header: BlockHeader;
  /** Fields that are out of range, see `HeaderReading`. */
  readonly fault: DecodeError | null;
}

/** `error` says what the bytes are instead of a header; `null` where the source has none. */
export type NoHeaderAt = { readonly cid: CID; readonly header: null; readonly error: DecodeError | null };

export type BlockAt = HeaderAt | NoHeaderAt;

/**
 * Headers of one source that are kept decoded: a block is judged, is one of the next one's parents, and makes its miner
 * known.
 */
const KEPT = 1024;
const headers = recently<HeaderAt>(KEPT);

export function blockAt(get: GetBlock, cid: CID): BlockAt {
  if (cid.code !== CODEC_DAG_CBOR || cid.multihash.code !== HASH_BLAKE2B_256) {
    // Genesis' parent is of another kind, but genesis is where a chain ends. By a hash that nobody knows, any bytes
    // could go.
    return noHeader(cid, `${cid} is named as a block, but is not dag-cbor with blake2b-256`);
  }
  try {
    return headers(get, cidKey(cid), () => ({ cid, ...readHeader(requireBlock(get, cid, 'block')) }));
  } catch (error) {
    if (error instanceof MissingBlockError) return { cid, header: null, error: null };
    if (error instanceof DecodeError) return noHeader(cid, `${cid} is named as a block, but is no block header: ${error.message}`);
    throw error;
  }
}

function noHeader(cid: CID, message: string): NoHeaderAt {
  return { cid, header: null, error: new DecodeError('CHAIN_HEADER', message) };
}
