/**
 * What holds for the options of every command: one value is given once, a path is not empty, `--from` is not after
 * `--to` (docs/commands.md, «Command line»).
 */

import { type Argument, type Command, CommanderError, type Option } from 'commander';
import { EXIT_USAGE } from '../terminal/failure.ts';
import { checkPath, PATH } from './path.ts';

/** To be called once for each command, when its options and arguments are there. */
export function watchGiven(command: Command): void {
  for (const option of command.options) if (option.required) watchOption(command, option);
  for (const argument of command.registeredArguments) if (PATH.test(argument.name())) refuseEmpty(argument);
  command.hook('preAction', (_, acting) => checkRange(acting.opts()));
}

/** An option may be given again where its help says so. */
const isRepeatable = ({ description }: Option): boolean => description.includes('(repeatable)');

function watchOption(command: Command, option: Option): void {
  if (!isRepeatable(option)) giveOnce(command, option);
  if (!PATH.test(option.flags)) return;
  command.on(`option:${option.name()}`, (text: string) => checkPath(`option '${option.flags}'`, text));
  command.on(`optionEnv:${option.name()}`, (text: string) => checkPath(`${option.envVar}`, text));
}

/** Where its value is read: afterwards the first one is gone. */
function giveOnce(command: Command, option: Option): void {
  const read = option.parseArg;
  let first = '';
  option.argParser((text: string, before: unknown) => {
    if (command.getOptionValueSource(option.attributeName()) === 'cli')
      throw usage(`${option.long} takes one value, and got two: '${first}' and '${text}'; leave one of them out`);
    first = text;
    return read === undefined ? text : read(text, before);
  });
}

function refuseEmpty(argument: Argument): void {
  argument.argParser((text: string) => {
    checkPath(`argument ${argument.name()}`, text);
    return text;
  });
}

function checkRange({ from, to }: { readonly from?: unknown; readonly to?: unknown }): void {
  if (typeof from !== 'number' || typeof to !== 'number' || from <= to) return;
  throw usage(`--from ${from} is after --to ${to}: expected a first epoch that is not after the last; change one of them`);
}

function usage(message: string): CommanderError {
  return new CommanderError(EXIT_USAGE, 'mineone.given', message);
}
