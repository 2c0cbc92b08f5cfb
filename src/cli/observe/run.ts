/**
 * `mineone run`: produces blocks; `--observe --node FILE.car` mines past epochs of a snapshot again on a virtual clock
 * (docs/commands.md, «Command line»).
 */

import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { MineOneError } from '../../errors/mineone-error.ts';
import { keepNetwork } from '../journal/journal-network.ts';
import { parseEpoch } from '../options/arguments.ts';
import { type ConfigFlags, configInForce, withConfigOptions } from '../options/config-options.ts';
import { journalDir } from '../options/data-dir.ts';
import { parseDuration } from '../options/duration.ts';
import { keysOfFile } from '../options/key-source.ts';
import { EXIT_USAGE, EXIT_WRONG } from '../terminal/failure.ts';
import { closeInOwnTime, interruption } from '../terminal/interrupt.ts';
import { toJson } from '../terminal/json.ts';
import { goOnWithoutLog, miningLog } from '../terminal/log.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { fitted } from '../terminal/say.ts';
import { widthOf } from '../terminal/terminal.ts';
import { checkedMiners } from './checked-miners.ts';
import { type ObservedRow, type ObservedSummary, type ObserveRun, observe } from './observe.ts';
import { observeEnd, observeHead, observeIntro, observeLines } from './observe-text.ts';
import { openObservedChain } from './observed-chain.ts';

interface RunCommandOptions extends ConfigFlags {
  readonly from?: number;
  readonly to?: number;
  readonly json?: true;
}

export function runCommand(): Command {
  return withConfigOptions(new Command('run').description('make blocks; with --observe and a CAR file: mine its past epochs again, and compare'))
    .option('--from <EPOCH>', 'first epoch to mine', parseEpoch)
    .option('--to <EPOCH>', 'last epoch to mine', parseEpoch)
    .option('--json', 'print JSON lines: one for each miner and epoch, then the end')
    .addHelpText(
      'after',
      '\nOptions that are not given are read from mineone.toml and from MINEONE_* variables: `mineone config show` prints them.\nExit code 1: a block on the chain was not reproduced.\n\nExample:\n  mineone run --observe --node chain.car --network my-network.json --key worker.key --data ./mined',
    )
    .action(run);
}

async function run(options: RunCommandOptions): Promise<void> {
  const { node, network, keys: paths, miners, keep, observe: isObserving } = configInForce(options);
  if (node !== undefined && isLiveNode(node))
    throw new MineOneError(
      'NODE_LIVE',
      `run: ${node.replace(/^[^:/]{16,}(?=:)/, '***')} is a live node, and mining beside one comes with a later version; this one mines past epochs of a chain file again (--observe --node FILE.car), and new ones on the chain of \`mineone devnet\``,
    );
  if (node === undefined) throw new CommanderError(EXIT_USAGE, 'mineone.node', 'run: no node: give --node, or `node` in mineone.toml');
  if (!isObserving)
    throw new CommanderError(
      EXIT_USAGE,
      'mineone.observe',
      'run: a chain file takes no blocks: give --observe to mine its past epochs again; mining beside a live node comes with a later version',
    );
  if (paths.length === 0) throw new CommanderError(EXIT_USAGE, 'mineone.key', 'run: no key: give --key, or `keys` in mineone.toml');
  const progress = createProgress();
  const { from, to } = options;
  try {
    const files = await Promise.all(paths.map(async (path) => ({ path, keys: await keysOfFile(path) })));
    const chain = await openObservedChain(node, { network, from, to, onProgress: progress.update });
    try {
      const keeping = keep === undefined ? {} : { keepMs: parseDuration(keep) };
      const summary = await observeOn(
        { chain, keys: files.flatMap(({ keys }) => keys), miners: checkedMiners(chain, [...new Set(miners)], files), ...keeping },
        options,
        progress,
      );
      if (summary.reproduced < summary.blocks) process.exitCode = EXIT_WRONG;
    } finally {
      await chain.close();
    }
  } finally {
    progress.clear();
  }
}

/**
 * A URL, a multiaddress or `token:address`: what names the API of a node. A path may have a colon in it, and is looked
 * for first.
 */
function isLiveNode(node: string): boolean {
  return !existsSync(node) && (/^(https?|wss?):\/\//.test(node) || /^([\w.-]+:)?\/(ip4|ip6|dns|dns4|dns6)\//.test(node));
}

function stoppedText(done: number | undefined, last: number): string {
  const mined = done === undefined ? 'no epoch is mined yet' : `epochs up to ${done} of ${last} are mined`;
  return `Stopped: ${mined} and in the journal; the same command goes on there. It closes after the epoch at hand; Ctrl-C again quits.`;
}

async function observeOn(
  what: Omit<ObserveRun, 'journalDir' | 'onBegin' | 'onEpoch'>,
  { json, data }: RunCommandOptions,
  progress: Progress,
): Promise<ObservedSummary> {
  const { chain } = what;
  // What reads the chain before may be cut short; what mines, not.
  closeInOwnTime();
  goOnWithoutLog();
  const limit = widthOf(process.stdout);
  const log = miningLog((lines) => (json ? toJson({ type: 'unread', lines }) : fitted([`… and ${lines} more lines, which nobody read`]).join('\n')));
  const print = (lines: readonly string[]): void => {
    progress.clear();
    for (const line of json ? lines : fitted(lines)) log.write(`${line}\n`);
  };
  const linesOf = (row: ObservedRow): readonly string[] => (json ? [toJson({ type: 'epoch', ...row })] : observeLines(row, limit));
  if (!json) print([...observeIntro(chain, journalDir(data)), ...observeHead(limit)]);
  let done: number | undefined;
  const told = (): void => {
    if (!json) print(['', stoppedText(done, chain.range.to)]);
  };
  interruption.addEventListener('abort', told);
  const summary = await observe({
    ...what,
    onBegin: () => keepNetwork(data, chain.params),
    journalDir: journalDir(data),
    onEpoch: (rows) => {
      done = rows[0]?.epoch;
      print(rows.flatMap(linesOf));
      progress.update(`mined up to epoch ${rows[0]?.epoch} of ${chain.range.to}`);
    },
  });
  print(json ? [toJson({ type: 'end', ...summary })] : observeEnd(summary));
  return summary;
}
