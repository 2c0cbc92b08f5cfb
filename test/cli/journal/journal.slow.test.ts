/**
 * `mineone journal`: read beside a running process, followed, pruned, exported and imported; each as a real process.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finished, mineone, startMineone } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-journal-'));
const data = join(folder, 'data');
const old = join(folder, 'old');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chain = [
  '--node',
  'test/cassette/devnet-2k.car.gz',
  '--network',
  'test/cassette/devnet-2k.network.json',
  '--key',
  'test/cassette/devnet-worker-key.json',
];
const observe = (...more: readonly string[]) => mineone(['run', '--observe', ...chain, '--miner', 'f01000', '--miner', 'f01001', ...more]);
const journal = (...args: readonly string[]) => mineone(['journal', ...args]);
/** What the chain has of an epoch is a record of the journal and not of the epoch: a file of it does not carry that. */
const ofEpochAlone = (told: string): string => told.replace(', on the chain.', '.').replace(/^The chain has this block.*\n/m, '');
const EPOCH_2 = ['--epoch', '2', '--miner', 'f01000', '--data', data];

beforeAll(async () => {
  expect(await observe('--to', '6', '--data', data)).toMatchObject({ code: 0 });
});

describe('an epoch taken to another folder', { timeout: 60_000 }, () => {
  const elsewhere = join(folder, 'elsewhere');
  const file = join(folder, 'two.epoch');

  it('is kept there, told and replayed there, and nothing is mined on it', async () => {
    expect(await journal('export', ...EPOCH_2, '--out', file)).toMatchObject({ code: 0, stderr: '' });
    const there = ['--epoch', '2', '--miner', 'f01000', '--data', elsewhere];
    expect(await mineone(['explain', ...there])).toMatchObject({ code: 3, stderr: expect.stringMatching(/^mineone: JOURNAL_MISSING: /) });
    const imported = await journal('import', file, '--data', elsewhere, '--json');
    expect([imported.code, JSON.parse(imported.stdout)]).toMatchObject([0, { divergence: null, kept: join(elsewhere, 'imported', 'f01000-2.epoch') }]);
    expect(await journal('import', file, '--data', elsewhere)).toMatchObject({ code: 0 });
    expect((await mineone(['explain', ...there])).stdout).toBe(ofEpochAlone((await mineone(['explain', ...EPOCH_2])).stdout));
    const replayed = await mineone(['replay', ...there, '--crypto', '--json']);
    expect([replayed.code, JSON.parse(replayed.stdout)]).toMatchObject([0, { divergence: null, crypto: { fault: null } }]);
    const asked = await mineone(['replay', ...there, '--what-if', 'observe=false', '--json']);
    expect(JSON.parse(asked.stdout)).toMatchObject({ end: 'unknown', needs: ['createBlock'] });
    expect(readdirSync(elsewhere)).toEqual(['imported']);
  });

  it('is refused where it is no such file, or another record of that epoch is kept', async () => {
    writeFileSync(join(folder, 'text'), 'not a file of an epoch');
    for (const wrong of [join(folder, 'text'), 'test/cassette/devnet-2k.json.gz'])
      expect(await journal('import', wrong, '--data', elsewhere)).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/^mineone: (EPOCH_FILE|CAR_\w+|CBOR_\w+|VALUE_\w+): /),
      });
    expect(await journal('import', join(folder, 'nothing'), '--data', elsewhere)).toMatchObject({ code: 3, stderr: expect.stringContaining('FILE_MISSING') });
    // As another machine would have recorded the same epoch.
    const kept = join(elsewhere, 'imported', 'f01000-2.epoch');
    writeFileSync(kept, new Uint8Array(10));
    expect(await journal('import', file, '--data', elsewhere)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^mineone: IMPORT_EXISTS: .*f01000-2\.epoch/),
    });
    expect(await journal('import', file, '--check', '--data', elsewhere)).toMatchObject({ code: 0 });
    expect(readFileSync(kept)).toHaveLength(10);
  });
});

describe('prune', { timeout: 60_000 }, () => {
  it('wants to be told what is kept', async () => {
    for (const args of [[], ['--keep', '1d', '--before', '4'], ['--keep', 'long']])
      expect(await journal('prune', ...args, '--data', data)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^mineone: USAGE: /) });
  });

  it('gives epochs up that were exported before; the rest is whole, and mining goes on', async () => {
    const nothing = await journal('prune', '--keep', '30d', '--data', data);
    expect([nothing.code, nothing.stdout.split('\n')]).toEqual([
      0,
      [
        'Nothing to give up: the journal begins at record 0.',
        'Kept:',
        expect.stringMatching(/^ {2}12 epochs, \d+ records: as asked with --keep or --before$/),
        expect.stringMatching(/^ {2}\d+ records of no epoch: miners, network, code, checkpoints$/),
        '',
      ],
    ]);
    const before = await mineone(['explain', ...EPOCH_2]);
    const pruned = await journal('prune', '--before', '4', '--export', old, '--data', data, '--json');
    expect([pruned.code, JSON.parse(pruned.stdout)]).toMatchObject([0, { epochs: 6, kept: [{ why: 'young', epochs: 6 }, { why: 'no-epoch' }], holding: null }]);
    expect(readdirSync(old).sort()).toEqual(['f01000', 'f01001'].flatMap((miner) => [1, 2, 3].map((epoch) => `${miner}-${epoch}.epoch`)));
    const { first } = JSON.parse(pruned.stdout);
    const verified = await journal('verify', '--data', data);
    expect([verified.code, verified.stdout]).toMatchObject([0, expect.stringContaining(`It begins at record ${first}`)]);
    const replayed = await mineone(['replay', '--data', data, '--json']);
    expect([replayed.code, JSON.parse(replayed.stdout).divergence]).toEqual([0, null]);
    expect(await mineone(['explain', ...EPOCH_2])).toMatchObject({ code: 3, stderr: expect.stringMatching(/^mineone: JOURNAL_PRUNED: .*epoch 2 of f01000/) });
    expect(await journal('export', ...EPOCH_2)).toMatchObject({ code: 3, stderr: expect.stringContaining('JOURNAL_PRUNED') });
    expect(await journal('import', join(old, 'f01000-2.epoch'), '--data', data)).toMatchObject({ code: 0 });
    expect((await mineone(['explain', ...EPOCH_2])).stdout).toBe(ofEpochAlone(before.stdout));
    expect(await observe('--from', '4', '--to', '8', '--data', data)).toMatchObject({ code: 0 });
    expect(await journal('verify', '--data', data)).toMatchObject({ code: 0 });
  });

  it('leaves a journal of which `stat` counts what can be read, and tells what was given up, each miner alike', async () => {
    const { miners } = JSON.parse((await journal('stat', '--data', data, '--json')).stdout);
    const left = ['f01000', 'f01001'].map((miner) => ({ miner, from: 4, to: 8, outcomes: expect.anything(), givenUp: { epochs: 3, from: 1, to: 3 } }));
    expect(miners).toEqual(left);
    for (const { outcomes } of miners) expect(Object.values(outcomes as Record<string, number>).reduce((sum, one) => sum + one, 0)).toBe(5);
    expect((await journal('stat', '--data', data)).stdout).toMatch(/^f01001: epochs 4 to 8: .*; 3 epochs given up by retention, 1 to 3$/m);
  });
});

describe('beside a process that writes', () => {
  it('stat, verify and tail read; tail -f follows; prune is refused by the holder’s pid', async () => {
    const busy = join(folder, 'busy', 'journal');
    const writer = spawn(process.execPath, [fileURLToPath(new URL('../../journal/fixtures/writing-child.mjs', import.meta.url)), busy, '1000000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(writer.stdout, 'data');
      writer.stdout.resume();
      const at = ['--data', join(folder, 'busy')];
      const following = startMineone(['journal', 'tail', '-n', '3', '--follow', '--json', ...at]);
      const followed = finished(following);
      const stat = await journal('stat', '--json', ...at);
      expect([stat.code, JSON.parse(stat.stdout).records > 0]).toEqual([0, true]);
      expect(await journal('verify', ...at)).toMatchObject({ code: 0, stderr: '' });
      expect((await journal('tail', '-n', '2', ...at)).stdout.trimEnd().split('\n')).toHaveLength(2);
      expect(await journal('prune', '--before', '1', ...at)).toMatchObject({ code: 3, stderr: expect.stringContaining(`held by process ${writer.pid}`) });
      following.kill('SIGINT');
      const { code, stdout, stderr } = await followed;
      expect([code, stderr]).toEqual([130, '']);
      const seqs = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).seq as number);
      expect(seqs.length).toBeGreaterThan(3);
      expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] as number) + i));
    } finally {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    }
    expect(readdirSync(busy).filter((name) => name.startsWith('reading-'))).toEqual([]);
    expect(readFileSync(join(busy, 'guard', 'holder'), 'utf8')).toMatch(new RegExp(`^process ${writer.pid} of `));
  });
});
