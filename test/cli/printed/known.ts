/** Whether a command line names a command and options that the program has. */

import type { Command } from 'commander';

type Commands = readonly (readonly [path: string, command: Command])[];

/** Options that every command takes. */
const GLOBAL = ['--help', '--version', '--json'];

/** What is wrong with a command line of bash; nothing where it has no `mineone`. */
export function commandFaults(line: string, commands: Commands): readonly string[] {
  return [...line.matchAll(/(?<![\w./-])mineone((?: +[^\s|)&;,`]+)*)/g)].flatMap(([, words = '']) => wordFaults(words.trim().split(/ +/), commands));
}

function wordFaults([first = '', ...rest]: readonly string[], commands: Commands): readonly string[] {
  if (first === '') return [];
  const byPath = new Map(commands.map(([path, command]) => [path.replace(/^mineone ?/, ''), command]));
  if (first.startsWith('-')) return optionFaults([first, ...rest], byPath.get(''), '');
  if (!byPath.has(first)) return [`there is no command '${first}'`];
  const path = byPath.has(`${first} ${rest[0]}`) ? `${first} ${rest[0]}` : first;
  const command = byPath.get(path) as Command;
  const word = path === first && command.commands.length > 0 && /^[a-z]/.test(rest[0] ?? '') ? [`there is no command '${first} ${rest[0]}'`] : [];
  return [...word, ...optionFaults(rest, command, path)];
}

function optionFaults(words: readonly string[], command: Command | undefined, path: string): readonly string[] {
  const known = new Set([...GLOBAL, ...(command?.options ?? []).flatMap(({ long, short }) => [long, short])]);
  const given = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/[=.:;?]?$/, '').replace(/=.*/, ''));
  return given.filter((option) => !known.has(option)).map((option) => `there is no option ${option} of '${path}'`);
}

/** Options named without a command: one of them must have it. */
export function looseOptionFaults(text: string, commands: Commands): readonly string[] {
  const known = new Set([...GLOBAL, ...commands.flatMap(([, command]) => command.options.map(({ long }) => long))]);
  return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].filter(([option]) => !known.has(option)).map(([option]) => `there is no option ${option}`);
}
