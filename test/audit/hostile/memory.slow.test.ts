/**
 * Files made to fill memory, disk or time, given to the command in a process of its own: one line of error, soon, and
 * never more memory than an honest file takes.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../../src/chain/encoding/bytes.ts';
import { CID, CODEC_RAW, cidOf } from '../../../src/chain/encoding/cid.ts';
import { decode } from '../../../src/chain/encoding/codec.ts';
import { encodeVarint } from '../../../src/chain/encoding/leb128.ts';
import { message } from '../../../src/chain/message.ts';
import { entry } from '../../cli/run.ts';
import { DEVNET_NETWORK } from '../fixtures/devnet.ts';
import { carBytes, headed, type ShortChain, shortChainTo46 } from '../fixtures/hostile-car.ts';
import { messageBomb } from '../fixtures/message-bomb.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-memory-'));
const temp = mkdtempSync(join(tmpdir(), 'mineone-test-memory-temp-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(temp, { recursive: true });
});

/**
 * Says on fd 3 what the process took at most, in KiB. Linux hands a parent's maxRSS down to its children, but not the
 * high water mark of their memory.
 */
const PRELOAD = `data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync, writeSync } from 'node:fs';
  const status = '/proc/self/status';
  const most = () => (existsSync(status) ? /VmHWM:\\s+(\\d+)/.exec(readFileSync(status, 'utf8'))[1] : process.resourceUsage().maxRSS);
  process.on('exit', () => writeSync(3, String(most())));
`)}`;
const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly stderr: string;
  readonly mebibytes: number;
  readonly ms: number;
}

/** Audits bytes as a file, or (`-`) as standard input. */
async function audit(bytes: Uint8Array, by: 'file' | '-'): Promise<Run> {
  const path = join(folder, 'source');
  writeFileSync(path, bytes);
  const args = ['--import', PRELOAD, ...entry, 'audit', by === '-' ? '-' : path, '--network', DEVNET_NETWORK, '--from', '46'];
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, TMPDIR: temp }, stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
  const [stdin, , err, fd3] = child.stdio;
  const texts = ['', ''];
  err?.on('data', (text: Buffer) => (texts[0] += text.toString()));
  fd3?.on('data', (text: Buffer) => (texts[1] += text.toString()));
  stdin?.on('error', () => undefined);
  stdin?.end(by === '-' ? bytes : '');
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stderr: texts[0] as string, mebibytes: Number(texts[1]) / 1024, ms: performance.now() - start };
}

let made: ShortChain;
let honest: Uint8Array;
let baseline: Run;
beforeAll(async () => {
  made = await shortChainTo46();
  honest = carBytes(made.chain);
  baseline = await audit(honest, 'file');
}, 60_000);

const raw: CID = CID.createV1(CODEC_RAW, cidOf(new Uint8Array(1)).multihash);
const section = (length: bigint, cid = raw) => concatBytes(encodeVarint(length), cid.bytes);

describe('the command', () => {
  it('takes an honest chain', () => {
    expect(baseline).toMatchObject({ code: 0 });
    expect(baseline.mebibytes).toBeGreaterThan(40);
  });

  const zeros = (mib: number) => new Uint8Array(mib * 1024 * 1024);
  const cases: readonly (readonly [name: string, by: 'file' | '-', bytes: () => Uint8Array, code: string])[] = [
    [
      'a zip bomb: 300 MB of zeros in 300 KB, in one raw block',
      'file',
      () => gzipSync(concatBytes(honest, section(2n ** 40n), zeros(300)), { level: 1 }),
      'SOURCE_ZIP_BOMB',
    ],
    ['the same from standard input', '-', () => gzipSync(concatBytes(honest, section(2n ** 40n), zeros(300)), { level: 1 }), 'SOURCE_ZIP_BOMB'],
    [
      'a length of 2 GB from standard input, where nobody knows how much comes',
      '-',
      () => concatBytes(honest, section(2n ** 31n, cidOf(new Uint8Array(1))), zeros(1)),
      'CAR_BLOCK_TOO_LONG',
    ],
    ['the same of a raw block, which may be long', '-', () => concatBytes(honest, section(2n ** 31n), zeros(1)), 'CAR_TRUNCATED'],
    ['a header of 2 GB', '-', () => concatBytes(encodeVarint(2n ** 31n), zeros(1)), 'CAR_HEADER'],
    ['noise', 'file', () => Uint8Array.from({ length: 100_000 }, (_, i) => (i * i * 31 + 7) >> 3), 'CAR_'],
  ];

  it.each(cases)('%s (%s)', { timeout: 60_000 }, async (_name, by, bytes, said) => {
    const { code, stderr, mebibytes, ms } = await audit(bytes(), by);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(new RegExp(`^mineone: ${said}\\w*: [^\\n]+\\n$`)) });
    expect(mebibytes).toBeLessThan(baseline.mebibytes + 150);
    expect(ms).toBeLessThan(20_000 + baseline.ms);
    expect(readdirSync(temp)).toEqual([]);
  });

  it('messages that unfold to 16 million: wrong, and no more memory than an honest chain', { timeout: 60_000 }, async () => {
    const one = decode(message, made.chain.blocks.get(made.message.toString()) as Uint8Array);
    const { root: messages, blocks } = messageBomb(one, 8);
    const { code, stderr, mebibytes, ms } = await audit(carBytes(headed(made.chain, { ...made.head, messages }, blocks)), 'file');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(mebibytes).toBeLessThan(baseline.mebibytes + 150);
    expect(ms).toBeLessThan(20_000 + baseline.ms);
  });
});
