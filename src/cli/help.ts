/** `mineone help COMMAND…`: the help of a command, and of one below it. */

import { Command, CommanderError } from 'commander';
import { likely } from '../errors/nearest.ts';
import { EXIT_USAGE } from './terminal/failure.ts';

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
