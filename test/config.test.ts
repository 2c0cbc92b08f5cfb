/**
 * The configuration: which source wins, what is refused and how, what is never shown (docs/commands.md,
 * «Configuration»).
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ConfigSources, maskedConfig, readConfig } from '../src/config.ts';
import type { MineOneError } from '../src/errors/mineone-error.ts';

const read = (sources: Partial<ConfigSources>) => readConfig({ toml: null, path: 'mineone.toml', env: {}, ...sources });

function refused(sources: Partial<ConfigSources>): { readonly code: string; readonly message: string } {
  try {
    read(sources);
  } catch (error) {
    const { code, message } = error as MineOneError;
    return { code, message };
  }
  throw new Error('it was taken');
}

describe('the configuration', () => {
  it('is this when nobody says anything', () => {
    expect(read({})).toEqual({ network: 'mainnet', miners: [], keys: [], observe: false });
  });

  it('is the file, then the environment, then the flags', () => {
    const toml = "network = 'calibnet'\nnode = 'file'\nminers = ['f01', 't02']\nkeys = ['a.key']\nobserve = true\n";
    const env = { MINEONE_NODE: 'environment', MINEONE_MINERS: 'f03,f04', MINEONE_OBSERVE: 'false' };
    const file = { network: 'calibnet', node: 'file', miners: ['f01', 'f02'], keys: ['a.key'], observe: true };
    const both = { ...file, node: 'environment', miners: ['f03', 'f04'], observe: false };
    expect(read({ toml })).toEqual(file);
    expect(read({ toml, env })).toEqual(both);
    expect(read({ toml, env, flags: { network: '2k', observe: true } })).toEqual({ ...both, network: '2k', observe: true });
  });

  it('keeps a duration as it was written, from anywhere', () => {
    expect([read({ toml: "keep = '30d'" }).keep, read({ env: { MINEONE_KEEP: '12h' } }).keep, read({ flags: { keep: '1.5h' } }).keep]).toEqual([
      '30d',
      '12h',
      '1.5h',
    ]);
  });

  it('does not take variables of other purposes for its own', () => {
    expect(read({ env: { MINEONE_DATA: 'd', MINEONE_DEBUG: '1', MINEONE_BLS: 'noble', PATH: '/bin' } })).toEqual(read({}));
  });

  it('shows no token and no passphrase', () => {
    const secret = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';
    const shown = maskedConfig(read({ flags: { node: `${secret}:/ip4/127.0.0.1/tcp/1234/http` }, env: { MINEONE_PASSPHRASE: 'open sesame' } }));
    expect(shown).toMatchObject({ node: '***:/ip4/127.0.0.1/tcp/1234/http', passphrase: '***' });
    expect(maskedConfig(read({ flags: { node: './chain.car' } })).node).toBe('./chain.car');
  });
});

describe('what is refused', () => {
  it.for([
    [{ toml: "netwrk = 'calibnet'" }, 'CONFIG_KEY', 'mineone.toml: there is no netwrk; did you mean network?'],
    [{ toml: 'miner = []' }, 'CONFIG_KEY', 'mineone.toml: there is no miner; did you mean miners?'],
    [{ env: { MINEONE_OBSRVE: '1' } }, 'CONFIG_KEY', 'the environment: there is no MINEONE_OBSRVE; did you mean MINEONE_OBSERVE?'],
    [{ toml: 'network = ' }, 'CONFIG_SYNTAX', 'mineone.toml, line 1: '],
    [
      { toml: 'network = 5' },
      'CONFIG_VALUE',
      'mineone.toml: network: expected mainnet, calibnet, butterflynet, 2k, or the path of a network file, as text, got 5; write for example network = "calibnet"',
    ],
    [{ toml: 'miners = 3' }, 'CONFIG_VALUE', 'mineone.toml: miners: expected a list of id addresses, got 3; write for example miners = ["f01000"]'],
    [{ toml: 'miners = [3]' }, 'CONFIG_VALUE', 'mineone.toml: miners: expected a list of id addresses, got [3]; write'],
    [{ toml: "observe = 'yes'" }, 'CONFIG_VALUE', 'mineone.toml: observe: expected true or false, got "yes"; write for example observe = true'],
    [{ toml: '[node]\na = 1' }, 'CONFIG_VALUE', 'mineone.toml: node: expected the path of a chain file, as text, got a table; write'],
    [{ toml: "node = ''" }, 'CONFIG_VALUE', 'mineone.toml: node: expected the path of a chain file, as text, got ""; write'],
    [{ toml: "keys = ['']" }, 'CONFIG_VALUE', 'mineone.toml: keys: expected a list of paths of key files, got [""]; write'],
    [{ toml: 'passphrase = 12' }, 'CONFIG_VALUE', 'mineone.toml: passphrase: expected a text, got something else; write'],
    [{ env: { MINEONE_OBSERVE: 'yes' } }, 'CONFIG_VALUE', 'MINEONE_OBSERVE: expected true or false, got "yes"; write for example MINEONE_OBSERVE=true'],
    [{ toml: 'keep = 30' }, 'CONFIG_VALUE', 'keep: expected a time as text, such as "30d", "12h" or "90m", got 30; write'],
    [{ toml: "keep = '30'" }, 'CONFIG_VALUE', 'keep: expected a time as text, such as "30d", "12h" or "90m", got "30"; write'],
    [{ env: { MINEONE_KEEP: '0s' } }, 'CONFIG_VALUE', 'MINEONE_KEEP: expected a time as text'],
    [{ toml: "keepMs = '30d'" }, 'CONFIG_KEY', 'mineone.toml: there is no keepMs; did you mean keep?'],
    [{ toml: "miners = ['f1abc']" }, 'CONFIG_VALUE', 'miners: expected a list of id addresses, got ["f1abc"]; write'],
  ] as const)('%j', ([sources, code, message]) => {
    expect(refused(sources)).toEqual({ code, message: expect.stringContaining(message) });
  });
});

describe('the environment of the tests', () => {
  it('is no configuration: a variable of .ci/run once ended each command that reads one', () => {
    const script = readFileSync(fileURLToPath(new URL('../.ci/run', import.meta.url)), 'utf8');
    const names = [...new Set(script.match(/\bMINEONE_[A-Z0-9_]+(?==)/g))];
    expect(names).toContain('MINEONE_REQUIRE_NATIVE');
    expect(read({ env: Object.fromEntries(names.map((name) => [name, '1'])) })).toEqual(read({}));
  });
});
