/**
 * Where an audit reads from: a file, or standard input as `-`, plain, gzip or Zstandard. A plain file is read where it
 * lies; all else goes through a temporary file, so that it can be read again.
 */

import { createReadStream, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { addAbortSignal, type Readable } from 'node:stream';
import { MineOneError } from '../../errors/mineone-error.ts';
import { checkIsNoStranger, compressionOf, decompress, limitExpansion, STRANGER_LENGTH } from './decompress.ts';
import { byteQueue } from './decompress-bytes.ts';
import { createTempFile, type TempFile } from './source-temp.ts';

export interface SourceOptions {
  /** Folder for temporary files; the system's if not given. */
  readonly tempDir?: string | undefined;
  /** Bytes read of the source as it lies there, and how many there are; null for standard input and pipes. */
  readonly onProgress?: ((bytes: number, total: number | null) => void) | undefined;
  /** Most bytes of the plain file. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Source {
  /** A file with the plain bytes; it holds each chunk by the time the chunk is given. */
  readonly path: string;
  /** Plain bytes; null when that is not known before the last chunk. */
  readonly size: number | null;
  /** The plain bytes, once; a chunk is good until the next one. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Removes the temporary file, if there is one. */
  close(): Promise<void>;
}

const STDIN = '-';
const READ_LENGTH = 1024 * 1024;
const STREAM_READ_LENGTH = 256 * 1024;

/**
 * Throws `SOURCE_MISSING`, `SOURCE_UNREADABLE`, `SOURCE_DIRECTORY`, `SOURCE_TERMINAL`, `SOURCE_TOO_LARGE`,
 * `SOURCE_NOT_CAR`; the chunks throw what reading, unpacking and the temporary file throw.
 */
export async function openSource(source: string, options: SourceOptions = {}): Promise<Source> {
  options.signal?.throwIfAborted();
  if (source === STDIN) {
    if (process.stdin.isTTY) throw new MineOneError('SOURCE_TERMINAL', 'standard input is a terminal; pipe a CAR file into it');
    return spool(process.stdin, null, options, 'standard input');
  }
  try {
    const info = await stat(source);
    if (info.isDirectory()) throw new MineOneError('SOURCE_DIRECTORY', `${source} is a directory; expected a CAR file`);
    if (info.isCharacterDevice() || info.isBlockDevice()) throw ofDevice(info, source);
    if (!info.isFile()) return spool(createReadStream(source, { highWaterMark: STREAM_READ_LENGTH }), null, options, source);
    const handle = await open(source);
    const buffer = Buffer.alloc(STRANGER_LENGTH);
    const { bytesRead } = await handle.read(buffer, 0, STRANGER_LENGTH, 0);
    const first = buffer.subarray(0, bytesRead);
    if (compressionOf(first) === 'none') return await inPlace(source, handle, first, info.size, options);
    await handle.close();
    return spool(createReadStream(source, { highWaterMark: STREAM_READ_LENGTH }), info.size, options, source);
  } catch (error) {
    throw readError(error, source);
  }
}

async function inPlace(path: string, handle: FileHandle, first: Uint8Array, size: number, options: SourceOptions): Promise<Source> {
  const close = () => handle.close();
  try {
    checkIsNoStranger(first, path);
  } catch (error) {
    await close();
    throw error;
  }
  if (size > (options.maxBytes ?? Number.POSITIVE_INFINITY)) {
    await close();
    throw new MineOneError('SOURCE_TOO_LARGE', `${path} has ${size} bytes; ${options.maxBytes} are allowed`);
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(READ_LENGTH);
    try {
      for (let at = 0; ; ) {
        options.signal?.throwIfAborted();
        const { bytesRead } = await handle.read(buffer, 0, READ_LENGTH, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        options.onProgress?.(at, size);
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await close();
    }
  }
  return { path, size, chunks: chunks(), close };
}

/** What ends a read at once is empty; what else a device gives may never end. */
function ofDevice({ rdev }: Stats, source: string): MineOneError {
  const what = rdev === statSync(devNull).rdev ? 'empty' : 'a device';
  return new MineOneError('SOURCE_NOT_CAR', `${source} is ${what}, not a CAR file; name a file, or pipe one in and name it -`);
}

function spool(stream: Readable, total: number | null, options: SourceOptions, name: string): Source {
  if (options.signal !== undefined) addAbortSignal(options.signal, stream);
  // Errors reach the reader of the chunks; without one (closed at once), they have nobody to tell.
  stream.on('error', () => undefined);
  const temp = createTempFile(options.tempDir);
  return {
    path: temp.path,
    size: null,
    chunks: spooled(stream, total, options, name, temp),
    async close() {
      stream.destroy();
      temp.remove();
    },
  };
}

async function* spooled(stream: Readable, total: number | null, options: SourceOptions, name: string, temp: TempFile): AsyncGenerator<Uint8Array> {
  let read = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        read += chunk.length;
        options.onProgress?.(read, total);
        yield chunk;
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      throw readError(error, name);
    }
  }
  const queue = byteQueue(counted());
  const plain = byteQueue(decompress(queue, compressionOf(await queue.peek(4))));
  checkIsNoStranger(await plain.peek(STRANGER_LENGTH), name);
  for await (const chunk of limitExpansion(plain.rest(), () => read, options.maxBytes ?? Number.POSITIVE_INFINITY)) {
    options.signal?.throwIfAborted();
    temp.append(chunk);
    yield chunk;
  }
}

function readError(error: unknown, name: string): unknown {
  if (error instanceof MineOneError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  if (code === 'ENOENT') return new MineOneError('SOURCE_MISSING', `there is no file ${name}`, { cause: error });
  return new MineOneError('SOURCE_UNREADABLE', `${name} cannot be read: ${message}`, { cause: error });
}
