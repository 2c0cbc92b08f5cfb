/** Takes gzip (RFC 1952) and Zstandard (RFC 8878) off a stream, known by their first bytes, and stops what expands without end. */

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { MineOneError } from '../chain/error.ts';
import type { ByteQueue } from './decompress-bytes.ts';
import { isZstd, unzstd } from './decompress-zstd.ts';

export type Compression = 'gzip' | 'zstd' | 'none';

/** Chain data is mostly hashes and signatures and shrinks to a third or half; nothing honest comes near 200. */
const EXPANSION_MAX = 200;
const EXPANSION_FREE_BYTES = 256 * 1024 * 1024;
const GUNZIP_CHUNK = 256 * 1024;

/** How a file that begins with these (at least 4) bytes is compressed; no CAR file begins like one that is. */
export function compressionOf(first: Uint8Array): Compression {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  return isZstd(first) ? 'zstd' : 'none';
}

/** The plain bytes. Throws `SOURCE_TRUNCATED`, `SOURCE_CORRUPT`, `SOURCE_TRAILING`, `SOURCE_ZIP_BOMB`. */
export function decompress(queue: ByteQueue, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === 'gzip') return gunzip(queue);
  return compression === 'zstd' ? unzstd(queue) : queue.rest();
}

async function* gunzip(queue: ByteQueue): AsyncGenerator<Uint8Array> {
  let fed = 0;
  const count = async function* () {
    for await (const chunk of queue.rest()) {
      fed += chunk.length;
      yield chunk;
    }
  };
  const stream = createGunzip({ chunkSize: GUNZIP_CHUNK });
  const feeding = pipeline(Readable.from(count(), { objectMode: false }), stream).catch((error: unknown) => error);
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    throw gzipError(error as NodeJS.ErrnoException);
  } finally {
    stream.destroy();
    await feeding;
  }
  // zlib stops at bytes that begin no further member and leaves them unread.
  if (stream.bytesWritten !== fed) throw new MineOneError('SOURCE_TRAILING', `bytes follow the end of the gzip stream at byte ${stream.bytesWritten}`);
}

function gzipError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'Z_BUF_ERROR') return new MineOneError('SOURCE_TRUNCATED', 'the gzip stream ends before its own end', { cause: error });
  if (error.code?.startsWith('Z_') === true) return new MineOneError('SOURCE_CORRUPT', `the gzip stream is corrupt: ${error.message}`, { cause: error });
  return error;
}

/** The same chunks, as long as they stay below `maxBytes` and, beyond 256 MiB, below 200 times what was read; throws `SOURCE_TOO_LARGE`, `SOURCE_ZIP_BOMB`. */
export async function* limitExpansion(chunks: AsyncIterable<Uint8Array>, bytesRead: () => number, maxBytes: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > maxBytes) throw new MineOneError('SOURCE_TOO_LARGE', `the source has more than the ${maxBytes} bytes that are allowed`);
    if (total > EXPANSION_FREE_BYTES && total > EXPANSION_MAX * bytesRead()) {
      throw new MineOneError('SOURCE_ZIP_BOMB', `${bytesRead()} bytes of the source expand to more than ${total}; no chain does`);
    }
    yield chunk;
  }
}
