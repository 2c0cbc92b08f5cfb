/**
 * Records of a file in LevelDB's log format, which its logs and its manifest are written in (leveldb
 * doc/log_format.md): blocks of 32 KiB, a record in one piece or in several.
 */

import { concatBytes } from '../../chain/encoding/bytes.ts';
import { crc32c, masked } from './level-tables.ts';

const BLOCK_LENGTH = 32 * 1024;
const HEADER_LENGTH = 7;
const PIECE = { full: 1, first: 2, middle: 3, last: 4 } as const;

/**
 * `damaged` is told the byte at which a piece begins that is not what its checksum says; where it does not throw,
 * reading goes on with the next block, and a record of which a piece is lost is left out. What ends too early was being
 * written, and is no damage.
 */
export function* logRecords(bytes: Uint8Array, damaged: (at: number) => void): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let parts: Uint8Array[] | null = null;
  for (let at = 0; at + HEADER_LENGTH <= bytes.length; ) {
    const left = BLOCK_LENGTH - (at % BLOCK_LENGTH);
    if (left < HEADER_LENGTH) {
      at += left;
      continue;
    }
    const [length, type] = [view.getUint16(at + 4, true), bytes[at + 6] as number];
    const end = at + HEADER_LENGTH + length;
    const isInBlock = HEADER_LENGTH + length <= left;
    if (isInBlock && end > bytes.length) return;
    if (!isInBlock || masked(crc32c(bytes.subarray(at + 6, end))) !== view.getUint32(at, true)) {
      damaged(at);
      parts = null;
      at += left;
      continue;
    }
    if (type === PIECE.full || type === PIECE.first) parts = [];
    // Of a record whose beginning was damaged the rest is nothing.
    parts?.push(bytes.subarray(at + HEADER_LENGTH, end));
    at = end;
    if (parts === null || (type !== PIECE.full && type !== PIECE.last)) continue;
    yield concatBytes(...parts);
    parts = null;
  }
}
