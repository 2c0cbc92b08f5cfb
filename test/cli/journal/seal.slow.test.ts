/** `mineone journal seal` and `verify --sealed`, and the warning of a missing anchor; each as a real process. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordKey } from '../../../src/journal/format/keys.ts';
import { openJournal } from '../../../src/journal/journal.ts';
import { openLevelStore } from '../../../src/journal/store/level-store.ts';
import { bindOne } from '../../journal/fixtures/bound.ts';
import { mineone } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-seal-'));
const [data, forged] = [join(folder, 'data'), join(folder, 'forged')];
const [key, by, other] = [join(folder, 'seal.pem'), join(folder, 'seal.pub.pem'), join(folder, 'other.pub.pem')];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = async (where: string, ...epochs: readonly number[]): Promise<void> => {
  const journal = await openJournal(await openLevelStore(join(where, 'journal')));
  for (const epoch of epochs) await bindOne(journal, epoch);
  await journal.close();
};
const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
const verify = (where: string, ...args: readonly string[]) => mineone(['journal', 'verify', '--data', where, ...args]);
const seal = (...args: readonly string[]) => mineone(['journal', 'seal', '--data', data, ...args]);

beforeAll(async () => {
  await write(data, 2, 4);
  await write(forged, 2, 6, 8);
  openssl('genpkey', '-algorithm', 'ed25519', '-out', key);
  openssl('pkey', '-in', key, '-pubout', '-out', by);
  openssl('genpkey', '-algorithm', 'ed25519', '-out', join(folder, 'other.pem'));
  openssl('pkey', '-in', join(folder, 'other.pem'), '-pubout', '-out', other);
});

it('seals, and finds a journal that was written anew and verifies all the same', async () => {
  const [plain, signed] = [join(folder, 'plain.seal'), join(folder, 'signed.seal')];
  expect(await seal('--out', plain)).toMatchObject({ code: 0, stdout: `Wrote ${plain}\n`, stderr: '' });
  expect(await seal('--key', key, '--out', signed)).toMatchObject({ code: 0, stderr: '' });
  await write(data, 8);
  const both = await verify(data, '--sealed', plain, '--sealed', signed);
  expect([both.code, both.stderr, both.stdout.split('\n').slice(1, 3)]).toEqual([
    0,
    '',
    [
      expect.stringMatching(/^Sealed: record 1 .*plain\.seal.* not signed\.$/),
      expect.stringMatching(/^Sealed: record 1 .* signed by the key [0-9a-f]{64}; name .*--by\.$/),
    ],
  ]);
  const named = await verify(data, '--sealed', signed, '--by', by, '--json');
  expect([named.code, JSON.parse(named.stdout).seals]).toMatchObject([0, [{ seal: { seq: 1 }, key: expect.stringMatching(/^[0-9a-f]{64}$/) }]]);
  expect(await verify(forged)).toMatchObject({ code: 0 });
  const broken = await verify(forged, '--sealed', signed, '--by', by);
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringMatching(/^mineone: SEAL_BROKEN: record 1 is not the one/)]);
  for (const args of [
    ['--sealed', plain, '--by', by],
    ['--sealed', signed, '--by', other],
  ])
    expect((await verify(data, ...args)).stderr).toMatch(/^mineone: SEAL_SIGNATURE: /);
  writeFileSync(signed, readFileSync(signed, 'utf8').replace('"seq": 1', '"seq": 0'));
  expect((await verify(data, '--sealed', signed, '--by', by)).stderr).toMatch(/^mineone: SEAL_SIGNATURE: /);
  const noSeal = await verify(data, '--sealed', by);
  expect([noSeal.code, noSeal.stderr]).toEqual([3, expect.stringMatching(/^mineone: SEAL_FORMAT: /)]);
  expect((await verify(data, '--sealed', join(folder, 'none'))).stderr).toMatch(/^mineone: FILE_MISSING: /);
  expect((await seal('--key', by)).stderr).toMatch(/^mineone: SEAL_KEY: /);
});

it('says each time that the anchor is missing, and what that means', async () => {
  rmSync(join(forged, 'journal', 'anchor'));
  for (const command of ['verify', 'stat', 'tail']) {
    const { code, stderr } = await mineone(['journal', command, '--data', forged]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^mineone: warning: ANCHOR_MISSING: .*ends at record 2.*older copy.*\n$/)]);
  }
});

it('answers 1 for a journal that does not verify, and 3 where a sound one was needed to answer at all', async () => {
  const broken = join(folder, 'broken');
  await write(broken, 2, 4);
  const store = await openLevelStore(join(broken, 'journal'));
  await store.write([{ type: 'put', key: recordKey(1), value: new Uint8Array(40) }]);
  await store.close();
  for (const [command, exit] of [
    ['verify', 1],
    ['stat', 3],
    ['seal', 3],
  ] as const) {
    const { code, stdout, stderr } = await mineone(['journal', command, '--data', broken]);
    expect([command, code, stdout, stderr]).toEqual([command, exit, '', expect.stringMatching(/^mineone: JOURNAL_CORRUPT: [^\n]+\n$/)]);
  }
});
