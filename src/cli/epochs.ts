/** `mineone epochs`: every epoch of the journal in a line, filtered (docs/commands.md, «Command line»). */

import { Command, InvalidArgumentError } from 'commander';
import { MineOneError } from '../chain/error.ts';
import type { Journal } from '../journal/journal.ts';
import type { Damage, Unverified } from '../journal/salvage/unverified.ts';
import { epochList, type ListedEpoch } from '../projections/epoch-list.ts';
import type { EpochRange } from '../projections/step-times.ts';
import { parseEpoch, parseMiner } from './arguments.ts';
import { dataOption } from './data-dir.ts';
import { toJson } from './json.ts';
import { withJournal } from './open-journal.ts';
import { foldAll } from './read-all.ts';
import { paint } from './style.ts';
import { type Column, sentenceLines, tableLines } from './table.ts';
import { widthOf } from './terminal.ts';
import { isDamaged, isWhole, unverifiedLine, unverifiedOption, withUnverified } from './unverified.ts';

interface EpochsOptions extends EpochRange {
  readonly outcome?: string;
  readonly data: string;
  readonly unverified?: true;
  readonly json?: true;
}

const OUTCOMES: readonly string[] = [
  ...['mined', 'observed', 'lost', 'ineligible', 'late', 'refused', 'rejected', 'failed', 'abandoned', 'stopped', 'unattended', 'open'],
  // What becomes of a block.
  ...['included', 'orphaned'],
];

export function epochsCommand(): Command {
  return new Command('epochs')
    .description('every epoch in a line: its outcome, wins, what became of its block')
    .option('--miner <ADDRESS>', 'this miner alone', parseMiner)
    .option('--outcome <NAME>', `only these: ${OUTCOMES.join(', ')}; or with its reason, as it is printed: "late: prove"`, parseOutcome)
    .option('--from <EPOCH>', 'from this epoch on', parseEpoch)
    .option('--to <EPOCH>', 'up to this epoch', parseEpoch)
    .addOption(dataOption())
    .addOption(unverifiedOption())
    .option('--json', 'print JSON lines: each epoch, the end')
    .addHelpText('after', '\nExample:\n  mineone epochs --outcome late --from 2 --data ~/.mineone/devnet')
    .action(({ data, unverified, ...asked }: EpochsOptions) =>
      unverified ? withUnverified(data, (journal) => print(journal, asked, journal)) : withJournal(data, (journal) => print(journal, asked)),
    );
}

/** `unverified`: the journal is a damaged one. */
async function print(
  journal: Pick<Journal, 'records' | 'next'>,
  { json, outcome, ...range }: Omit<EpochsOptions, 'data'>,
  unverified?: Unverified,
): Promise<void> {
  const fold = epochList(range);
  await foldAll(journal, fold.add);
  const all = unverified === undefined ? fold.rows() : rowsLeft(fold.rows(), unverified.damage);
  if (all.length === 0 && range.miner !== undefined)
    throw new MineOneError('MINER_UNKNOWN', `the journal holds no epoch of ${range.miner} in that range; see \`mineone journal stat\``);
  const rows = all.filter((row) => outcome === undefined || isNamed(row, outcome));
  const warning = unverified === undefined ? [] : [unverifiedLine(unverified, json)];
  const lines = [...warning, ...(json ? jsonLines(rows) : textLines(rows, widthOf(process.stdout)))];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Of a damaged journal: what lacks a record or a value is marked, and an epoch without any may have lost them all, so that nobody was absent. */
function rowsLeft(rows: readonly ListedEpoch[], damage: Damage): readonly (ListedEpoch & { readonly isWhole: boolean })[] {
  const left = isDamaged(damage) ? rows.filter(({ outcome }) => outcome !== 'unattended') : rows;
  return left.map((row) => {
    const whole = isWhole(damage, row.miner, row.epoch);
    return { ...row, name: whole ? row.name : `${row.name} (not whole)`, isWhole: whole };
  });
}

function parseOutcome(text: string): string {
  const [word = ''] = text.split(':');
  if (!OUTCOMES.includes(word)) throw new InvalidArgumentError(`An outcome is one of ${OUTCOMES.join(', ')}.`);
  return text;
}

function isNamed({ outcome, name, fate }: ListedEpoch, wanted: string): boolean {
  if (wanted === 'included') return fate === 'included' || fate === 'on the chain';
  if (wanted === 'orphaned') return fate?.startsWith('orphaned') === true || fate?.startsWith('not on the chain') === true;
  return outcome === wanted || name === wanted || name.startsWith(`${wanted} (`);
}

function countsOf(rows: readonly ListedEpoch[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function jsonLines(rows: readonly ListedEpoch[]): readonly string[] {
  return [...rows.map((row) => toJson({ type: 'epoch', ...row })), toJson({ type: 'end', epochs: rows.length, outcomes: countsOf(rows) })];
}

const COLUMNS: readonly Column[] = [
  { title: 'epoch', align: 'right' },
  { title: 'miner' },
  { title: 'outcome' },
  { title: 'wins', align: 'right' },
  { title: 'ready', align: 'right' },
  { title: 'its block' },
];

function textLines(rows: readonly ListedEpoch[], limit: number): readonly string[] {
  if (rows.length === 0) return ['No such epoch.'];
  const cells = rows.map((row) => [row.epoch, row.miner, nameText(row), row.wins ?? '-', readyText(row), row.fate ?? '']);
  const counts = Object.entries(countsOf(rows)).map(([outcome, count]) => `${count} ${outcome}`);
  const total = `${rows.length} ${rows.length === 1 ? 'epoch' : 'epochs'}: ${counts.join(', ')}.`;
  return [...tableLines(COLUMNS, cells, limit), '', ...sentenceLines(total, limit)];
}

/** Against its epoch's beginning. */
function readyText({ left }: ListedEpoch): string {
  return left === null ? '' : `${(Math.abs(left) / 1000).toFixed(1)} s ${left < 0 ? 'late' : 'early'}`;
}

function nameText({ outcome, name }: ListedEpoch): string {
  if (outcome === 'mined') return paint('green', name);
  if (outcome === 'lost' || outcome === 'observed' || outcome === 'open') return name;
  return paint(outcome === 'stopped' || outcome === 'ineligible' ? 'yellow' : 'red', name);
}
