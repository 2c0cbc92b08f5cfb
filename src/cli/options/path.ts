/** Paths on the command line: an empty one would be the folder at hand, where nobody meant to read or write. */

import { CommanderError } from 'commander';
import { EXIT_USAGE } from '../terminal/failure.ts';

/** Placeholders of help texts that stand for a path. */
export const PATH = /SOURCE|FILE|DIR/;

/** `what` names the option, argument or variable. Throws a usage error. */
export function checkPath(what: string, text: string): void {
  if (text.trim() === '') throw new CommanderError(EXIT_USAGE, 'mineone.path', `${what} is empty: expected a path, got '${text}'; name one, or leave it out`);
}
