/**
 * Blocks of an opened CAR file by their CID, in any thread: a lookup in the shared index, then one read at the offset,
 * two for blocks beyond 4 KiB.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BLOCK_LENGTH_MAX, readSectionHead, type SectionHead } from '../../chain/car/car-section.ts';
import { equalBytes } from '../../chain/encoding/bytes.ts';
import { type CID, HASH_IDENTITY } from '../../chain/encoding/cid.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { type CarIndex, indexLookup } from './car-index.ts';

/** What a thread needs to read an opened file; goes to workers by structured clone, the index by reference. */
export interface CarHandle {
  readonly path: string;
  /** Of the whole file, in bytes: another size later means that it is another file. */
  readonly size: number;
  readonly index: CarIndex;
}

export interface CarReader {
  /**
   * Throws `CAR_CHANGED` when the file is not what was opened, `CAR_BLOCK_TOO_LONG` for a raw block that is not to be
   * held in memory.
   */
  readonly get: GetBlock;
  has(cid: CID): boolean;
  close(): void;
}

const FIRST_READ = 4096;

/**
 * Opens the file of a handle once more, for this thread; throws `CAR_CHANGED`, or the system's error when it is gone.
 */
export function openHandle(handle: CarHandle): CarReader {
  const sections = openSections(handle.path, handle.size);
  const find = indexLookup(handle.index, sections.hasCid);
  return {
    get(cid) {
      if (cid.multihash.code === HASH_IDENTITY) return cid.multihash.digest;
      const offset = find(cid.bytes);
      return offset === undefined ? undefined : sections.blockAt(offset);
    },
    has: (cid) => cid.multihash.code === HASH_IDENTITY || find(cid.bytes) !== undefined,
    close: sections.close,
  };
}

/** Sections of a file by their offset. */
export interface Sections {
  hasCid(offset: number, cid: Uint8Array): boolean;
  isSameCid(a: number, b: number): boolean;
  /** The CID's bytes, good until the next call. */
  cidAt(offset: number): Uint8Array;
  blockAt(offset: number): Uint8Array;
  close(): void;
}

/** Opens a CAR file of this size to read sections whose offsets are known. */
export function openSections(path: string, size: number): Sections {
  const fd = openSync(path, 'r');
  const first = new Uint8Array(FIRST_READ);
  let last: { readonly offset: number; readonly head: SectionHead } | null = null;
  // What was looked up is read next: its first bytes are there already.
  const head = (offset: number): SectionHead => {
    if (last?.offset !== offset) {
      last = null;
      last = { offset, head: readHead(fd, first, offset, size - offset) };
    }
    return last.head;
  };
  const cidAt = (offset: number): Uint8Array => {
    const { cidStart, cidEnd } = head(offset);
    return first.subarray(cidStart, cidEnd);
  };
  if (fstatSync(fd).size !== size) {
    closeSync(fd);
    throw changed();
  }
  return {
    hasCid: (offset, cid) => equalBytes(cidAt(offset), cid),
    isSameCid(a, b) {
      const cid = cidAt(a).slice();
      return equalBytes(cidAt(b), cid);
    },
    cidAt,
    blockAt: (offset) => readBlock(fd, first, offset, head(offset)),
    close: () => closeSync(fd),
  };
}

function readHead(fd: number, first: Uint8Array, offset: number, left: number): SectionHead {
  const length = readSync(fd, first, 0, Math.min(FIRST_READ, left), offset);
  try {
    const head = readSectionHead(first.subarray(0, length), 0, left);
    if (head !== null) return head;
  } catch {
    // Reported below: when the file was opened, a section began here.
  }
  throw changed();
}

/** The block of the section whose first bytes lie in `first`. */
function readBlock(fd: number, first: Uint8Array, offset: number, { cidEnd, blockLength }: SectionHead): Uint8Array {
  if (blockLength > BLOCK_LENGTH_MAX)
    throw new MineOneError('CAR_BLOCK_TOO_LONG', `the block at byte ${offset} has ${blockLength} bytes; ${BLOCK_LENGTH_MAX} are read`);
  const bytes = new Uint8Array(blockLength);
  const ready = Math.min(blockLength, FIRST_READ - cidEnd);
  bytes.set(first.subarray(cidEnd, cidEnd + ready));
  for (let at = ready; at < blockLength; ) {
    const length = readSync(fd, bytes, at, blockLength - at, offset + cidEnd + at);
    if (length === 0) throw changed();
    at += length;
  }
  return bytes;
}

function changed(): MineOneError {
  return new MineOneError('CAR_CHANGED', 'the CAR file is not what it was when it was opened');
}
