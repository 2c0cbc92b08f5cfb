/** Which make is used, and why: no addon, a damaged one, a wrong one, one asked for; from the sources and from dist. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { addonFolders, checkKnownAnswers, loadBls, loadBlsAddon } from '../../native/bls.ts';
import { blamed, blamedLater } from '../../native/bls-addon.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { nobleBls } from '../../src/consensus/signatures/noble.ts';
import { nativeOrReason } from './native-or-reason.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const name = `mineone-bls.${process.platform}-${process.arch}.node`;
const { native, reason } = nativeOrReason();
const withNative = (what: string) => (native === null ? `${what} (skipped: ${reason})` : what);
const folders: string[] = [];

afterEach(() => vi.unstubAllEnvs());
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder whose addon has these bytes; its digest is theirs unless another is given. */
function folderWith(bytes: Uint8Array, digest: string | null = createHash('sha256').update(bytes).digest('hex')): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mineone-bls-'));
  folders.push(folder);
  writeFileSync(join(folder, name), bytes);
  if (digest !== null) writeFileSync(join(folder, `${name}.sha256`), `${digest}\n`);
  return [`${folder}/`];
}

function expectFallback(from: string[], why: RegExp): void {
  vi.stubEnv('MINEONE_BLS', '');
  const { bls, note } = loadBls('auto', from);
  expect(bls.name).toBe('noble');
  expect(note).toMatch(why);
  expect(note).toMatch(/^BLS runs in JavaScript, about 20 times slower: .*; run `npm run build:native` \(needs cargo and a C compiler\)\.$/);
  expect(() => loadBls('native', from)).toThrow(expect.objectContaining({ code: 'BLS_NATIVE_UNAVAILABLE', message: expect.stringMatching(why) }));
}

describe('without a usable addon', () => {
  test('not built', () => expectFallback([join(tmpdir(), 'no-such-folder/')], /the addon is not built/));
  test('a file without its digest', () => expectFallback(folderWith(new Uint8Array(100), null), /no file with its digest/));
  test('not a library at all', () => expectFallback(folderWith(new TextEncoder().encode('not a library')), /is not usable \(.*/));
  test('an empty file', () => expectFallback(folderWith(new Uint8Array()), /is not usable/));
  test('asked for JavaScript: no note', () => expect(loadBls('noble', folderWith(new Uint8Array()))).toMatchObject({ bls: { name: 'noble' }, note: null }));
  test('of two folders the first usable one counts, and the last failure is told', () => {
    expectFallback([...folderWith(new Uint8Array(1), null), join(tmpdir(), 'no-such-folder/')], /no file with its digest/);
  });
});

describe('MINEONE_BLS', () => {
  test('noble', () => {
    vi.stubEnv('MINEONE_BLS', 'noble');
    expect(loadBls()).toMatchObject({ bls: { name: 'noble' }, note: null });
  });
  test('native, and there is none', () => {
    vi.stubEnv('MINEONE_BLS', 'native');
    expect(() => loadBls('auto', [])).toThrow(expect.objectContaining({ code: 'BLS_NATIVE_UNAVAILABLE' }));
  });
  test('an explicit choice goes before it', () => {
    vi.stubEnv('MINEONE_BLS', 'native');
    expect(loadBls('noble', []).bls.name).toBe('noble');
  });
  test('anything else is an error', () => {
    vi.stubEnv('MINEONE_BLS', 'fast');
    expect(() => loadBls()).toThrow(expect.objectContaining({ code: 'BLS_CHOICE', message: 'MINEONE_BLS: expected native, noble or auto, got "fast"' }));
  });
});

describe('known answers', () => {
  const noble = nobleBls();
  test('JavaScript gives them', () => checkKnownAnswers(noble));
  test.each([
    ['public key', { publicKey: () => new Uint8Array(48) }],
    ['signature: ', { sign: (key: Uint8Array, message: Uint8Array) => noble.sign(key, message, 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_') }],
    ['public key in G2', { publicKeyG2: () => new Uint8Array(96) }],
    ['signature in G1', { signG1: () => new Uint8Array(48) }],
    ['aggregate: ', { aggregate: () => new Uint8Array(96) }],
    ['verdict: ', { verify: () => false }],
    ['verdict on another message', { verify: () => true }],
    ['verdict on a batch', { verifyBatch: () => false }],
    ['verdict on an aggregate', { aggregateVerify: () => false }],
  ] satisfies [string, Partial<Bls>][])('a make with a wrong %s is found out', (what, wrong) => {
    expect(() => checkKnownAnswers({ ...noble, ...wrong })).toThrow(`known answer, ${what}`);
  });
});

describe.skipIf(native === null)(withNative('the addon'), () => {
  const built = addonFolders(new URL('../../native/bls.ts', import.meta.url).href);
  const bytes = native === null ? new Uint8Array() : readFileSync(`${built[0]}${name}`);

  test('is used when it is there', () => {
    vi.stubEnv('MINEONE_BLS', '');
    expect(loadBls()).toMatchObject({ bls: { name: 'native' }, note: null });
  });
  test.each([0.02, 0.3, 0.6, 0.95, 0.9999])('cut to %d of its length it is not loaded, and the process lives', (part) => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    expectFallback(folderWith(bytes.subarray(0, bytes.length * part), digest), /its bytes are not those that were built/);
  });
  test.each([0, 1000, 200_000])('with byte %d changed it is not loaded', (at) => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0xff;
    expectFallback(folderWith(changed, digest), /its bytes are not those that were built/);
  });
  test('another addon under its name is found out', () => {
    const other = join(root, 'node_modules/@rolldown');
    const folder = readdirSync(other).find((entry) => entry.startsWith('binding-'));
    const file = folder === undefined ? undefined : readdirSync(join(other, folder)).find((entry) => entry.endsWith('.node'));
    if (folder === undefined || file === undefined) throw new Error('no other addon in node_modules to try with');
    expectFallback(folderWith(readFileSync(join(other, folder, file))), /is not usable \(.*publicKey/);
  });
  test('panics come out as errors, here and in another thread, and it works on', async () => {
    const addon = loadBlsAddon();
    expect(() => blamed(() => addon?.panicNow())).toThrow(expect.objectContaining({ name: 'MineOneError', code: 'BLS_NATIVE', message: 'as asked' }));
    const late = blamedLater(async () => addon?.panicAsync());
    await expect(late).rejects.toThrow(expect.objectContaining({ name: 'MineOneError', code: 'BLS_PANIC', message: 'as asked' }));
    expect(native?.publicKey(new Uint8Array(32).fill(1)).length).toBe(48);
  });
  test('promises do not hold up the event loop', async () => {
    if (native === null) throw new Error(reason);
    const key = new Uint8Array(32).fill(1);
    const signed = { publicKey: native.publicKey(key), message: key, signature: native.sign(key, key) };
    let turns = 0;
    const ticker = setInterval(() => turns++, 1);
    const verdict = await native.verifyBatchAsync(new Array(200).fill(signed));
    clearInterval(ticker);
    expect([verdict, turns > 5]).toEqual([true, true]);
  });
});

describe.skipIf(native === null)(withNative('the compiled package'), () => {
  // In node_modules, so that its own imports are found as an installed package finds them.
  const place = mkdtempSync(join(root, 'node_modules/.mineone-dist-'));
  folders.push(place);
  const script = `import('${place}/dist/native/bls.js').then(({ loadBls }) => { const { bls, note } = loadBls(); console.log(bls.name, note); })`;
  const run = () => execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env: { ...process.env, MINEONE_BLS: '' } });

  test('finds the addon where cargo built it, beside itself, and does without', { timeout: 60_000 }, () => {
    writeFileSync(join(place, 'package.json'), '{"type":"module"}');
    const options = ['--outDir', join(place, 'dist'), '--noEmitOnError', 'false'];
    const tsc = join(root, 'node_modules/typescript-native/bin/tsc');
    try {
      execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), ...options], { cwd: root });
    } catch {
      // Type errors elsewhere are for `npm run check`; the files are written all the same, and the imports below fail
      // if not.
    }
    expect(run()).toMatch(/^noble BLS runs in JavaScript/);
    for (const folder of ['native/bls', 'dist/native/bls']) {
      mkdirSync(join(place, folder), { recursive: true });
      for (const file of [name, `${name}.sha256`]) copyFileSync(join(root, 'native/bls', file), join(place, folder, file));
      expect(run()).toBe('native null\n');
      rmSync(join(place, folder), { recursive: true });
    }
  });

  test('in four worker threads at once, ended in the middle of their work', { timeout: 60_000 }, async () => {
    cpSync(join(root, 'native/bls', name), join(place, name));
    const code = `const a = require(${JSON.stringify(join(place, name))}); const k = new Uint8Array(32).fill(1);
      require('node:worker_threads').parentPort.postMessage(a.publicKey(k).length);
      (async () => { for (;;) await Promise.all([a.signAsync(k, k, 'T'), a.signAsync(k, k, 'T'), a.verifyBatchAsync(new Uint8Array(), 'T')]); })();`;
    const workers = Array.from({ length: 4 }, () => new Worker(code, { eval: true }));
    const sizes = await Promise.all(workers.map((worker) => new Promise((done, fail) => worker.once('message', done).once('error', fail))));
    expect(sizes).toEqual([48, 48, 48, 48]);
    expect(await Promise.all(workers.map((worker) => worker.terminate()))).toEqual([1, 1, 1, 1]);
    expect(native?.publicKey(new Uint8Array(32).fill(1)).length).toBe(48);
  });
});
