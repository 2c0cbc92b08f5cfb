/** Shell completion: the scripts are what their shells accept, and the answers are what may come next. */

import { describe, expect, it } from 'vitest';
import { mineone, shell } from '../run.ts';

/** What would be offered after these words; the last one is being typed. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await mineone(['complete', '--', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.pop()).toBe(':4');
  return lines.map((line) => line.split('\t')[0] ?? '');
}

describe.concurrent('completion', { timeout: 60_000 }, () => {
  it('offers the commands', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['audit', 'complete']));
    expect(await offered('au')).toEqual(['audit']);
  });

  it('offers the options of a command', async () => {
    expect(await offered('audit', '--')).toEqual(['--network', '--from', '--to', '--miner', '--require', '--json', '--help']);
    expect(await offered('audit', 'a.car', '--m')).toEqual(['--miner']);
  });

  it('offers networks and files where they may stand, and nothing for an epoch', async () => {
    expect(await offered('audit', '--network', 'm')).toEqual(expect.arrayContaining(['mainnet']));
    expect(await offered('audit', 'test/cassette/devnet-2k.c')).toEqual(['test/cassette/devnet-2k.car.gz']);
    expect(await offered('audit', './test/casse')).toEqual(['./test/cassette/']);
    expect(await offered('audit', '/nowhere/at/all/')).toEqual([]);
    expect(await offered('audit', '--from', '')).toEqual([]);
  });

  it('offers faults by their names', async () => {
    expect(await offered('devnet', '--fault', 'slow-')).toEqual(['slow-head', 'slow-create', 'slow-prove', 'slow-select']);
  });

  it('offers the values of an option, and the commands that help is for', async () => {
    expect(await offered('epochs', '--outcome', 'la')).toEqual(['late']);
    expect(await offered('audit', 'a.car', '--require', 'win-')).toEqual(['win-count']);
    expect(await offered('help', 'journ')).toEqual(['journal']);
    expect(await offered('help', 'journal', 'pr')).toEqual(['prune']);
    expect(await offered('journal', 'help', 'pr')).toEqual(['prune']);
  });

  it('offers shells', async () => {
    expect(await offered('complete', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish', 'powershell']));
  });

  it.for([
    ['bash', 'complete -F __mineone_complete mineone'],
    ['zsh', 'mineone complete -- '],
    ['fish', 'complete -c mineone '],
    ['powershell', "& mineone complete '--' "],
  ] as const)('prints a script for %s that asks mineone', async ([name, line]) => {
    const { code, stdout, stderr } = await mineone(['complete', name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(line);
  });

  it('prints a script that bash accepts', async () => {
    expect(await shell('MINEONE complete bash | bash -n')).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
