/**
 * The checksums of LevelDB's tables, which LevelDB as Node exposes it writes and does not look at: over a damaged table
 * it gives wrong bytes, or ends the process (leveldb doc/table_format.md: blocks, each with a type and a masked CRC-32C
 * behind it; an index and a meta-index of blocks; a footer that names both). Why no library: `level` passes no option
 * on that makes LevelDB look, none reads tables without LevelDB, and Node's own CRC-32 (node:zlib) is of another
 * polynomial.
 */

import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { corruptRow } from '../chain/corrupt.ts';

interface Handle {
  readonly offset: number;
  readonly size: number;
}

const FOOTER_LENGTH = 48;
const TRAILER_LENGTH = 5;
const MAGIC = 0xdb4775248b80fb57n;
const UNCOMPRESSED = 0;

/**
 * Checks the newest of the database's tables, which its manifest numbers, up to this many bytes in all. Throws
 * `JOURNAL_CORRUPT` naming the file and the byte.
 */
export function checkTables(place: string, known: ReadonlySet<number>, bytesMax: number): void {
  const tables = readdirSync(place).filter((name) => /^\d+\.(ldb|sst)$/.test(name) && known.has(Number.parseInt(name, 10)));
  let left = bytesMax;
  for (const name of tables.sort().reverse()) {
    if (left <= 0) return;
    left -= checkTable(join(place, name), name);
  }
}

/** Gives the table's length in bytes. */
function checkTable(path: string, name: string): number {
  const fd = openSync(path, 'r');
  try {
    const length = fstatSync(fd).size;
    const wrong = (at: number, what: string) => corruptRow(`the table ${name} of the database is damaged at byte ${at}: ${what}`);
    const read = ({ offset, size }: Handle): Uint8Array => {
      const bytes = new Uint8Array(size);
      if (offset + size > length || readSync(fd, bytes, 0, size, offset) !== size) throw wrong(offset, 'it ends too early');
      return bytes;
    };
    const block = ({ offset, size }: Handle): Uint8Array => {
      const bytes = read({ offset, size: size + TRAILER_LENGTH });
      const stored = new DataView(bytes.buffer).getUint32(size + 1, true);
      if (masked(crc32c(bytes.subarray(0, size + 1))) !== stored) throw wrong(offset, 'a block is not what its checksum says');
      if (bytes[size] !== UNCOMPRESSED) throw wrong(offset, 'a block is compressed, and none was written so');
      return bytes.subarray(0, size);
    };
    const footer = read({ offset: Math.max(0, length - FOOTER_LENGTH), size: FOOTER_LENGTH });
    if (new DataView(footer.buffer).getBigUint64(FOOTER_LENGTH - 8, true) !== MAGIC) throw wrong(length - 8, 'it is no table');
    const [metaIndex, afterMeta] = handleAt(footer, 0);
    const [index] = handleAt(footer, afterMeta);
    for (const list of [metaIndex, index]) for (const named of handlesIn(block(list))) block(named);
    return length;
  } finally {
    closeSync(fd);
  }
}

/** Handles that the entries of an index have as their values. */
function handlesIn(block: Uint8Array): readonly Handle[] {
  const handles: Handle[] = [];
  const restarts = new DataView(block.buffer, block.byteOffset, block.length).getUint32(block.length - 4, true);
  const end = block.length - 4 * (restarts + 1);
  for (let at = 0; at < end; ) {
    const [, afterShared] = varintAt(block, at);
    const [unshared, afterUnshared] = varintAt(block, afterShared);
    const [valueLength, afterLength] = varintAt(block, afterUnshared);
    handles.push(handleAt(block, afterLength + unshared)[0]);
    at = afterLength + unshared + valueLength;
  }
  return handles;
}

function handleAt(bytes: Uint8Array, at: number): readonly [handle: Handle, after: number] {
  const [offset, afterOffset] = varintAt(bytes, at);
  const [size, after] = varintAt(bytes, afterOffset);
  return [{ offset, size }, after];
}

export function varintAt(bytes: Uint8Array, at: number): readonly [value: number, after: number] {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, at + i + 1];
  }
  throw corruptRow('a table of the database names a block with a number that is none');
}

const POLYNOMIAL = 0x82f63b78;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/** CRC-32C (RFC 3720 appendix B.4). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  return ~crc >>> 0;
}

/** As LevelDB stores it: turned by 15 bits, plus a constant. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
