/**
 * Takes gzip (RFC 1952) and Zstandard (RFC 8878) off a stream, known by their first bytes, and stops what expands
 * without end.
 */

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { MineOneError } from '../../errors/mineone-error.ts';
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

/** What people hand over instead of a CAR file, by how it begins. */
const STRANGERS: readonly (readonly [name: string, mend: string, first: readonly number[]])[] = [
  ['an xz file', 'unpack it with `xz -d`', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['a zip archive', 'unpack it with `unzip`', [0x50, 0x4b, 0x03, 0x04]],
  ['a bzip2 file', 'unpack it with `bzip2 -d`', [0x42, 0x5a, 0x68]],
  ['a 7z archive', 'unpack it with `7z x`', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['an lz4 file', 'unpack it with `lz4 -d`', [0x04, 0x22, 0x4d, 0x18]],
  ['a rar archive', 'unpack it with `unrar x`', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['an empty zip archive', 'name a chain in a CAR file', [0x50, 0x4b, 0x05, 0x06]],
  ['a program', 'name a chain in a CAR file', [0x7f, 0x45, 0x4c, 0x46]],
  ['text in UTF-16', 'a shell may have written it so; look at it', [0xff, 0xfe]],
];
/** As many bytes as tell them apart. */
export const STRANGER_LENGTH = 512;

/**
 * Throws `SOURCE_NOT_CAR` for plain bytes that begin like something else that people know by name; `first` is up to
 * {@link STRANGER_LENGTH} of them.
 */
export function checkIsNoStranger(first: Uint8Array, name: string): void {
  if (first.length === 0) throw notCar(name, 'empty', 'see whether its download or the command before it came to an end');
  if (compressionOf(first) !== 'none') throw notCar(name, 'compressed twice', 'unpack it once with `gzip -d` or `zstd -d`');
  const known = STRANGERS.find(([, , magic]) => first.length >= magic.length && magic.every((byte, i) => first[i] === byte));
  if (known !== undefined) throw notCar(name, known[0], known[1]);
  if (isTar(first)) throw notCar(name, 'a tar archive', 'unpack it with `tar -x`');
  const text = textOf(first);
  if (text !== null) throw notCar(name, kindOfText(text), 'a download often ends so when its address is wrong; look at it');
}

/**
 * `null` for bytes that are no text. A CAR file's second byte, where its header's map begins, is never one of UTF-8;
 * its first alone may be.
 */
function textOf(first: Uint8Array): string | null {
  if (first.length < 2 || first.some(isControl)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(first, { stream: true });
  } catch {
    return null;
  }
}

/** But for those of lines and colours. */
function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== ESCAPE && (byte < 0x09 || byte > 0x0d);
}
const ESCAPE = 0x1b;

function kindOfText(text: string): string {
  const begin = text.trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(begin)) return 'an HTML page';
  if (/^<[?!a-z]/.test(begin)) return 'an XML page';
  return /^[{[]/.test(begin) ? 'JSON' : 'text';
}

function isTar(first: Uint8Array): boolean {
  return new TextDecoder().decode(first.subarray(257, 262)) === 'ustar';
}

function notCar(name: string, what: string, mend: string): MineOneError {
  return new MineOneError('SOURCE_NOT_CAR', `${name} is ${what}, not a CAR file; ${mend}`);
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

/**
 * The same chunks, as long as they stay below `maxBytes` and, beyond 256 MiB, below 200 times what was read; throws
 * `SOURCE_TOO_LARGE`, `SOURCE_ZIP_BOMB`.
 */
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
