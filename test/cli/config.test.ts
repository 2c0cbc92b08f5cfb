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
  `network = '${cassette}.network.json'\nnode = '${cassette}.car.gz'\nkeys = ['test/cassette/devnet-worker-key.json']\nminers = ['t01000']\nobserve = true\n`,
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
        network: 'calibnet',
        node: `${cassette}.car.gz`,
        miners: ['f07', 'f08'],
        keys: ['test/cassette/devnet-worker-key.json'],
        observe: true,
        passphrase: '***',
      },
    ]);
  });

  it('is TOML that can be read again', async () => {
    const { stdout } = await mineone(['config', 'show', '--data', data, '--network', '2k']);
    const again = join(data, 'again.toml');
    writeFileSync(again, stdout);
    expect((await show(['--config', again])).stdout).toBe((await show(['--network', '2k'])).stdout);
  });

  it('refuses a key that there is not, and a file that there is not', async () => {
    expect(await show(['--config', other])).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no netwrk; did you mean network?') });
    expect((await show(['--config', join(data, 'none.toml')])).code).toBe(1);
  });
});

describe('run', () => {
  it('needs no flag that the file has', async () => {
    const { code, stdout, stderr } = await mineone(['run', '--data', data, '--to', '3', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string)).toMatchObject({ type: 'end', epochs: 3, blocks: 3, reproduced: 3 });
  });

  it('refuses an unknown key before it does anything, and says what is missing', async () => {
    expect(await mineone(['run', '--data', data, '--config', other])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^mineone: CONFIG_KEY: /),
    });
    const nothing = await mineone(['run', '--observe', '--data', join(data, 'nothing')]);
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('give --node') });
  });
});
