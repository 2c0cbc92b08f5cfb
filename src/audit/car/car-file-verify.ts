/**
 * Checks blocks of a CAR file against the hashes in their CIDs, range by range, in whatever thread it is called
 * (docs/protocol.md 4.8: every block, also those that nothing refers to).
 */

import { closeSync, openSync, readSync } from 'node:fs';
import { type BlockCheck, blockCheck } from '../../chain/car/car-hash.ts';
import { finishCar, parseCar, sectionParser } from '../../chain/car/car-parser.ts';
import { type CID, decodeCid, matchesCid } from '../../chain/encoding/cid.ts';
import { blake2b256 } from '../../chain/encoding/hash.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { headerCounter } from './header-count.ts';

/** Bytes `from` (the first of a section) to `to` (the end of one) of a file. */
export interface CarRange {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Goes between threads, so the error is data. */
export interface RangeReport {
  readonly blocks: number;
  /** Blocks whose hash function is not known: neither right nor wrong. */
  readonly unknownHash: number;
  /** Block headers among them, those that come again too. */
  readonly headers: number;
  readonly firstError: { readonly code: string; readonly message: string; readonly offset: number } | null;
}

const READ_LENGTH = 256 * 1024;

interface Section {
  readonly cid: CID;
  readonly offset: number;
  /** Of a block that comes in pieces. */
  check: BlockCheck | null;
}

/**
 * Hashes every block of the range and stops at the first that is not its CID's (`CAR_BLOCK_HASH`); holds 256 KiB,
 * whatever the blocks' lengths, and one block that begins like a header. `hash` is what hashes a block that comes
 * whole, as nearly all do.
 */
export function verifySections(range: CarRange, hash: typeof blake2b256 = blake2b256): RangeReport {
  const report = { blocks: 0, unknownHash: 0 };
  const headers = headerCounter();
  let section: Section | null = null;
  const parser = sectionParser(range.from, range.to);
  try {
    for (const chunk of chunksOf(range)) {
      for (const event of parseCar(parser, chunk)) {
        if (event.type === 'section') {
          section = { cid: decodeCid(event.cid), offset: event.offset, check: null };
          headers.begin(section.cid);
        } else if (event.type === 'piece' && section !== null) {
          const isRight = isRightSoFar(section, event, hash);
          headers.add(event.bytes, event.isLast);
          if (!event.isLast) continue;
          if (isRight === false)
            throw new MineOneError('CAR_BLOCK_HASH', `the block at byte ${section.offset} of the CAR file is not that of its CID ${section.cid}`);
          report.blocks++;
          if (isRight === null) report.unknownHash++;
        }
      }
    }
    finishCar(parser);
    return { ...report, headers: headers.count(), firstError: null };
  } catch (error) {
    if (!(error instanceof MineOneError)) throw error;
    return { ...report, headers: headers.count(), firstError: { code: error.code, message: error.message, offset: section?.offset ?? range.from } };
  }
}

/** Whether the block is its CID's, once its last piece is there. */
function isRightSoFar(section: Section, { bytes, isLast }: { readonly bytes: Uint8Array; readonly isLast: boolean }, hash: typeof blake2b256): boolean | null {
  if (section.check === null && isLast) return matchesCid(section.cid, bytes, hash);
  section.check ??= blockCheck(section.cid);
  section.check.update(bytes);
  return isLast ? section.check.end() : null;
}

/** The range's bytes in one buffer, used again and again. */
function* chunksOf({ path, from, to }: CarRange): Generator<Uint8Array> {
  const fd = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(Math.min(READ_LENGTH, to - from));
    for (let at = from; at < to; ) {
      const length = readSync(fd, buffer, 0, Math.min(buffer.length, to - at), at);
      if (length === 0) return;
      yield buffer.subarray(0, length);
      at += length;
    }
  } finally {
    closeSync(fd);
  }
}
