/** `mineone config show`, and that `mineone run` is run by what it shows. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mineone } from './run.ts';

const data = mkdtempSync(join(tmpdir(), 'mineone-test-config-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

const cassette = 'test/cassette/devnet-2k';
writeFileSync(
  join(data, 'mineone.toml'),
  `network = '${cassette}.network.json'\nnode = '${cassette}.car.gz'\nkeys = ['test/cassette/devnet-worker-key.json']\nminers = ['t01000']\nobserve = true\nkeep = '30d'\n`,
);
const other = join(data, 'other.toml');
writeFileSync(other, "netwrk = 'calibnet'\n");
const show = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => mineone(['config', 'show', '--data', data, '--json', ...args], { env });

describe.concurrent('config show', () => {
  it('is the file in the data directory, the environment and the flags, each over the one before', async () => {
    const { code, stdout } = await show(['--miner', 'f07', '--miner', 'f08'], { MINEONE_NETWORK: 'calibnet', MINEONE_PASSPHRASE: 'open sesame' });
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        type: 'config',
        network: 'calibnet',
        node: `${cassette}.car.gz`,
        miners: ['f07', 'f08'],
        keys: ['test/cassette/devnet-worker-key.json'],
        observe: true,
        keep: '30d',
        passphrase: '***',
      },
    ]);
  });

  it('is TOML that can be read again', async () => {
    const { stdout } = await mineone(['config', 'show', '--data', data, '--network', '2k']);
    expect(stdout).toContain('keep = "30d"\n');
    const again = join(data, 'again.toml');
    writeFileSync(again, stdout);
    expect((await show(['--config', again])).stdout).toBe((await show(['--network', '2k'])).stdout);
  });

  it('refuses a key that there is not, and a file that there is not', async () => {
    expect(await show(['--config', other])).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no netwrk; did you mean network?') });
    expect((await show(['--config', join(data, 'none.toml')])).code).toBe(3);
    expect(await show(['--config', data])).toMatchObject({ code: 2, stderr: expect.stringContaining(`"code":"CONFIG_FILE","message":"${data} is a folder`) });
  });

  it('refuses a data directory that is a file, and `run` does so before it prints', async () => {
    const said = { code: 3, stdout: '', stderr: expect.stringContaining(`FOLDER_IS_FILE: ${other} is a file`) };
    expect(await mineone(['config', 'show', '--data', other])).toMatchObject(said);
    expect(await mineone(['run', '--config', join(data, 'mineone.toml'), '--data', other])).toMatchObject(said);
  });

  it('refuses a time that is none: of a flag as wrong usage, of anything else by its key', async () => {
    expect(await show(['--keep', '30'])).toMatchObject({ code: 2, stderr: expect.stringContaining('A duration is a number and its unit') });
    const { code, stderr } = await show([], { MINEONE_KEEP: 'a month' });
    expect([code, JSON.parse(stderr)]).toEqual([
      2,
      {
        type: 'error',
        code: 'CONFIG_VALUE',
        message: 'MINEONE_KEEP: expected a time as text, such as "30d", "12h" or "90m", got "a month"; write for example MINEONE_KEEP=30d',
      },
    ]);
  });
});

describe('run', () => {
  it('needs no flag that the file has', async () => {
    const { code, stdout, stderr } = await mineone(['run', '--data', data, '--to', '3', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string)).toMatchObject({ type: 'end', epochs: 3, blocks: 3, reproduced: 3 });
  });

  it('gives up what is older than it is told to keep, the same twice', async () => {
    const ends: unknown[] = [];
    for (const name of ['once', 'twice']) {
      const kept = ['run', '--data', join(data, name), '--config', join(data, 'mineone.toml'), '--json'];
      await mineone([...kept, '--to', '8']);
      const { code, stdout } = await mineone([...kept, '--from', '9', '--to', '11', '--keep', '10s']);
      expect(code).toBe(0);
      ends.push(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string));
      const verified = JSON.parse((await mineone(['journal', 'verify', '--data', join(data, name), '--json'])).stdout);
      expect([verified.first > 40, verified.given]).toEqual([true, 0]);
    }
    expect(ends[0]).toMatchObject({ type: 'end', epochs: 3, headHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(ends[1]).toEqual(ends[0]);
  });

  it('refuses an unknown key before it does anything, and says what is missing', async () => {
    expect(await mineone(['run', '--data', data, '--config', other])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^mineone: CONFIG_KEY: /),
    });
    const nothing = await mineone(['run', '--observe', '--data', join(data, 'nothing')]);
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('give --node') });
  });
});
