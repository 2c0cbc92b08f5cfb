/**
 * Zstandard (RFC 8878) as a stream: any number of frames, skippable ones between. fzstd decodes the blocks; the frames
 * are walked here, because that is where memory and time are bounded: fzstd takes windows of 2 GB, moves the whole
 * window for each block, and goes one call deeper for each frame. Why not Node's own (`createZstdDecompress` of
 * node:zlib, from 22.15 and 23.8 on): it ends with the first frame, or at a skippable one, and says nothing of the rest
 * (24.21), earlier ones take a cut stream for a whole one (24.9), and Node 20 has none.
 */

import { Decompress } from 'fzstd';
import { concatBytes } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { ByteQueue } from './decompress-bytes.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const BLOCK_LENGTH_MAX = 128 * 1024;
/** The zstd tool's own limit without `--long`. */
const WINDOW_LOG_MAX = 27;
const WINDOW_LOG_BLOCK = 17;
/**
 * Bytes of window that may be moved for each byte of output: 1,024 are needed with full blocks in the largest window, 4
 * GiB are free.
 */
const MOVES_MAX = 1100;
const MOVES_FREE_BYTES = 4 * 2 ** 30;

/** Bytes that came out, and bytes of window that fzstd moved for them. */
interface Work {
  out: number;
  moved: number;
}

interface Frame {
  readonly windowLog: number;
  readonly hasChecksum: boolean;
}

/** Whether a stream with these first 4 bytes is Zstandard. */
export function isZstd(first: Uint8Array): boolean {
  return first.length >= 4 && (uint32(first) === MAGIC || isSkippable(uint32(first)));
}

/**
 * The frames' bytes in order. Throws `SOURCE_TRUNCATED`, `SOURCE_CORRUPT`, `SOURCE_TRAILING`, `SOURCE_ZIP_BOMB`.
 * Checksums are passed over: the blocks' own hashes are checked later.
 */
export async function* unzstd(queue: ByteQueue): AsyncGenerator<Uint8Array> {
  const work: Work = { out: 0, moved: 0 };
  try {
    while ((await queue.peek(1)).length > 0) {
      const magic = uint32(await queue.take(4));
      if (isSkippable(magic)) await queue.skip(uint32(await queue.take(4)));
      else if (magic === MAGIC) yield* frame(queue, work);
      else throw new MineOneError('SOURCE_TRAILING', 'bytes follow the end of a Zstandard frame that begin no other');
    }
  } finally {
    await queue.close();
  }
}

async function* frame(queue: ByteQueue, work: Work): AsyncGenerator<Uint8Array> {
  const { windowLog, hasChecksum } = await readFrameHeader(queue);
  let push: ((bytes: Uint8Array, isLast: boolean) => Uint8Array[]) | undefined;
  for (let isLast = false; !isLast; ) {
    const block = await readBlock(queue);
    isLast = block.isLast;
    // The one block of a frame needs no window beyond itself, whatever was declared: archives of many small frames
    // would pay for it each time.
    const log = push === undefined && isLast ? Math.min(windowLog, WINDOW_LOG_BLOCK) : windowLog;
    push ??= decoder(log);
    work.moved += 2 ** log;
    if (work.moved > MOVES_FREE_BYTES + MOVES_MAX * work.out) {
      throw new MineOneError('SOURCE_ZIP_BOMB', `blocks much smaller than their window of ${2 ** log} bytes would take forever`);
    }
    for (const bytes of push(block.bytes, isLast)) {
      work.out += bytes.length;
      yield bytes;
    }
  }
  if (hasChecksum) await queue.take(4);
}

/** RFC 8878, 3.1.1.1: descriptor, window, dictionary and content size. */
async function readFrameHeader(queue: ByteQueue): Promise<Frame> {
  const descriptor = (await queue.take(1))[0] as number;
  if ((descriptor & 8) !== 0) throw corrupt('a reserved bit is set');
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const window = isSingleSegment ? 0 : ((await queue.take(1))[0] as number);
  const dictionary = await queue.take([0, 1, 2, 4][descriptor & 3] as number);
  if (dictionary.some((byte) => byte !== 0)) throw corrupt('it needs a dictionary');
  const contentSize = await readContentSize(queue, descriptor >> 6, isSingleSegment);
  // Base and eighths of a window round up to the next power of two.
  const windowLog = isSingleSegment ? Math.max(10, Math.ceil(Math.log2(contentSize))) : 10 + (window >> 3) + ((window & 7) === 0 ? 0 : 1);
  if (windowLog > WINDOW_LOG_MAX) throw corrupt(`it needs a window of 2^${windowLog} bytes; 2^${WINDOW_LOG_MAX} are allowed`);
  return { windowLog, hasChecksum: (descriptor & 4) !== 0 };
}

async function readContentSize(queue: ByteQueue, flag: number, isSingleSegment: boolean): Promise<number> {
  const bytes = await queue.take(flag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** flag);
  return bytes.reduceRight((value, byte) => value * 256 + byte, flag === 1 ? 256 : 0);
}

/** A block with its 3 bytes of head (RFC 8878, 3.1.1.2). */
async function readBlock(queue: ByteQueue): Promise<{ readonly bytes: Uint8Array; readonly isLast: boolean }> {
  const head = await queue.peek(3);
  const value = (head[0] ?? 0) | ((head[1] ?? 0) << 8) | ((head[2] ?? 0) << 16);
  const type = (value >> 1) & 3;
  const length = value >> 3;
  if (type === 3) throw corrupt('a block of the reserved type');
  if (length > BLOCK_LENGTH_MAX) throw corrupt(`a block of ${length} bytes; ${BLOCK_LENGTH_MAX} are allowed`);
  return { bytes: await queue.take(3 + (type === 1 ? 1 : length)), isLast: (value & 1) !== 0 };
}

/** One frame's decoder: fzstd behind a frame header of our own, with this window and nothing else. */
function decoder(windowLog: number): (bytes: Uint8Array, isLast: boolean) => Uint8Array[] {
  let out: Uint8Array[] = [];
  const stream = new Decompress((bytes) => void out.push(bytes));
  let header = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3);
  return (bytes, isLast) => {
    out = [];
    try {
      stream.push(concatBytes(header, bytes), isLast);
    } catch (cause) {
      throw corrupt((cause as Error).message, cause);
    }
    header = new Uint8Array(0);
    if (out.some(({ length }) => length > BLOCK_LENGTH_MAX)) throw corrupt('a block longer than is allowed');
    return out;
  };
}

function corrupt(what: string, cause?: unknown): MineOneError {
  return new MineOneError('SOURCE_CORRUPT', `the Zstandard stream cannot be read: ${what}`, { cause });
}

function isSkippable(magic: number): boolean {
  return magic >>> 4 === SKIPPABLE >>> 4;
}

function uint32(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}
