/** The program: its commands, one file each, and what is the same for all of them: exit codes, errors, help (docs/commands.md, «Command line»). */

import { Command, CommanderError } from 'commander';
import { auditCommand } from './audit.ts';
import { addCompletion } from './completion.ts';
import { configCommand } from './config.ts';
import { devnetCommand } from './devnet.ts';
import { epochsCommand } from './epochs.ts';
import { explainCommand } from './explain.ts';
import { EXIT_DONE, EXIT_USAGE, failureText, toFailure } from './failure.ts';
import { helpOf } from './help.ts';
import { endAfterInterrupt, interruptedExit, listenForInterrupts } from './interrupt.ts';
import { journalCommand } from './journal.ts';
import { keyCommand } from './key.ts';
import { heedClosedPipes } from './log.ts';
import { luckCommand } from './luck.ts';
import { replayCommand } from './replay.ts';
import { runCommand } from './run.ts';
import { columnsOf } from './terminal.ts';
import { timesCommand } from './times.ts';
import { isVersionJson, version, versionJson } from './version.ts';

export function buildProgram(): Command {
  const program = new Command('mineone')
    .description('Filecoin block production as an event-sourced actor system')
    .version(version(), '--version', 'print the version; with --json also the newest upgrade known')
    .helpOption('-h, --help', 'print help, with an example')
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', '\nExample:\n  mineone audit chain.car --network mainnet')
    .helpCommand(false)
    .configureOutput({ outputError: () => undefined, getOutHelpWidth: () => columnsOf(process.stdout), getErrHelpWidth: () => columnsOf(process.stderr) })
    .exitOverride();
  for (const command of [
    devnetCommand(),
    runCommand(),
    auditCommand(),
    replayCommand(),
    explainCommand(),
    epochsCommand(),
    timesCommand(),
    luckCommand(),
    journalCommand(),
    keyCommand(),
    configCommand(),
  ])
    program.addCommand(inherit(command, program));
  program.addCommand(inherit(helpOf(program), program));
  addCompletion(program);
  return program;
}

/** How errors and help are told is the same for a command and those below it. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const below of command.commands) inherit(below, command);
  if (command.commands.length > 0) command.addCommand(inherit(helpOf(command), command));
  return command;
}

/** Runs one command line (without node and script) to its end. @returns the exit code; nothing is thrown. */
export async function runProgram(args: readonly string[]): Promise<number> {
  heedClosedPipes();
  listenForInterrupts();
  const json = args.includes('--json');
  process.on('uncaughtException', (error) => process.exit(interruptedExit() ?? report(error, json)));
  try {
    const program = buildProgram();
    if (args.length === 0) program.outputHelp({ error: true });
    else if (isVersionJson(args)) process.stdout.write(versionJson());
    else await parse(program, args);
    const done = args.length === 0 ? EXIT_USAGE : Number(process.exitCode ?? EXIT_DONE);
    return interruptedExit() ?? done;
  } catch (thrown) {
    return interruptedExit() ?? report(thrown, json);
  } finally {
    endAfterInterrupt();
  }
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
  process.stderr.write(failureText(failure, json, stack));
  return failure.exit;
}
