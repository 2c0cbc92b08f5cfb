/**
 * The program: its commands, one file each, and what is the same for all of them: exit codes, errors, help
 * (docs/commands.md, «Command line»).
 */

import { Command, CommanderError } from 'commander';
import { addCompletion } from './completion.ts';
import { HELP_LAYOUT, helpOf, writeHelp } from './help.ts';
import { watchGiven } from './options/given.ts';
import { jsonLast } from './options/json-first.ts';
import { EXIT_DONE, EXIT_USAGE, failureText, toFailure } from './terminal/failure.ts';
import { endAfterInterrupt, interruptedExit, listenForInterrupts } from './terminal/interrupt.ts';
import { heedClosedPipes } from './terminal/log.ts';
import { columnsOf, widthOf } from './terminal/terminal.ts';
import { isVersionJson, version, versionJson } from './version.ts';

/**
 * In the order of the help. Each is loaded when it is asked for: what one command needs is a small part of what all of
 * them do.
 */
const COMMANDS: { readonly [name: string]: () => Promise<Command> } = {
  devnet: async () => (await import('./devnet/devnet.ts')).devnetCommand(),
  run: async () => (await import('./observe/run.ts')).runCommand(),
  audit: async () => (await import('./audit/audit.ts')).auditCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  explain: async () => (await import('./explain.ts')).explainCommand(),
  epochs: async () => (await import('./epochs.ts')).epochsCommand(),
  times: async () => (await import('./times.ts')).timesCommand(),
  luck: async () => (await import('./luck.ts')).luckCommand(),
  journal: async () => (await import('./journal/journal.ts')).journalCommand(),
  key: async () => (await import('./key.ts')).keyCommand(),
  config: async () => (await import('./config.ts')).configCommand(),
};

/**
 * The command that the first argument names; all of them where it names none: for help, to complete a name, and to
 * suggest what may have been meant.
 */
async function commandsFor(args: readonly string[]): Promise<readonly Command[]> {
  const first = (isCompletingBelow(args) ? args[2] : args[0]) ?? '';
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return Promise.all((named === undefined ? Object.values(COMMANDS) : [named]).map((load) => load()));
}

/**
 * `complete -- audit --m`: the shell waits for an answer that one command gives. A word that is still being typed may
 * be any of them.
 */
function isCompletingBelow([first, dashes, ...words]: readonly string[]): boolean {
  return first === 'complete' && dashes === '--' && words.length > 1;
}

/** The program as one command line needs it: `[]` for all of it. */
export async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('mineone')
    .description('MineOne makes Filecoin blocks, writes each step to disk before it acts on it, and can explain and check each of them later.')
    .version(version(), '--version', 'print the version; with --json, also the newest known network upgrade')
    .helpOption('-h, --help', 'print help, with an example')
    .showSuggestionAfterError(true)
    .configureHelp(HELP_LAYOUT)
    .addHelpText('after', '\nExample:\n  mineone devnet --miners 3 --epochs 20')
    .helpCommand(false)
    .configureOutput({
      outputError: () => undefined,
      writeOut: (text) => writeHelp(text, process.stdout),
      writeErr: (text) => writeHelp(text, process.stderr),
      getOutHelpWidth: () => columnsOf(process.stdout),
      getErrHelpWidth: () => columnsOf(process.stderr),
    })
    .exitOverride();
  for (const command of await commandsFor(args)) program.addCommand(inherit(command, program));
  program.addCommand(inherit(helpOf(program), program));
  addCompletion(program);
  return program;
}

/** How errors and help are told is the same for a command and those below it. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  watchGiven(command);
  for (const below of command.commands) inherit(below, command);
  if (command.commands.length > 0) command.addCommand(inherit(helpOf(command), command));
  return command;
}

/** Runs one command line, without node and script, to its end. @returns the exit code; nothing is thrown. */
export async function runProgram(typed: readonly string[]): Promise<number> {
  const args = jsonLast(typed, Object.keys(COMMANDS));
  heedClosedPipes();
  listenForInterrupts();
  const json = args.includes('--json');
  process.on('uncaughtException', (error) => process.exit(failureOf(error, json)));
  try {
    const program = await buildProgram(args);
    if (args.length === 0) program.outputHelp({ error: true });
    else if (isVersionJson(args)) process.stdout.write(versionJson());
    else await parse(program, args);
    const done = args.length === 0 ? EXIT_USAGE : Number(process.exitCode ?? EXIT_DONE);
    return interruptedExit() ?? done;
  } catch (thrown) {
    return failureOf(thrown, json);
  } finally {
    endAfterInterrupt();
  }
}

/**
 * To be told to end is no failure; what fails while a command closes is one, and is told whatever the exit code says.
 */
function failureOf(thrown: unknown, json: boolean): number {
  const told = interruptedExit();
  if (told === undefined) return report(thrown, json);
  // Each library gives up in an error of its own, by the name that the platform gave it.
  if ((thrown as Partial<Error> | null)?.name !== 'AbortError') report(thrown, json);
  return told;
}

/** A word that was mistyped is told before one that is missing. */
async function parse(program: Command, args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError) || thrown.code !== 'commander.missingMandatoryOptionValue') throw thrown;
    const command = commandOf(program, args);
    const known = command.options.flatMap(({ long, short }) => [long, short]);
    if (args.every((arg) => !/^--./.test(arg) || known.includes(arg.split('=')[0]))) throw thrown;
    for (const option of command.options) option.makeOptionMandatory(false);
    await program.parseAsync(args, { from: 'user' });
  }
}

/** The one that the first words name. */
function commandOf(program: Command, args: readonly string[]): Command {
  let found = program;
  for (const arg of args) {
    const below = found.commands.find((command) => command.name() === arg);
    if (below === undefined) return found;
    found = below;
  }
  return found;
}

/** Help and version end the parsing by a throw too, with exit code 0: they are no failure. */
function report(thrown: unknown, json: boolean): number {
  if (thrown instanceof CommanderError && thrown.exitCode === EXIT_DONE) return EXIT_DONE;
  const failure = toFailure(thrown);
  const stack = process.env['MINEONE_DEBUG'] === '1' && thrown instanceof Error ? thrown.stack : undefined;
  process.stderr.write(failureText(failure, { json, stack, limit: widthOf(process.stderr) }));
  return failure.exit;
}
