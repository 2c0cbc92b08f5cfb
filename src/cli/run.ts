/** `mineone run`: produces blocks; `--observe --node FILE.car` mines past epochs of a snapshot again on a virtual clock (docs/commands.md, «Command line»). */

import { Command, CommanderError } from 'commander';
import { parseEpoch } from './arguments.ts';
import { type ConfigFlags, configInForce, withConfigOptions } from './config-options.ts';
import { journalDir } from './data-dir.ts';
import { parseDuration } from './duration.ts';
import { EXIT_FAILED, EXIT_USAGE } from './failure.ts';
import { closeInOwnTime } from './interrupt.ts';
import { toJson } from './json.ts';
import { keysOfFile } from './key-source.ts';
import { goOnWithoutLog, miningLog } from './log.ts';
import { type ObservedRow, type ObservedSummary, type ObserveRun, observe } from './observe.ts';
import { observeEnd, observeHead, observeIntro, observeLine } from './observe-text.ts';
import { openObservedChain } from './observed-chain.ts';
import { createProgress, type Progress } from './progress.ts';
import { widthOf } from './table.ts';

interface RunCommandOptions extends ConfigFlags {
  readonly from?: number;
  readonly to?: number;
  readonly json?: true;
}

export function runCommand(): Command {
  return withConfigOptions(new Command('run').description('produce blocks; with --observe and a CAR file: mine its past epochs again, and compare'))
    .option('--from <EPOCH>', 'first epoch to mine', parseEpoch)
    .option('--to <EPOCH>', 'last epoch to mine', parseEpoch)
    .option('--json', 'print JSON lines: each miner and epoch, the end')
    .addHelpText(
      'after',
      '\nWhat is not said here is read from mineone.toml and MINEONE_*: see `mineone config show`.\nExits with 1 when a block on the chain is not reproduced.\n\nExample:\n  mineone run --observe --node chain.car --network 2k --key worker.key --data ./again',
    )
    .action(run);
}

async function run(options: RunCommandOptions): Promise<void> {
  const { node, network, keys: paths, miners, keep, observe: isObserving } = configInForce(options);
  if (node === undefined) throw new CommanderError(EXIT_USAGE, 'mineone.node', 'run: no node: give --node, or `node` in mineone.toml');
  if (!isObserving) throw new CommanderError(EXIT_USAGE, 'mineone.observe', 'run: a chain file takes no blocks; give --observe');
  const progress = createProgress();
  const { from, to } = options;
  try {
    const keys = (await Promise.all(paths.map((path) => keysOfFile(path)))).flat();
    const chain = await openObservedChain(node, { network, from, to, onProgress: progress.update });
    try {
      const keeping = keep === undefined ? {} : { keepMs: parseDuration(keep) };
      const summary = await observeOn({ chain, keys, miners, ...keeping }, options, progress);
      if (summary.reproduced < summary.blocks) process.exitCode = EXIT_FAILED;
    } finally {
      await chain.close();
    }
  } finally {
    progress.clear();
  }
}

async function observeOn(what: Omit<ObserveRun, 'journalDir' | 'onEpoch'>, { json, data }: RunCommandOptions, progress: Progress): Promise<ObservedSummary> {
  const { chain } = what;
  // What reads the chain before may be cut short; what mines, not.
  closeInOwnTime();
  goOnWithoutLog();
  const limit = widthOf(process.stdout);
  const log = miningLog((lines) => (json ? toJson({ type: 'unread', lines }) : `… and ${lines} more lines, which nobody read`));
  const print = (lines: readonly string[]): void => {
    progress.clear();
    for (const line of lines) log.write(`${line}\n`);
  };
  const lineOf = (row: ObservedRow): string => (json ? toJson({ type: 'epoch', ...row }) : observeLine(row, limit));
  if (!json) print([...observeIntro(chain, journalDir(data)), observeHead(limit)]);
  const summary = await observe({
    ...what,
    journalDir: journalDir(data),
    onEpoch: (rows) => {
      print(rows.map(lineOf));
      progress.update(`mined up to epoch ${rows[0]?.epoch} of ${chain.range.to}`);
    },
  });
  print(json ? [toJson({ type: 'end', ...summary })] : observeEnd(summary));
  return summary;
}
