/** Sources: real streams of gzip and Zstandard, a real pipe, cut and corrupt ones, temporary files. */

import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openSource, type SourceOptions } from '../../../src/audit/source/source.ts';
import { writeWhole } from '../../../src/audit/source/source-temp.ts';
import { writeCar } from '../../../src/chain/car/car.ts';
import { concatBytes, equalBytes, fromHex, fromUtf8, toHex } from '../../../src/chain/encoding/bytes.ts';
import { cidOf } from '../../../src/chain/encoding/cid.ts';
import { MineOneError } from '../../../src/errors/mineone-error.ts';

const root = new URL('../../../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'mineone-test-source-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `source-${files++}`);
  writeFileSync(path, bytes);
  return path;
}

async function read(path: string, options?: SourceOptions): Promise<Uint8Array> {
  const source = await openSource(path, { tempDir: folder, ...options });
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.chunks) chunks.push(chunk.slice());
    const bytes = concatBytes(...chunks);
    expect(readFileSync(source.path).equals(bytes), 'the file holds the chunks').toBe(true);
    return bytes;
  } finally {
    await source.close();
  }
}

/** `ok`, or the code of the error. */
async function outcome(bytes: Uint8Array, options?: SourceOptions): Promise<string> {
  try {
    await read(fileOf(bytes), options);
    return 'ok';
  } catch (error) {
    if (error instanceof MineOneError) return error.code;
    throw error;
  }
}

/** The CAR file in car-frames.zst (zstd 1.5.4: -19, -1, -3, an empty and skippable frames): 20 blocks over and over. */
const distinct = Array.from({ length: 20 }, (_, i) => fromUtf8(`block ${i} `.repeat(20))).map((bytes) => ({ bytes, cid: cidOf(bytes) }));
const plain = concatBytes(
  ...writeCar(
    distinct.slice(0, 1).map(({ cid }) => cid),
    Array.from({ length: 700 }, (_, i) => distinct[i % 20] as (typeof distinct)[number]),
  ),
);
const framesPath = new URL('test/vectors/car-frames.zst', root);
const frames = new Uint8Array(readFileSync(framesPath));

/** One raw block. */
function zstdCompressed(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  return concatBytes(fromHex('28b52ffd20'), Uint8Array.of(bytes.length, (bytes.length << 3) | 1, 0, 0), bytes);
}

describe('what is no CAR file', () => {
  const html = '<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>gone</body></html>\n';
  const tar = new Uint8Array(1024);
  tar.set(fromUtf8('ustar'), 257);
  const strangers: Readonly<Record<string, readonly [bytes: Uint8Array, says: RegExp]>> = {
    'an HTML page': [fromUtf8(html), /is an HTML page, not a CAR file/],
    xz: [fromHex('fd377a585a000004e6d6b446'), /is an xz file, not a CAR file; unpack it with `xz -d`/],
    zip: [fromHex('504b0304140000000800'), /is a zip archive/],
    bzip2: [fromUtf8('BZh91AY&SY'), /is a bzip2 file/],
    'a tar archive': [tar, /is a tar archive/],
    JSON: [fromUtf8('{"jsonrpc":"2.0","error":{}}'), /is JSON/],
    'gzip in gzip': [gzipSync(gzipSync(plain)), /is compressed twice/],
    'zstd in gzip': [gzipSync(readFileSync(framesPath)), /is compressed twice/],
    'a page in gzip': [gzipSync(html), /is an HTML page/],
    'zip in zstd': [zstdCompressed('504b0304140000000800'), /is a zip archive/],
    text: [fromUtf8('Not found\n'), /is text, not a CAR file; a download often ends so/],
    'text of many tongues, cut within a letter': [fromUtf8(`${'x'.repeat(511)}ж${'ж'.repeat(600)}`), /is text/],
    'text with colours': [fromUtf8('\u001b[31merror\u001b[0m: no such key\n'), /is text/],
    'text in UTF-16': [fromHex('fffe4e006f00'), /is text in UTF-16/],
    'text in gzip': [gzipSync('Not found\n'), /is text/],
    'a list in JSON': [fromUtf8('\n[\n  1\n]\n'), /is JSON/],
    'an object of JSON without a field': [fromUtf8('{}\n'), /is JSON/],
    XML: [fromUtf8('\ufeff<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), /is an XML page/],
    'a program': [fromHex('7f454c460201010000000000'), /is a program/],
    nothing: [new Uint8Array(0), /is empty, not a CAR file/],
    'nothing in gzip': [gzipSync(''), /is empty, not a CAR file/],
  };

  it.skipIf(!existsSync('/dev/zero'))('is named: a device, and one that gives nothing', async () => {
    const says = (message: RegExp) => expect.objectContaining({ code: 'SOURCE_NOT_CAR', message: expect.stringMatching(message) });
    await expect(openSource('/dev/zero')).rejects.toThrow(says(/^\/dev\/zero is a device, not a CAR file; /));
    await expect(openSource('/dev/null')).rejects.toThrow(says(/^\/dev\/null is empty, not a CAR file; /));
  });

  it('is not taken for text that is a CAR file cut after any byte', async () => {
    for (let length = 1; length < 100; length++) expect(await outcome(plain.subarray(0, length)), `cut to ${length}`).toBe('ok');
  });

  it.for(Object.entries(strangers))('is named: %s', async ([, [bytes, says]]) => {
    await expect(read(fileOf(bytes))).rejects.toThrow(expect.objectContaining({ code: 'SOURCE_NOT_CAR', message: expect.stringMatching(says) }));
  });
});

describe('a source', () => {
  it('is read where it lies when it is plain, and says how far it is', async () => {
    const path = fileOf(plain);
    const source = await openSource(path, { tempDir: join(folder, 'none') });
    expect([source.path, source.size]).toEqual([path, plain.length]);
    await source.close();
    const seen: (readonly [number, number | null])[] = [];
    expect(equalBytes(await read(path, { onProgress: (bytes, total) => seen.push([bytes, total]) }), plain)).toBe(true);
    expect(seen.at(-1)).toEqual([plain.length, plain.length]);
  });

  it('in gzip, also of several members, gives what gunzip gives', async () => {
    expect(equalBytes(await read(fileOf(gzipSync(plain))), plain)).toBe(true);
    const members = concatBytes(gzipSync(plain.subarray(0, 1000)), gzipSync(new Uint8Array(0)), gzipSync(plain.subarray(1000)));
    expect(equalBytes(await read(fileOf(members)), plain)).toBe(true);
    const seen: (readonly [number, number | null])[] = [];
    await read(fileOf(members), { onProgress: (bytes, total) => seen.push([bytes, total]) });
    expect(seen.at(-1)).toEqual([members.length, members.length]);
  });

  it('in Zstandard, of many frames and skippable ones, gives what zstd gives', async () => {
    expect(equalBytes(await read(fileOf(frames)), plain)).toBe(true);
    expect(equalBytes(await read(fileOf(concatBytes(frames, frames))), concatBytes(plain, plain))).toBe(true);
  });

  it('that is a named pipe is read once', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', fileOf(frames), pipe]);
    const ended = new Promise((resolve) => writer.on('exit', resolve));
    expect(equalBytes(await read(pipe), plain)).toBe(true);
    await ended;
  });

  it('that is not there, or no file, is refused', async () => {
    await expect(openSource(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
    await expect(openSource(folder)).rejects.toMatchObject({ code: 'SOURCE_DIRECTORY' });
    await expect(openSource(join(fileOf(plain), 'below-a-file'))).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    await expect(openSource(fileOf(frames), { tempDir: join(folder, 'nothing') })).rejects.toMatchObject({ code: 'SOURCE_TEMP' });
  });

  it('stops when it is told to', async () => {
    const reason = new Error('enough');
    await expect(openSource(fileOf(plain), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    for (const bytes of [plain, frames, gzipSync(plain)]) {
      const controller = new AbortController();
      await expect(read(fileOf(bytes), { signal: controller.signal, onProgress: () => controller.abort(reason) })).rejects.toBe(reason);
    }
  });

  it('larger than is allowed is refused, packed or not', async () => {
    for (const bytes of [plain, frames, gzipSync(plain)]) {
      expect(await outcome(bytes, { maxBytes: plain.length - 1 })).toBe('SOURCE_TOO_LARGE');
      expect(await outcome(bytes, { maxBytes: plain.length })).toBe('ok');
    }
  });
});

describe('a damaged stream', () => {
  const small = plain.subarray(0, 700);

  it('of gzip, cut anywhere', async () => {
    const packed = gzipSync(small);
    for (let length = 2; length < packed.length; length++) expect(await outcome(packed.subarray(0, length)), `cut to ${length}`).toBe('SOURCE_TRUNCATED');
  });

  it('of gzip, with any byte flipped, is an error or the same bytes', async () => {
    const packed = new Uint8Array(gzipSync(small));
    for (let i = 2; i < packed.length; i++) {
      const flipped = packed.slice();
      (flipped[i] as number) ^= 1 << (i % 8);
      const code = await outcome(flipped);
      if (code === 'ok') expect(gunzipSync(flipped).equals(small), `byte ${i}`).toBe(true);
      else expect(code, `byte ${i}`).toMatch(/^SOURCE_(CORRUPT|TRUNCATED|TRAILING)$/);
    }
  });

  it('of either, with bytes behind its end', async () => {
    for (const rest of [fromUtf8('x'), new Uint8Array(20), fromUtf8('more than a few bytes'), new Uint8Array(300_000).fill(1)]) {
      // zlib takes what is not zero for a member that begins.
      expect(await outcome(concatBytes(gzipSync(small), rest))).toBe(
        rest[0] === 0 ? 'SOURCE_TRAILING' : rest.length === 1 ? 'SOURCE_TRUNCATED' : 'SOURCE_CORRUPT',
      );
      expect(await outcome(concatBytes(frames, rest))).toBe(rest.length < 4 ? 'SOURCE_TRUNCATED' : 'SOURCE_TRAILING');
    }
  });
});

describe('a hostile Zstandard stream', () => {
  const magic = '28b52ffd';
  const block = (type: number, length: number, isLast: boolean) => {
    const value = (length << 3) | (type << 1) | (isLast ? 1 : 0);
    return Uint8Array.of(value, value >>> 8, value >>> 16);
  };
  const rle = (length: number, isLast = false) => concatBytes(block(1, length, isLast), Uint8Array.of(7));
  const frame = (header: string, ...blocks: Uint8Array[]) => concatBytes(fromHex(magic + header), ...blocks);
  const table: readonly (readonly [name: string, bytes: Uint8Array, code: string])[] = [
    ['a window of 2 GB', frame('00a8', rle(1, true)), 'SOURCE_CORRUPT'],
    ['a segment of 2 GB', frame('a000000080', rle(1, true)), 'SOURCE_CORRUPT'],
    ['a segment of 2^60 bytes', frame('e00000000000000010', rle(1, true)), 'SOURCE_CORRUPT'],
    ['a dictionary', frame('015805', rle(1, true)), 'SOURCE_CORRUPT'],
    ['a reserved bit', frame('0858', rle(1, true)), 'SOURCE_CORRUPT'],
    ['a block of the reserved type', frame('0058', block(3, 1, true), Uint8Array.of(1)), 'SOURCE_CORRUPT'],
    ['a run of 2 MB', frame('0058', rle(2_000_000, true)), 'SOURCE_CORRUPT'],
    ['a raw block longer than its window', frame('0000', block(0, 5000, true), new Uint8Array(5000)), 'SOURCE_CORRUPT'],
    ['a compressed block of nothing', frame('0058', block(2, 3, true), new Uint8Array(3)), 'SOURCE_NOT_CAR'],
    ['a skippable frame of 4 GB', concatBytes(fromHex('502a4d18ffffffff'), new Uint8Array(100)), 'SOURCE_TRUNCATED'],
    ['a hundred thousand skippable frames', concatBytes(fromHex('502a4d1800000000'.repeat(100_000)), frames), 'ok'],
    ['ten thousand empty frames', concatBytes(...new Array<Uint8Array>(10_000).fill(frame('0058', block(0, 0, true))), frames), 'ok'],
    ['blocks of one byte in the largest window', frame('0088', ...new Array<Uint8Array>(10_000).fill(rle(1)), rle(1, true)), 'SOURCE_ZIP_BOMB'],
  ];
  it.each(table)('%s', async (_name, bytes, code) => {
    const before = process.memoryUsage().rss;
    expect(await outcome(bytes)).toBe(code);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  });

  it('of 1 KB that would be 33 MB is taken, of 130 KB that would be 4 GB is not', async () => {
    const runs = (count: number) => frame('0038', fromHex(toHex(rle(131_072)).repeat(count)), rle(1, true));
    const source = await openSource(fileOf(runs(250)), { tempDir: folder });
    let total = 0;
    for await (const chunk of source.chunks) total += chunk.length;
    await source.close();
    expect(total).toBe(250 * 131_072 + 1);
    expect(await outcome(runs(32_768))).toBe('SOURCE_ZIP_BOMB');
  });
});

describe('a temporary file', () => {
  const temp = join(folder, 'temp');
  mkdirSync(temp);
  const script = `
    import { openSource } from ${JSON.stringify(new URL('src/audit/source/source.ts', root).href)};
    const source = await openSource('-', { tempDir: ${JSON.stringify(temp)} });
    try {
      let bytes = 0;
      for await (const chunk of source.chunks) process.stdout.write((bytes += chunk.length) + '\\n');
      process.stdout.write('end\\n');
      if (process.argv[1] === 'leave') process.exit(0);
    } catch (error) {
      process.stdout.write(error.code + '\\n');
    }
    await source.close();`;
  const child = (limit: string, ...args: string[]) =>
    spawn('sh', ['-c', `${limit} exec "$0" --import tsx --input-type=module -e "$1" "$2"`, process.execPath, script, ...args], { cwd: root });

  /** Runs a child on these bytes; after the first line on its output, `then` may end it. */
  async function run(process: ReturnType<typeof child>, bytes: Uint8Array, then?: (process: ReturnType<typeof child>) => void) {
    let out = '';
    let during: string[] = [];
    process.stdout.on('data', (text: Buffer) => {
      if (out === '') {
        during = readdirSync(temp);
        then?.(process);
      }
      out += text.toString();
    });
    process.stdin.on('error', () => undefined);
    process.stdin.write(bytes);
    if (then === undefined) process.stdin.end();
    const signal = await new Promise((resolve) => process.on('exit', (_code, name) => resolve(name)));
    return { out, during, signal, after: readdirSync(temp) };
  }

  it('takes standard input from a pipe, packed or not, and is gone when closed and when the process ends', async () => {
    for (const bytes of [plain, frames, gzipSync(plain)]) {
      const { out, after } = await run(child(''), bytes);
      expect(out).toMatch(new RegExp(`\\b${plain.length}\\nend\\n$`));
      expect(after).toEqual([]);
    }
    expect((await run(child('', 'leave'), plain)).after).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is gone after %s, which ends the process as ever', async (signal) => {
    const { during, after, signal: ended } = await run(child(''), plain, (process) => process.kill(signal));
    expect([during.length, after.length, ended]).toEqual([1, 0, signal]);
  });

  it('without room is a clear error: a limit on the size of files', async () => {
    const { out, after } = await run(child('ulimit -f 100;'), frames);
    expect(out).toMatch(/SOURCE_TEMP_FULL\n$/);
    expect(after).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full'))('without room is a clear error: a full disk', () => {
    const fd = openSync('/dev/full', 'w');
    expect(() => writeWhole(fd, plain, '/dev/full')).toThrow(expect.objectContaining({ code: 'SOURCE_TEMP_FULL' }));
    closeSync(fd);
  });
});
