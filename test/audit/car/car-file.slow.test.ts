/**
 * A CAR file much larger than the memory it is opened with, and a bomb: the real process, its peak of memory measured.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create as createDigest } from 'multiformats/hashes/digest';
import { afterAll, describe, expect, it } from 'vitest';
import { writeCar } from '../../../src/chain/car/car.ts';
import { concatBytes, fromHex, fromUtf8 } from '../../../src/chain/encoding/bytes.ts';
import { CID, CODEC_DAG_CBOR, HASH_SHA2_256 } from '../../../src/chain/encoding/cid.ts';
import type { Block } from '../../../src/chain/ipld/block-store.ts';

const root = new URL('../../../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'mineone-test-large-'));
const temp = join(folder, 'temp');
mkdirSync(temp);
afterAll(() => rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;

/** SHA-256 as node has it, so that the test does not take longer to write blocks than to check them. */
function blockOf(i: number): Block {
  const bytes = fromUtf8(`block ${i} `.repeat(20 + (i % 11)));
  return { bytes, cid: CID.createV1(CODEC_DAG_CBOR, createDigest(HASH_SHA2_256, createHash('sha256').update(bytes).digest())) };
}

function* countUp(count: number): Generator<Block> {
  for (let i = 0; i < count; i++) yield blockOf(i);
}

/** Writes a CAR file in pieces of about a MiB; gives its length. */
function write(path: string, count: number): number {
  const fd = openSync(path, 'w');
  let length = 0;
  let parts: Uint8Array[] = [];
  const flush = () => {
    length += writeSync(fd, concatBytes(...parts));
    parts = [];
  };
  for (const part of writeCar([blockOf(0).cid], countUp(count))) if (parts.push(part) === 4096) flush();
  flush();
  closeSync(fd);
  return length;
}

const script = `
  import { openCar } from ${JSON.stringify(new URL('src/audit/car/car-file.ts', root).href)};
  import { openHandle } from ${JSON.stringify(new URL('src/audit/car/car-file-reader.ts', root).href)};
  import { CID } from ${JSON.stringify(new URL('src/chain/encoding/cid.ts', root).href)};
  const [path, ...cids] = process.argv.slice(1);
  const rssBefore = process.resourceUsage().maxRSS;
  const start = performance.now();
  const result = await openCar(path, { tempDir: ${JSON.stringify(temp)} }).then(async (file) => {
    const reader = openHandle(file.handle);
    const lengths = cids.map((cid) => reader.get(CID.parse(cid))?.length ?? null);
    await file.close();
    return { blocks: file.blocks, bytes: file.bytes, indexBytes: 2 * file.handle.index.low.byteLength, lengths };
  }, (error) => ({ code: error.code, message: error.message }));
  const secs = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ ...result, secs, rssBefore: rssBefore / 1024, rss: process.resourceUsage().maxRSS / 1024 }));`;

interface Result {
  readonly code?: string;
  readonly message?: string;
  readonly blocks?: number;
  readonly bytes?: number;
  readonly indexBytes?: number;
  readonly lengths?: readonly (number | null)[];
  readonly secs: number;
  /** Peak of the process in MiB, before opening and at the end. */
  readonly rssBefore: number;
  readonly rss: number;
}

/** Opens a source in a process with a heap of 64 MiB. */
async function open(...args: string[]): Promise<Result> {
  const child = spawn(process.execPath, ['--max-old-space-size=64', '--import', 'tsx', '--input-type=module', '-e', script, ...args], { cwd: root });
  let out = '';
  let errors = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(errors).toBe('');
  expect(code).toBe(0);
  const result = JSON.parse(out) as Result;
  console.log(`${args[0]?.split('/').pop()}: ${result.secs.toFixed(1)} s, peak ${result.rss.toFixed(0)} MiB, ${result.rssBefore.toFixed(0)} MiB of it before`);
  return result;
}

describe('a file larger than memory', () => {
  it('of 300 MB and a million blocks opens with a heap of 64 MiB', async () => {
    const path = join(folder, 'large.car');
    const count = 1_000_000;
    const length = write(path, count);
    expect(length).toBeGreaterThan(300 * MIB);
    const some = [0, 1, 12_345, 999_999, 1_000_000];
    const result = await open(path, ...some.map((i) => String(blockOf(i).cid)));
    expect(result).toMatchObject({ blocks: count, bytes: length });
    expect(result.lengths).toEqual(some.map((i) => (i < count ? blockOf(i).bytes.length : null)));
    expect(result.indexBytes).toBeLessThan(12 * count);
    // 21 bytes a block while the index is made, and the buffers: 100 MiB are ample.
    expect(result.rss - result.rssBefore).toBeLessThan(100);
  });
});

describe('a bomb', () => {
  const start = concatBytes(
    ...writeCar([blockOf(0).cid], [blockOf(0)]),
    // A raw block of 4 GiB, as a snapshot's F3 data may be one.
    fromHex('a48080801001551220'),
    new Uint8Array(32),
  );

  it('of 4 MB in gzip that would be 4 GiB is stopped early', async () => {
    const path = join(folder, 'bomb.car.gz');
    const zeros = gzipSync(new Uint8Array(64 * MIB));
    writeFileSync(path, concatBytes(gzipSync(start), ...new Array<Uint8Array>(64).fill(zeros)));
    const result = await open(path);
    expect(result.code).toBe('SOURCE_ZIP_BOMB');
    expect(result.message).toMatch(/ expand to more than (26|27)\d{7}; /);
    expect(result.rss - result.rssBefore).toBeLessThan(100);
    expect(readdirSync(temp)).toEqual([]);
  });

  it('of zeros alone is no CAR file from its first byte', async () => {
    const path = join(folder, 'zeros.gz');
    writeFileSync(path, gzipSync(new Uint8Array(256 * MIB)));
    const result = await open(path);
    expect(result.code).toBe('CAR_HEADER');
    expect(result.rss - result.rssBefore).toBeLessThan(50);
  });
});
