/** `mineone audit`: re-runs past epochs of a real chain from a CAR file (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { type Audit, openAudit } from '../../audit/audit.ts';
import type { BlockReport } from '../../audit/report/block-report.ts';
import { conclusionOf, unaskedOf } from '../../audit/report/conclusion.ts';
import { createTally, isWrong, type Summary } from '../../audit/report/summary.ts';
import { newestKnown, rulesNote } from '../../consensus/network/horizon.ts';
import { parseEpoch, parseMiners } from '../options/arguments.ts';
import { networkOption } from '../options/network-option.ts';
import { EXIT_COULD_NOT, EXIT_WRONG } from '../terminal/failure.ts';
import { interruption } from '../terminal/interrupt.ts';
import { toJson } from '../terminal/json.ts';
import { createProgress, type Progress } from '../terminal/progress.ts';
import { say } from '../terminal/say.ts';
import { widthOf } from '../terminal/terminal.ts';
import { requireOption } from './require.ts';
import { blockHead, blockLines, introLines, summaryLines, unaskedLines } from './text.ts';

interface AuditCommandOptions {
  readonly network: string;
  readonly from?: number;
  readonly to?: number;
  readonly miner?: readonly string[];
  readonly require?: readonly string[];
  readonly json?: true;
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('check the blocks of a CAR file: every block by every rule')
    .argument('<SOURCE>', 'CAR file, plain or compressed with gzip or zstd; - reads it from standard input')
    .option('--network <NAME|FILE>', 'mainnet, calibnet, butterflynet, 2k, or a network file', 'mainnet')
    .option('--from <EPOCH>', 'first epoch to judge', parseEpoch)
    .option('--to <EPOCH>', 'last epoch to judge', parseEpoch)
    .option('--miner <ADDRESS>', 'judge only the blocks of this miner (repeatable)', parseMiners)
    .addOption(requireOption())
    .option('--json', 'print JSON lines: the audit, genesis, each block, totals of each check and each miner, the end')
    .addHelpText(
      'after',
      '\nExit code 1: something is wrong. Exit code 3: a required rule could not be asked.\n\nExample:\n  mineone audit mainnet.car --from 0 --to 39',
    )
    .action(audit);
}

async function audit(source: string, { network, from, to, miner, require: required = [], json }: AuditCommandOptions): Promise<void> {
  const progress = createProgress();
  const opened = await openAudit(source, { network: networkOption(network), from, to, miners: miner ?? [], onProgress: progress.update, signal: interruption });
  try {
    const summary = json ? await printJson(opened, progress, required) : await printText(opened, progress, required);
    if (isWrong(summary)) process.exitCode = EXIT_WRONG;
    else if (unaskedOf(summary, required).length > 0) process.exitCode = EXIT_COULD_NOT;
  } finally {
    progress.clear();
    await opened.close();
  }
}

async function printText(opened: Audit, progress: Progress, required: readonly string[]): Promise<Summary> {
  const limit = widthOf(process.stdout);
  const print = (lines: readonly string[]): void => {
    progress.clear();
    if (lines.length > 0) say(lines);
  };
  print([...introLines(opened), ...blockHead(limit)]);
  const summary = await fold(opened, progress, (blocks) => print(blocks.flatMap((block) => blockLines(block, limit))));
  print([...summaryLines(summary, limit), ...unaskedLines(unaskedOf(summary, required))]);
  return summary;
}

async function printJson(opened: Audit, progress: Progress, required: readonly string[]): Promise<Summary> {
  const print = (value: object): void => void process.stdout.write(`${toJson(value)}\n`);
  const { params, chain, range, bls, file, genesis, leftOut } = opened;
  const rules = rulesNote(params, range.to);
  const said = rules === null ? {} : { rules, known: newestKnown(params), unknownUpgrades: params.unknownUpgrades ?? [] };
  print({ type: 'audit', network: params.name, chain, range, bls: bls.name, blocks: file.blocks, unknownHash: file.unknownHash, leftOut, ...said });
  if (genesis !== null) print({ type: 'genesis', ...genesis });
  const summary = await fold(opened, progress, (blocks) => {
    for (const block of blocks) print({ type: 'block', ...block });
  });
  for (const totals of summary.checks) print({ type: 'check', ...totals, reasons: Object.fromEntries(totals.reasons) });
  for (const totals of summary.miners) print({ type: 'miner', ...totals });
  for (const fault of summary.faults) print({ type: 'fault', ...fault });
  const { genesis: _genesis, faults: _faults, checks: _checks, miners: _miners, ...end } = summary;
  print({ type: 'end', ...end, conclusion: conclusionOf(summary), unasked: unaskedOf(summary, required) });
  return summary;
}

async function fold(opened: Audit, progress: Progress, each: (blocks: readonly BlockReport[]) => void): Promise<Summary> {
  const tally = createTally(opened.genesis, opened.unreached);
  for await (const report of opened.reports()) {
    tally.add(report);
    each(report.blocks);
    const last = report.blocks.at(-1);
    if (last !== undefined) progress.update(`judged up to epoch ${last.epoch} of ${opened.range.to}`);
  }
  return tally.summary();
}
