/**
 * `mineone times`: how long each step took over epochs: the usual, and the worst (docs/commands.md, «Command line»).
 */

import { Command } from 'commander';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { Unverified } from '../journal/salvage/unverified.ts';
import { secs } from '../projections/figures.ts';
import { type EpochRange, type StepTime, stepTimes } from '../projections/step-times.ts';
import { heldEpochs } from './journal/held-epochs.ts';
import { withJournal } from './journal/open-journal.ts';
import { foldAll } from './journal/read-all.ts';
import { unverifiedLine, unverifiedOption, withUnverified } from './journal/unverified.ts';
import { parseEpoch, parseMiner } from './options/arguments.ts';
import { dataOption } from './options/data-dir.ts';
import { toJson } from './terminal/json.ts';
import { say } from './terminal/say.ts';
import { paint } from './terminal/style.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { widthOf } from './terminal/terminal.ts';

interface TimesOptions extends EpochRange {
  readonly data: string;
  readonly unverified?: true;
  readonly json?: true;
}

export function timesCommand(): Command {
  return new Command('times')
    .description('tell how long each step took: median, 90 %, 99 % and the worst')
    .option('--miner <ADDRESS>', 'only this miner', parseMiner)
    .option('--from <EPOCH>', 'first epoch to count', parseEpoch)
    .option('--to <EPOCH>', 'last epoch to count', parseEpoch)
    .addOption(dataOption())
    .addOption(unverifiedOption())
    .option('--json', 'print one JSON document, times in milliseconds')
    .addHelpText('after', '\nExample:\n  mineone times --miner f01000 --data ~/.mineone/devnet')
    .action(({ data, json, unverified, ...range }: TimesOptions) =>
      unverified ? withUnverified(data, (journal) => print(journal, range, json, journal)) : withJournal(data, (journal) => print(journal, range, json)),
    );
}

/** `unverified`: the journal is a damaged one, of which only epochs whose end can be read count. */
async function print(journal: Pick<Journal, 'records' | 'next'>, range: EpochRange, json: true | undefined, unverified?: Unverified): Promise<void> {
  const fold = stepTimes(range);
  const held = heldEpochs();
  await foldAll(journal, (record) => {
    fold.add(record);
    held.add(record);
  });
  const report = fold.report();
  if (report.epochs === 0) held.check(range);
  if (report.epochs === 0 && range.miner !== undefined)
    throw new MineOneError('MINER_UNKNOWN', `no epoch of ${range.miner} in that range is over; see \`mineone journal stat\``);
  const warning = unverified === undefined ? [] : [unverifiedLine(unverified, json)];
  const facts = { ...report, ...(unverified === undefined ? {} : { unverified: unverified.damage }) };
  if (json) process.stdout.write(`${toJson({ type: 'times', ...facts })}\n`);
  else say([...warning, ...timesLines(report, widthOf(process.stdout))]);
}

const COLUMNS: readonly Column[] = [
  { title: 'step' },
  { title: 'epochs', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p90', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'worst', align: 'right' },
  { title: 'of' },
  { title: 'unanswered', align: 'right' },
];

/** `limit` is the terminal's width. */
export function timesLines({ epochs, steps }: { readonly epochs: number; readonly steps: readonly StepTime[] }, limit = Infinity): readonly string[] {
  if (epochs === 0) return ['No epoch is over: nothing took any time yet.'];
  const slowest = slowestOf(steps);
  const rows = steps.map(({ step, epochs: of, p50, p90, p99, worst, unanswered }) => [
    step === slowest?.step ? paint('yellow', step) : step,
    of,
    ...[p50, p90, p99, worst?.ms ?? null].map((ms) => (ms === null ? '-' : secs(ms))),
    worst === null ? '' : `${worst.miner}/${worst.epoch}`,
    unanswered === 0 ? '' : paint('red', `${unanswered}`),
  ]);
  const said = slowest === null ? 'every answer came at once' : `the slowest step is ${slowest.step}`;
  return [...tableLines(COLUMNS, rows, limit), '', `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}; ${said}.`];
}

/** By what is usual; where that is no time at all, by what is less usual. */
function slowestOf(steps: readonly StepTime[]): StepTime | null {
  for (const key of ['p50', 'p90', 'p99'] as const) {
    const most = steps.reduce<StepTime | null>((slow, step) => ((step[key] ?? 0) > (slow?.[key] ?? 0) ? step : slow), null);
    if (most !== null) return most;
  }
  return null;
}
