/** The command line as a shell sees it: product.md, «Command line». */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mineone } from './run.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };

describe.concurrent('help and version', () => {
  it('prints the version of package.json', async () => {
    expect(await mineone(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it.for([['--help'], ['audit', '--help'], ['complete', '--help'], ['help', 'audit']])('%s ends with one example', async (args) => {
    const { code, stdout, stderr } = await mineone(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: mineone /);
    expect(stdout.match(/Example:\n {2}.*mineone .*\n$/g)).toHaveLength(1);
  });

  it('names every option of audit', async () => {
    const { stdout } = await mineone(['audit', '--help']);
    for (const word of ['SOURCE', '--network <NAME|FILE>', '--from <EPOCH>', '--to <EPOCH>', '--miner <ADDRESS>', '--json']) expect(stdout).toContain(word);
  });

  it('without a command: the help on stderr, and wrong usage', async () => {
    const { code, stdout, stderr } = await mineone([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: mineone /);
  });
});

describe.concurrent('wrong usage is exit code 2, on stderr, in one line', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['audti x.car', "unknown command 'audti'; Did you mean audit?"],
    ['audit x.car --netwrk mainnet', "unknown option '--netwrk'; Did you mean --network?"],
    ['audit', "missing required argument 'SOURCE'"],
    ['audit a.car b.car', "too many arguments for 'audit'"],
    ['audit x.car --network', "option '--network <NAME|FILE>' argument missing"],
    ['audit x.car --from -1', 'An epoch is a whole number, 0 or more'],
    ['audit x.car --to 1e3', 'An epoch is a whole number, 0 or more'],
    ['complete tcsh', 'Allowed choices are zsh, bash, fish, powershell'],
    ['complete', "missing required argument 'shell'"],
  ];

  it.for(cases)('mineone %s', async ([line, said]) => {
    const { code, stdout, stderr } = await mineone(line.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mineone: USAGE: [^\n]+\n$/);
    expect(stderr).toContain(said);
  });

  it('is one JSON document under --json', async () => {
    const { code, stdout, stderr } = await mineone(['audit', '--json', '--from', 'x', 'a.car']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({ error: { code: 'USAGE', message: expect.stringContaining("argument 'x' is invalid") } });
  });
});

describe.concurrent('a file that cannot be read is exit code 1 and names itself', () => {
  it('absent', async () => {
    const { code, stdout, stderr } = await mineone(['audit', '/nowhere/chain.car']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe('mineone: FILE_MISSING: /nowhere/chain.car: no such file or directory; check the path\n');
  });

  it('a directory', async () => {
    const { code, stderr } = await mineone(['audit', 'src']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mineone: FILE_IS_DIRECTORY: src: is a directory; name a file in it\n$/);
  });

  it('as one JSON document under --json', async () => {
    const { code, stderr } = await mineone(['audit', '/nowhere/chain.car', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toEqual({ error: { code: 'FILE_MISSING', message: '/nowhere/chain.car: no such file or directory; check the path' } });
  });

  it('with its stack only where MINEONE_DEBUG=1 asks for it', async () => {
    const plain = await mineone(['audit', '/nowhere/chain.car']);
    const debug = await mineone(['audit', '/nowhere/chain.car'], { env: { MINEONE_DEBUG: '1' } });
    expect(plain.stderr.split('\n')).toHaveLength(2);
    expect(debug.stderr).toMatch(/^mineone: FILE_MISSING: [^\n]+\nError: ENOENT/);
  });
});
