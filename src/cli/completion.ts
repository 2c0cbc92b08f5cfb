/**
 * Shell completion: `mineone complete bash|zsh|fish|powershell` prints the script, which then asks `mineone complete --
 * WORDS…` (@bomb.sh/tab).
 */

import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import completionFor from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { BASH_COMPLETION } from './completion-bash.ts';
import { valuesOf } from './options/offered.ts';
import { PATH } from './options/path.ts';

const NETWORKS = ['mainnet', 'calibnet', 'butterflynet'];
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

/** Adds the command that prints the script and answers it. To be called last: it reads the commands that are there. */
export function addCompletion(program: Command): void {
  const root = completionFor(program);
  const others = root.setup.bind(root);
  root.setup = (name, executable, shell) => (shell === 'bash' ? void process.stdout.write(BASH_COMPLETION) : others(name, executable, shell));
  const complete = program.commands.find((command) => command.name() === 'complete');
  complete?.description('print a script that completes commands in your shell').addHelpText('after', '\nExample:\n  source <(mineone complete bash)');
  for (const argument of complete?.registeredArguments ?? []) argument.description = `the shell: ${SHELLS.join(', ')}`;
  for (const [path, command] of commandsOf(program)) {
    const offers = root.commands.get(path);
    for (const [name, argument] of offers?.arguments ?? []) {
      if (PATH.test(name)) argument.handler = offerFiles;
      if (name === 'COMMAND') argument.handler = (complete) => offer(complete, namedNext(program));
      if (name === 'shell') argument.handler = (complete) => offer(complete, SHELLS);
    }
    for (const option of command.options) {
      const known = offers?.options.get(option.name());
      const values = valuesOf(option);
      if (known !== undefined && values !== undefined) known.handler = (complete) => offer(complete, values);
      if (known !== undefined && PATH.test(option.flags)) known.handler = option.name() === 'network' ? offerNetworks : offerFiles;
    }
  }
}

/** All below it, by the words that call them. */
function commandsOf(above: Command, path = ''): readonly (readonly [string, Command])[] {
  return above.commands.flatMap((command) => {
    const words = `${path}${command.name()}`;
    return [[words, command] as const, ...commandsOf(command, `${words} `)];
  });
}

/**
 * Names that may come next in `help journal …` or `journal help …`: those below the command that the words before name.
 */
function namedNext(program: Command): readonly string[] {
  const words = process.argv.slice(process.argv.indexOf('--') + 1, -1).filter((word) => word !== 'help');
  const above = words.reduce<Command | undefined>((command, word) => command?.commands.find((below) => below.name() === word), program);
  return above?.commands.map((command) => command.name()) ?? [];
}

type Complete = (value: string, description: string) => void;

function offer(complete: Complete, names: readonly string[]): void {
  for (const name of names) complete(name, '');
}

function offerNetworks(complete: Complete): void {
  offer(complete, NETWORKS);
  offerFiles(complete);
}

/**
 * The adapter turns the shell's own file completion off and says nothing of the word being typed: that is the last of
 * the command line.
 */
function offerFiles(complete: Complete): void {
  const word = (process.argv.at(-1) ?? '').replace(/^--[\w-]+=/, '');
  const home = word.startsWith('~/') ? homedir() : null;
  const folder = word.endsWith('/') ? word : dirname(word);
  const dotted = /^\.[^/]/.test(basename(word)) && !word.endsWith('/');
  for (const name of namesIn(home === null ? folder : join(home, folder.slice(1)))) {
    const path = join(folder, name);
    if (dotted || !name.startsWith('.')) complete(`${word.startsWith('./') ? './' : ''}${path}`, '');
  }
}

/**
 * Names in a folder, folders with a slash. One that is not there has nothing to offer, and a completion must not print
 * an error.
 */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`);
  } catch {
    return [];
  }
}
