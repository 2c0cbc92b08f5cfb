/** `mineone key` and `mineone config`: what goes in comes out, what lies on disk tells nobody anything. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keysOfFile } from '../../src/cli/options/key-source.ts';
import { mineone } from './run.ts';

const data = mkdtempSync(join(tmpdir(), 'mineone-test-key-'));
const env = { MINEONE_PASSPHRASE: 'correct horse battery staple' };
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** `lotus wallet export` of a worker of the devnet in test/cassette. */
const privateKey = 'itRGOPFvtq/nExrAoQAVgXo4LaP29ydehu6uKOCZgl4=';
const address = 'f3stoejwetusieeo2rwlrxnw4btbp74fgbgdajlixqb4fvjiiggevkfgxfl6ql76vczuu6obhcnlbtp3kzxuxq';
const lotus = Buffer.from(JSON.stringify({ Type: 'bls', PrivateKey: privateKey })).toString('hex');

describe('a key of Lotus', () => {
  const found = 'BwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
  const inHex = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('hex');
  const read = (text: string) => {
    const path = join(data, 'spelling.txt');
    writeFileSync(path, text);
    return keysOfFile(path, () => Promise.reject(new Error('it is not encrypted')));
  };

  it.for([
    ['wallet export', `${inHex({ Type: 'bls', PrivateKey: found })}\n`],
    ['wallet export of 2020, with the number of the type', inHex({ Type: 2, PrivateKey: found })],
    ['hexadecimal in capitals', inHex({ Type: 'bls', PrivateKey: found }).toUpperCase()],
    ["json-lotus, and a keystore's file", `${JSON.stringify({ Type: 'bls', PrivateKey: found })}\n`],
    ["a keystore's file of 2020", JSON.stringify({ Type: 2, PrivateKey: found })],
    ['gfc-json', JSON.stringify({ KeyInfo: [{ PrivateKey: found, SigType: 2 }] })],
  ] as const)('is taken in: %s', async ([, text]) => {
    expect(await read(text)).toEqual([Uint8Array.of(7, ...new Uint8Array(31))]);
  });

  it.for(['secp256k1', 1, 'delegated', null])('of type %s is not: it cannot draw tickets', async (Type) => {
    await expect(read(JSON.stringify({ Type, PrivateKey: found }))).rejects.toThrow(expect.objectContaining({ code: 'KEY_TYPE' }));
  });
});

describe('key', () => {
  it("takes in Lotus' export and gives the same out", async () => {
    expect(await mineone(['key', 'import', '-', '--data', data], { input: `${lotus}\n`, env })).toEqual({ code: 0, stdout: `${address}\n`, stderr: '' });
    expect(await mineone(['key', 'export', address, '--data', data], { env })).toEqual({ code: 0, stdout: `${lotus}\n`, stderr: '' });
    expect(await mineone(['key', 'list', '--data', data, '--json'])).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify({ type: 'keys', keys: [address] })}\n`,
    });
  });

  it('lies encrypted, for its owner alone', () => {
    const path = join(data, 'keys', `${address}.json`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    for (const secret of [privateKey, Buffer.from(privateKey, 'base64').toString('hex'), env.MINEONE_PASSPHRASE]) expect(text).not.toContain(secret);
  });

  it('does not open under another passphrase, nor under another name', async () => {
    const wrong = await mineone(['key', 'export', address, '--data', data], { env: { MINEONE_PASSPHRASE: 'something else' } });
    expect(wrong).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^mineone: KEY_PASSPHRASE: /) });
    const path = join(data, 'keys', `${address}.json`);
    const swapped = join(data, 'swapped.json');
    writeFileSync(swapped, readFileSync(path, 'utf8').replace(address, `f3t${address.slice(3)}`));
    expect(await mineone(['key', 'import', swapped, '--data', join(data, 'other')], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('KEY_PASSPHRASE'),
    });
  });

  it('is not written over', async () => {
    expect(await mineone(['key', 'import', '-', '--data', data], { input: lotus, env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('KEY_EXISTS'),
    });
  });

  it('generates a new one each time', async () => {
    const folder = join(data, 'new');
    const made = [await mineone(['key', 'generate', '--data', folder], { env }), await mineone(['key', 'generate', '--data', folder], { env })];
    expect(new Set(made.map(({ stdout }) => stdout)).size).toBe(2);
    expect(readdirSync(join(folder, 'keys')).sort()).toEqual(made.map(({ stdout }) => `${stdout.trim()}.json`).sort());
  });

  it('says what is wrong without showing any of it', async () => {
    const secret = '5ec4e7'.repeat(11);
    for (const input of [
      secret,
      JSON.stringify({ keys: { t01: { privateKeyHexLittleEndian: `${secret}zz` } } }),
      Buffer.from(`{"Type":"bls","PrivateKey":"${secret}"}`).toString('hex'),
    ]) {
      const { code, stderr } = await mineone(['key', 'import', '-', '--data', data], { input, env });
      expect(code).toBe(3);
      expect(stderr).toMatch(/^mineone: KEY_FORMAT: -: /);
      expect(stderr).not.toContain(secret.slice(0, 12));
    }
    expect(await mineone(['key', 'generate', '--data', data], { env: { MINEONE_PASSPHRASE: '' } })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('PASSPHRASE_NEEDED'),
    });
  });
});

describe('config show', () => {
  const path = join(data, 'mineone.toml');

  it('file, then environment; secrets masked', async () => {
    writeFileSync(path, 'network = "calibnet"\nminers = ["f01000"]\nnode = "eyJhbGciOiJIUzI1NiJ9.secret:/ip4/127.0.0.1/tcp/1234/http"\n');
    const { code, stdout } = await mineone(['config', 'show', '--data', data, '--json'], {
      env: { MINEONE_MINERS: 'f01001,f01002', MINEONE_PASSPHRASE: 'open sesame' },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      type: 'config',
      network: 'calibnet',
      miners: ['f01001', 'f01002'],
      node: '***:/ip4/127.0.0.1/tcp/1234/http',
      keys: [],
      observe: false,
      passphrase: '***',
    });
  });

  it('an unknown key is an error that suggests the nearest', async () => {
    writeFileSync(path, 'netwrok = "calibnet"\n');
    const file = await mineone(['config', 'show', '--config', path]);
    expect(file).toMatchObject({ code: 2, stderr: `mineone: CONFIG_KEY: ${path}: there is no netwrok; did you mean network?\n` });
    const variable = await mineone(['config', 'show', '--data', join(data, 'none')], { env: { MINEONE_MINER: 'f01000' } });
    expect(variable).toMatchObject({ code: 2, stderr: 'mineone: CONFIG_KEY: the environment: there is no MINEONE_MINER; did you mean MINEONE_MINERS?\n' });
  });

  it('a wrong value and a wrong line are named', async () => {
    writeFileSync(path, 'observe = "perhaps"\n');
    expect(await mineone(['config', 'show', '--config', path])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^mineone: CONFIG_VALUE: \S+mineone\.toml: observe: expected true or false, got "perhaps"/),
    });
    writeFileSync(path, 'network = \n');
    expect(await mineone(['config', 'show', '--config', path])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^mineone: CONFIG_SYNTAX: .*line 1/) });
  });
});
