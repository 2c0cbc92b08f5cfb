/**
 * A data directory that is none: a file, below a file, or where the system makes no folders. Each command says so by
 * its code, and comes back.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mineone } from '../run.ts';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-folders-'));
const file = join(home, 'file');
writeFileSync(file, 'not a folder\n');
afterAll(() => rmSync(home, { recursive: true }));

const CASSETTE = '--node test/cassette/devnet-2k.car.gz --network test/cassette/devnet-2k.network.json --key test/cassette/devnet-worker-key.json';
const WRITING = ['devnet --speed max --epochs 1', `run --observe ${CASSETTE}`, 'key generate'];
const READING = [
  'luck',
  'epochs',
  'times',
  'replay',
  'explain --epoch 1 --miner f01000',
  'journal verify',
  'journal tail',
  'journal seal',
  'journal prune --keep 1d',
];

async function refused(line: string, data: string): Promise<string> {
  const { code, stderr } = await mineone([...line.split(' '), '--data', data], { env: { MINEONE_PASSPHRASE: 'of a test' } });
  expect(code).toBe(3);
  expect(stderr).toMatch(/^mineone: [A-Z_]+: [^\n]+\n$/);
  return stderr.slice('mineone: '.length);
}

describe.concurrent('--data', { timeout: 120_000 }, () => {
  it.for([...WRITING, ...READING, 'key list'])('a file: %s', async (line) => {
    expect(await refused(line, file)).toBe(`FOLDER_IS_FILE: ${file} is a file, and a folder is needed there; name a folder\n`);
  });

  it.for([...WRITING, ...READING, 'key list'])('below a file: %s', async (line) => {
    expect(await refused(line, join(file, 'below'))).toBe(`FOLDER_IS_FILE: ${file} is a file, and a folder is needed there; name a folder\n`);
  });

  it.for(WRITING)('/proc/x, which once never came back: %s', async (line) => {
    expect(await refused(line, '/proc/x')).toMatch(/^FOLDER_REFUSED: \/proc\/x cannot be made: /);
  });

  it.for(READING)('/proc/x, where nothing is to be read: %s', async (line) => {
    expect(await refused(line, '/proc/x')).toMatch(/^JOURNAL_MISSING: there is no journal in \/proc\/x\/journal[;,] /);
  });
});
