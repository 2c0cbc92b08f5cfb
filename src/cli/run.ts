/** `mineone run`: produces blocks; `--observe --node FILE.car` mines past epochs of a snapshot again on a virtual clock (product.md, «Command line»). */

import { Command, CommanderError } from 'commander';
import { collect, parseEpoch, parseMiners } from './arguments.ts';
import { dataOption, journalDir } from './data-dir.ts';
import { EXIT_FAILED, EXIT_USAGE } from './failure.ts';
import { toJson } from './json.ts';
import { keysOfFile } from './key-source.ts';
import type { ObservedRow, ObservedSummary } from './observe.ts';
import { observe } from './observe.ts';
import { observeEnd, observeHead, observeIntro, observeLine } from './observe-text.ts';
import { type ObservedChain, openObservedChain } from './observed-chain.ts';
import { createProgress, type Progress } from './progress.ts';
import { widthOf } from './table.ts';

interface RunCommandOptions {
  readonly node: string;
  readonly network: string;
  readonly observe?: true;
  readonly key?: readonly string[];
  readonly miner?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly data: string;
  readonly json?: true;
}

export function runCommand(): Command {
  return new Command('run')
    .description('produce blocks; with --observe and a CAR file: mine its past epochs again, and compare')
    .requiredOption('--node <FILE>', 'chain snapshot (CAR, plain or compressed with gzip or zstd) to stand in for a node')
    .option('--network <NAME|FILE>', 'mainnet, calibnet, butterflynet, 2k, or a network file', 'mainnet')
    .option('--observe', 'everything but create and submit')
    .option('--key <FILE>', 'key of a worker: a key file, an export of lotus, a list of test keys (repeatable)', collect)
    .option('--miner <ADDRESS>', 'mine for this one; everybody who mined on the chain if not given (repeatable)', parseMiners)
    .option('--from <EPOCH>', 'first epoch to mine', parseEpoch)
    .option('--to <EPOCH>', 'last epoch to mine', parseEpoch)
    .addOption(dataOption())
    .option('--json', 'print JSON lines: each miner and epoch, the end')
    .addHelpText(
      'after',
      '\nExits with 1 when a block on the chain is not reproduced.\n\nExample:\n  mineone run --observe --node chain.car --network 2k --key worker.key --data ./again',
    )
    .action(run);
}

async function run(options: RunCommandOptions): Promise<void> {
  if (options.observe !== true) throw new CommanderError(EXIT_USAGE, 'mineone.observe', 'run: a chain file takes no blocks; give --observe');
  const progress = createProgress();
  const { network, from, to } = options;
  try {
    const keys = (await Promise.all((options.key ?? []).map((path) => keysOfFile(path)))).flat();
    const chain = await openObservedChain(options.node, { network, from, to, onProgress: progress.update });
    try {
      const summary = await observeOn(chain, keys, options, progress);
      if (summary.reproduced < summary.blocks) process.exitCode = EXIT_FAILED;
    } finally {
      await chain.close();
    }
  } finally {
    progress.clear();
  }
}

async function observeOn(
  chain: ObservedChain,
  keys: readonly Uint8Array[],
  { json, data, miner }: RunCommandOptions,
  progress: Progress,
): Promise<ObservedSummary> {
  const limit = widthOf(process.stdout);
  const print = (lines: readonly string[]): void => {
    progress.clear();
    for (const line of lines) process.stdout.write(`${line}\n`);
  };
  const lineOf = (row: ObservedRow): string => (json ? toJson({ type: 'epoch', ...row }) : observeLine(row, limit));
  if (!json) print([...observeIntro(chain, journalDir(data)), observeHead(limit)]);
  const summary = await observe({
    chain,
    keys,
    miners: miner ?? [],
    journalDir: journalDir(data),
    onEpoch: (rows) => {
      print(rows.map(lineOf));
      progress.update(`mined up to epoch ${rows[0]?.epoch} of ${chain.range.to}`);
    },
  });
  print(json ? [toJson({ type: 'end', ...summary })] : observeEnd(summary));
  return summary;
}
