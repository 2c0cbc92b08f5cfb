/** All commands that README, docs/ and the help texts print. */

import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { buildProgram } from '../../../src/cli/program.ts';
import { type Printed, printedInHelp, printedInPage } from './markdown.ts';

const root = new URL('../../../', import.meta.url);

/** Each once, in the order in which a reader meets them. */
export async function allPrinted(): Promise<readonly Printed[]> {
  const pages = readdirSync(new URL('docs/', root)).filter((name) => name.endsWith('.md'));
  const printed = ['README.md', ...pages.map((name) => `docs/${name}`)].flatMap((path) => printedInPage(readFileSync(new URL(path, root), 'utf8'), path));
  const helps = (await everyCommand()).flatMap(([path, command]) => printedInHelp(helpOf(command), `${path} --help`));
  const first = new Map<string, Printed>();
  for (const one of [...printed, ...helps]) if (!first.has(one.text)) first.set(one.text, one);
  return [...first.values()];
}

/** The program and all below it, by the words that call them. */
export async function everyCommand(): Promise<readonly (readonly [path: string, command: Command])[]> {
  const below = (command: Command, path: string): readonly (readonly [string, Command])[] => [
    [path, command],
    ...command.commands.flatMap((sub) => below(sub, `${path} ${sub.name()}`)),
  ];
  return below(await buildProgram([]), 'mineone');
}

/** As `--help` prints it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut(more) {
      text += more;
    },
  });
  command.outputHelp();
  return text;
}
