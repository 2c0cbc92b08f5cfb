/**
 * What holds for the options of every command: a value is given once, a path is not empty, a range is one, `--json` may
 * stand anywhere.
 */

import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { watchGiven } from '../../../src/cli/options/given.ts';
import { jsonLast } from '../../../src/cli/options/json-first.ts';
import { PATH } from '../../../src/cli/options/path.ts';
import { everyCommand } from '../printed/all.ts';
import { mineone } from '../run.ts';

const commands = await everyCommand();
const valued = commands.flatMap(([path, command]) => command.options.filter(({ required }) => required).map((option) => ({ path, option, command })));
const paths = valued.filter(({ option }) => PATH.test(option.flags));
const single = valued.filter(({ option }) => !option.description.includes('(repeatable)'));

/** A value that its option takes. */
const VALUE: Readonly<Record<string, string>> = { miner: 'f01000', outcome: 'late', window: '1d', keep: '1d', 'block-delay': '2s', engine: 'xstate' };

/** Its own for each parse: what watches an option stays on it. */
function copyOf(option: Option): Option {
  return Object.assign(new Option(option.flags, option.description), option, { mandatory: false });
}

function parsed(command: Command, args: readonly string[]): void {
  const own = command.options.reduce((copy, option) => copy.addOption(copyOf(option)), new Command(command.name()));
  own.exitOverride().configureOutput({ writeErr: () => undefined });
  own.allowExcessArguments().action(() => undefined);
  watchGiven(own);
  own.parse(args, { from: 'user' });
}

describe('an option with a value', () => {
  it('is one of many', () => {
    expect([valued.length > 60, single.length > 50, paths.length > 25]).toEqual([true, true, true]);
  });

  it.each(single.map(({ path, option, command }) => [`${path} ${option.long}`, option, command] as const))(
    '%s given twice is refused, both named',
    (_, option, command) => {
      const value = VALUE[option.name()] ?? '4';
      expect(() => parsed(command, [option.long as string, value, option.long as string, value])).toThrow(
        `${option.long} takes one value, and got two: '${value}' and '${value}'`,
      );
    },
  );

  it.each(paths.map(({ path, option, command }) => [`${path} ${option.long}`, option, command] as const))(
    '%s that is empty is refused',
    (_, option, command) => {
      expect(() => parsed(command, [option.long as string, ''])).toThrow(`option '${option.flags}' is empty: expected a path`);
    },
  );
});

describe.concurrent('wrong usage', { timeout: 60_000 }, () => {
  it.for([
    [['explain', '--epoch', '4', '--epoch', '5', '--miner', 'f01000'], "--epoch takes one value, and got two: '4' and '5'"],
    [['epochs', '--data', ''], "option '--data <DIR>' is empty"],
    [['audit', ''], 'argument SOURCE is empty'],
    [['epochs', '--from', '5', '--to', '2'], '--from 5 is after --to 2'],
    [['audit', 'a.car', '--from', '5', '--to', '2'], '--from 5 is after --to 2'],
    [['key', 'export', 'f3abc'], '"f3abc" has 5 characters, and an address that begins with f3 has 86'],
  ] as const)('%j', async ([args, said]) => {
    expect(await mineone(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  });

  it.for([['epochs'], ['devnet', '--speed', 'max', '--epochs', '1']])('an empty MINEONE_DATA: %j', async (args) => {
    expect(await mineone(args, { env: { MINEONE_DATA: '' } })).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('MINEONE_DATA is empty') });
  });
});

describe('--json', () => {
  it.for([
    ['--json luck --miner f01000', 'luck --miner f01000 --json'],
    ['journal --json stat', 'journal stat --json'],
    ['--json audit -- a.car', 'audit --json -- a.car'],
    ['luck --json --miner f01000', 'luck --miner f01000 --json'],
    ['--json --version', '--json --version'],
    ['complete -- --json', 'complete -- --json'],
  ] as const)('%s is %s', ([typed, meant]) => {
    expect(jsonLast(typed.split(' '), ['luck', 'journal', 'audit']).join(' ')).toBe(meant);
  });
});
