/** `mineone help COMMAND…`: the help of a command, and of one below it; and how wide any help is. */

import { Command, CommanderError, type Help } from 'commander';
import { likely } from '../errors/nearest.ts';
import { EXIT_USAGE } from './terminal/failure.ts';
import { fitted } from './terminal/say.ts';
import { sentenceLines, wrapped } from './terminal/wrap.ts';

export function helpOf(group: Command): Command {
  return new Command('help')
    .description('print the help of a command')
    .argument('[COMMAND...]', 'the name of the command, such as journal prune')
    .addHelpText('after', `\nExample:\n  mineone help ${group.parent === null && group.name() === 'mineone' ? 'journal prune' : group.name()}`)
    .action((names: readonly string[]) => named(group, names).outputHelp());
}

function named(group: Command, names: readonly string[]): Command {
  return names.reduce((above, name) => {
    const found = above.commands.find((command) => command.name() === name);
    if (found !== undefined) return found;
    throw new CommanderError(EXIT_USAGE, 'mineone.help', `help: no command '${name}': ${insteadOf(name, above)}`);
  }, group);
}

function insteadOf(name: string, above: Command): string {
  const known = above.commands.map((command) => command.name());
  if (known.length === 0) return `${above.name()} has no commands below it`;
  const meant = likely(name, known);
  return meant === null ? `expected one of ${known.join(', ')}` : `did you mean ${meant}?`;
}

const EXAMPLE = '\nExample:\n';

/** A help text as wide as its reader's terminal. Its example is to be pasted: that stays as it is. */
export function writeHelp(text: string, stream: NodeJS.WriteStream): void {
  const [told = '', ...examples] = text.split(EXAMPLE);
  stream.write([fitted(told.split('\n'), stream).join('\n'), ...examples].join(EXAMPLE));
}

/** Characters that a description has beside its term at the least; with fewer it stands below. */
const DESCRIPTION = 30;
const INDENT = 6;

/** How commander lays out its lists and texts; it breaks nothing itself where less than 40 characters are left. */
export const HELP_LAYOUT: Partial<Help> = {
  showGlobalOptions: true,
  boxWrap: (text, width) =>
    text
      .split('\n')
      .flatMap((line) => sentenceLines(line, width))
      .join('\n'),
  formatItem(term, termWidth, description, { helpWidth = 80 }) {
    const beside = termWidth + 4;
    if (helpWidth - beside >= DESCRIPTION) return wrapped(`  ${term.padEnd(termWidth)}  ${description}`.trimEnd(), helpWidth, beside).join('\n');
    const below = description === '' ? [] : sentenceLines(' '.repeat(INDENT) + description, helpWidth);
    return [...sentenceLines(`  ${term}`, helpWidth), ...below].join('\n');
  },
};
