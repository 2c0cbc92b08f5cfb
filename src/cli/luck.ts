/** `mineone luck`: expected against actual wins, and loss apart from luck (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Journal } from '../journal/journal.ts';
import { type LuckReport, luckFold } from '../projections/luck.ts';
import { lastEpochOf } from './journal/last-epoch.ts';
import { withJournal } from './journal/open-journal.ts';
import { foldAll } from './journal/read-all.ts';
import { luckLines } from './luck-text.ts';
import { parseMiner } from './options/arguments.ts';
import { dataOption } from './options/data-dir.ts';
import { parseDuration } from './options/duration.ts';
import { toJson } from './terminal/json.ts';
import { say } from './terminal/say.ts';
import { widthOf } from './terminal/terminal.ts';

interface LuckOptions {
  readonly miner?: string;
  /** Milliseconds. */
  readonly window?: number;
  readonly data: string;
  readonly json?: true;
}

export function luckCommand(): Command {
  return new Command('luck')
    .description('compare wins with what chance gives; list what was won and then lost')
    .option('--miner <ADDRESS>', 'only this miner', parseMiner)
    .option('--window <DURATION>', 'only the last epochs of the journal, for this long: 30d, 12h', parseDuration)
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  mineone luck --miner f01000 --window 30d --data ~/.mineone/devnet')
    .action(({ data, json, ...options }: LuckOptions) =>
      withJournal(data, async (journal) => {
        const report = await luckOf(journal, options);
        if (json) process.stdout.write(`${toJson({ type: 'luck', ...report })}\n`);
        else say(luckLines(report, widthOf(process.stdout)));
      }),
    );
}

/** Throws `MINER_UNKNOWN` for a miner without an epoch there. */
async function luckOf(journal: Journal, { miner, window }: Pick<LuckOptions, 'miner' | 'window'>): Promise<LuckReport> {
  const from = window === undefined ? 0 : await firstEpochOf(journal, window);
  const fold = luckFold({ from, miner });
  await foldAll(journal, fold.add);
  const report = fold.report();
  if (miner !== undefined && report.from === null)
    throw new MineOneError('MINER_UNKNOWN', `the journal holds no epoch of ${miner} in that time; see \`mineone journal stat\``);
  return report;
}

/** The window ends with the last epoch of the journal, and not today: a copied journal tells the same everywhere. */
async function firstEpochOf(journal: Journal, window: number): Promise<number> {
  const last = await lastEpochOf(journal);
  return last === null ? 0 : Math.max(0, last.epoch + 1 - Math.max(1, Math.floor(window / 1000 / last.blockDelaySecs)));
}
