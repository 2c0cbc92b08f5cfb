/** How many blocks of a source are block headers: what no root leads to must be told from what was looked at. */

import { readHeader } from '../../chain/block-header.ts';
import { concatBytes } from '../../chain/encoding/bytes.ts';
import { type CID, CODEC_DAG_CBOR, HASH_BLAKE2B_256 } from '../../chain/encoding/cid.ts';
import { DecodeError } from '../../errors/mineone-error.ts';

/** A list of 16 in CBOR: the first byte of every header, and of little else. */
const FIRST_BYTE = 0x90;

export function isHeader(bytes: Uint8Array): boolean {
  if (bytes[0] !== FIRST_BYTE) return false;
  try {
    readHeader(bytes);
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

export interface HeaderCounter {
  readonly count: () => number;
  /** The pieces that follow are of the block of this CID. */
  begin(cid: CID): void;
  add(piece: Uint8Array, isLast: boolean): void;
}

/** Holds at most the pieces of one block that begins like a header; 8 MiB is the longest that is no raw one. */
export function headerCounter(): HeaderCounter {
  let count = 0;
  let held: Uint8Array[] | null = null;
  return {
    count: () => count,
    begin({ code, multihash }) {
      held = code === CODEC_DAG_CBOR && multihash.code === HASH_BLAKE2B_256 ? [] : null;
    },
    add(piece, isLast) {
      if (held === null) return;
      if (held.length === 0 && piece[0] !== FIRST_BYTE) {
        held = null;
        return;
      }
      // A piece is good until the next one.
      held.push(isLast ? piece : piece.slice());
      if (!isLast) return;
      if (isHeader(concatBytes(...held))) count++;
      held = null;
    },
  };
}
