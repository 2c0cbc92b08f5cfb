/** The command line as a shell sees it: docs/commands.md, «Command line». */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mineone } from './run.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };

describe.concurrent('help and version', () => {
  it('prints what it knows with --json: the newest upgrade, its epoch, and that there may be later ones', async () => {
    const { code, stdout, stderr } = await mineone(['--version', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      type: 'version',
      version: manifest.version,
      upgrade: 'Solstice',
      networkVersion: 29,
      epochs: { mainnet: 6_470_279, calibrationnet: 4_109_133, butterflynet: 5220 },
      beyond: expect.stringMatching(/^a later upgrade is not known to this version: later epochs are judged by the rules of nv 29, and none is mined /),
    });
    expect(await mineone(['--json', '--version'])).toEqual({ code, stdout, stderr });
  });

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

it.for(['key', 'config', 'journal'])('%s without one of its commands: its help, and what is missing', async (name) => {
  const { code, stdout, stderr } = await mineone([name]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/\nmineone: USAGE: a command is missing: name one of those above; for help, add --help\n$/);
});

describe.concurrent('wrong usage is exit code 2, on stderr, in one line', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['audti x.car', "unknown command 'audti': did you mean audit? For help, add --help"],
    ['audit x.car --netwrk mainnet', "unknown option '--netwrk': did you mean --network? For help, add --help"],
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
    expect(JSON.parse(stderr)).toEqual({ type: 'error', code: 'USAGE', message: expect.stringContaining("argument 'x' is invalid") });
  });
});

describe.concurrent('a source that cannot be read is exit code 3 and names itself', () => {
  it.for([
    ['absent', '/nowhere/chain.car', 'SOURCE_MISSING: there is no file /nowhere/chain.car'],
    ['a directory', 'src', 'SOURCE_DIRECTORY: src is a directory; expected a CAR file'],
    ['below a file', 'package.json/chain.car', 'SOURCE_UNREADABLE: package.json/chain.car cannot be read: ENOTDIR: not a directory'],
    ['JSON', 'package.json', 'SOURCE_NOT_CAR: package.json is JSON, not a CAR file; '],
    ['text', 'README.md', 'SOURCE_NOT_CAR: README.md is text, not a CAR file; '],
    ['of no bytes', '/dev/null', 'SOURCE_NOT_CAR: /dev/null is empty, not a CAR file; '],
  ] as const)('%s', async ([, source, said]) => {
    const { code, stdout, stderr } = await mineone(['audit', source]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^mineone: [A-Z_]+: [^\n]+\n$/);
    expect(stderr.slice('mineone: '.length)).toMatch(new RegExp(`^${said.replaceAll('/', '\\/')}`));
  });

  it('a network file likewise', async () => {
    const said = async (network: string) => (await mineone(['audit', 'x.car', '--network', network])).stderr;
    expect(await said('src')).toBe('mineone: FILE_IS_DIRECTORY: src: is a directory; name a file in it\n');
    expect(await said('README.md')).toMatch(/^mineone: NETWORK_FILE: README\.md: not JSON: [^\n]+\n$/);
    expect(await said('package.json')).toMatch(/^mineone: NETWORK_FILE: package\.json: [^\n]+\n$/);
    expect(await said('mainet')).toMatch(/^mineone: USAGE: --network: "mainet" is neither a network \(mainnet, [^\n]+\) nor a file; for help, add --help\n$/);
  });

  it('as one JSON document under --json', async () => {
    const { code, stderr } = await mineone(['audit', '/nowhere/chain.car', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stderr)).toEqual({ type: 'error', code: 'SOURCE_MISSING', message: 'there is no file /nowhere/chain.car' });
  });

  it('with its stack only where MINEONE_DEBUG=1 asks for it', async () => {
    const plain = await mineone(['audit', '/nowhere/chain.car']);
    const debug = await mineone(['audit', '/nowhere/chain.car'], { env: { MINEONE_DEBUG: '1' } });
    expect(plain.stderr.split('\n')).toHaveLength(2);
    expect(debug.stderr).toMatch(/^mineone: SOURCE_MISSING: [^\n]+\nMineOneError: there is no file [^\n]+\n {4}at /);
  });
});
