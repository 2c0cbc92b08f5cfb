/**
 * What was mistyped is told in one clean line, with what may have been meant; and help is found by either way of
 * asking.
 */

import { describe, expect, it } from 'vitest';
import { mineone } from '../run.ts';

describe.concurrent('a typo', { timeout: 60_000 }, () => {
  it.for([
    ['explain --epohc 3', "unknown option '--epohc': did you mean --epoch? For help, add --help"],
    ['expalin', "unknown command 'expalin': did you mean explain? For help, add --help"],
    ['expalin --epoch 3 --miner f01000', "unknown command 'expalin': did you mean explain? For help, add --help"],
    ['epochs --mniner f01000', "unknown option '--mniner': did you mean --miner? For help, add --help"],
    ['explain --epoch 3 --mniner f01000', "unknown option '--mniner': did you mean --miner? For help, add --help"],
    ['--mniner', "unknown option '--mniner'; for help, add --help"],
    ['journal prnue', "unknown command 'prnue': did you mean prune? For help, add --help"],
    ['help journl', "help: no command 'journl': did you mean journal? For help, add --help"],
    ['help journal prnue', "help: no command 'prnue': did you mean prune? For help, add --help"],
    ['help luck all', "help: no command 'all': luck has no commands below it; for help, add --help"],
    [
      'devnet --fault slow-prov',
      `option '--fault <NAME[:RATE]>' argument 'slow-prov' is invalid. There is no fault "slow-prov"; did you mean slow-prove? For help, add --help`,
    ],
    ['audit a.car --require win-cuont', `argument 'win-cuont' is invalid. There is no rule "win-cuont"; did you mean win-count? For help, add --help`],
  ] as const)('mineone %s', async ([line, said]) => {
    const { code, stdout, stderr } = await mineone(line.split(' '));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mineone: USAGE: [^\n]+\n$/);
    expect(stderr).toContain(said);
  });

  it('of nothing that there is lists what there is', async () => {
    expect((await mineone(['help', 'frobnicate'])).stderr).toMatch(/^mineone: USAGE: help: no command 'frobnicate': expected one of devnet, run, [^\n]+\n$/);
  });
});

describe('help', { timeout: 60_000 }, () => {
  it.for(['journal prune', 'key import', 'explain', 'journal'])('of %s is what its --help prints', async (path) => {
    const [asked, printed] = await Promise.all([mineone(['help', ...path.split(' ')]), mineone([...path.split(' '), '--help'])]);
    expect(asked).toEqual(printed);
    expect(asked.stdout).toMatch(new RegExp(`^Usage: mineone ${path} `));
  });
});
