/**
 * How a command fails: `mineone: CODE: what was wrong, what to do` on stderr, or the same as one JSON document
 * (docs/commands.md, «Command line»).
 */

import { CommanderError } from 'commander';
import { MineOneError } from '../../errors/mineone-error.ts';
import { toJson } from './json.ts';
import { quoted } from './pasted.ts';
import { sentenceLines } from './wrap.ts';

export const EXIT_DONE = 0;
/** Looked, and found something wrong: an answer, and no failure of the command. */
export const EXIT_WRONG = 1;
/** The command line or the configuration. */
export const EXIT_USAGE = 2;
/** Could not look: nothing is said of what was to be looked at. */
export const EXIT_COULD_NOT = 3;

/** What a command was asked to look for, and found: it says so in an error's form, and has answered. */
export class Finding extends MineOneError {}

/** A wrong configuration is a wrong command line written down: starting again mends neither. */
const USAGE_CODES: ReadonlySet<string> = new Set(['CONFIG_SYNTAX', 'CONFIG_KEY', 'CONFIG_VALUE', 'CONFIG_FILE']);

export interface CommandFailure {
  /** Stable: scripts match on it. */
  readonly code: string;
  readonly message: string;
  readonly exit: number;
}

/** What the operating system refuses, in words an operator can act on. */
const SYSTEM: Readonly<Record<string, readonly [code: string, what: string, mend: string]>> = {
  ENOENT: ['FILE_MISSING', 'no such file or directory', 'check the path'],
  EACCES: ['FILE_DENIED', 'permission denied', 'run as a user who may read it'],
  EPERM: ['FILE_DENIED', 'operation not permitted', 'run as a user who may do it'],
  EISDIR: ['FILE_IS_DIRECTORY', 'is a directory', 'name a file in it'],
  ENOTDIR: ['FILE_MISSING', 'part of the path is not a directory', 'check the path'],
  EMFILE: ['FILES_OPEN_MAX', 'too many open files', 'raise the limit with ulimit -n'],
  ENOSPC: ['DISK_FULL', 'no space left on the device', 'free some and run again'],
  EDQUOT: ['DISK_FULL', 'the quota of disk space is used up', 'free some and run again'],
  EROFS: ['DISK_READ_ONLY', 'the disk is mounted read-only', 'mount it writable, or name a folder on another one'],
  EIO: ['DISK_FAULT', 'the disk could not be read or written', 'look into the log of the system for its errors'],
};

/** Gives any thrown value its code, its sentence and its exit code; what nobody foresaw is INTERNAL. */
export function toFailure(thrown: unknown): CommandFailure {
  if (thrown instanceof CommanderError) return usageFailure(thrown);
  if (thrown instanceof MineOneError) return { code: thrown.code, message: thrown.message, exit: exitOf(thrown) };
  const system = thrown instanceof Error ? systemFailure(thrown) : undefined;
  if (system !== undefined) return system;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'INTERNAL', message: `${said}; this is a fault of mineone: run again with MINEONE_DEBUG=1 and report what it prints`, exit: EXIT_COULD_NOT };
}

function exitOf(error: MineOneError): number {
  if (error instanceof Finding) return EXIT_WRONG;
  return USAGE_CODES.has(error.code) ? EXIT_USAGE : EXIT_COULD_NOT;
}

function usageFailure(error: CommanderError): CommandFailure {
  // A command that is only a name for those below it: its help is printed already.
  if (error.code === 'commander.help')
    return { code: 'USAGE', message: 'a command is missing: name one of those above; for help, add --help', exit: EXIT_USAGE };
  const said = error.message
    .replace(/^error: /, '')
    .replace(/\.?\s*\n\s*\(Did you mean (?:one of )?([^)]+)\?\)/, (_, names: string) => `: did you mean ${names.replace(/, (?=[^,]*$)/, ' or ')}?`)
    .replace(/\.$/, '');
  return { code: 'USAGE', message: `${said}${said.endsWith('?') ? ' For' : '; for'} help, add --help`, exit: EXIT_USAGE };
}

function systemFailure(error: NodeJS.ErrnoException): CommandFailure | undefined {
  const [code, what, mend] = SYSTEM[error.code ?? ''] ?? [];
  if (code === undefined) return undefined;
  return { code, message: `${error.path === undefined ? '' : `${quoted(error.path)}: `}${what}; ${mend}`, exit: EXIT_COULD_NOT };
}

/** Gives a system error the path it was about where the system left it out: reading a directory says only EISDIR. */
export function aboutFile(error: unknown, path: string): unknown {
  return error instanceof Error && 'code' in error && !('path' in error) ? Object.assign(error, { path }) : error;
}

interface FailureForm {
  readonly json: boolean;
  readonly stack?: string | undefined;
  /** The terminal's width. */
  readonly limit?: number;
}

/**
 * The text for stderr, ending in a newline; an error's text never spreads over lines but at a terminal's width, its
 * stack follows where it was asked for.
 */
export function failureText(failure: CommandFailure, { json, stack, limit = Infinity }: FailureForm): string {
  const message = failure.message.replace(/\s*\n\s*/g, ' ');
  if (json) return `${toJson({ type: 'error', code: failure.code, message, ...(stack === undefined ? {} : { stack }) })}\n`;
  return `${sentenceLines(`mineone: ${failure.code}: ${message}`, limit).join('\n')}\n${stack === undefined ? '' : `${stack}\n`}`;
}
