/** `mineone epochs`: every epoch of the journal in a line, filtered (docs/commands.md, «Command line»). */

import { Command, InvalidArgumentError, Option } from 'commander';
import { MineOneError } from '../errors/mineone-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { Damage, Unverified } from '../journal/salvage/unverified.ts';
import { epochList, type ListedEpoch } from '../projections/epoch-list.ts';
import { type EpochRange, isWithin } from '../projections/step-times.ts';
import { heldEpochs } from './journal/held-epochs.ts';
import { withJournal } from './journal/open-journal.ts';
import { foldAll } from './journal/read-all.ts';
import { brokenEpochs, isDamaged, isWholeEpoch, unverifiedLine, unverifiedOption, withUnverified } from './journal/unverified.ts';
import { parseEpoch, parseMiner } from './options/arguments.ts';
import { dataOption } from './options/data-dir.ts';
import { offering } from './options/offered.ts';
import { toJson } from './terminal/json.ts';
import { say } from './terminal/say.ts';
import { paint } from './terminal/style.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { widthOf } from './terminal/terminal.ts';

interface EpochsOptions extends EpochRange {
  readonly outcome?: string;
  readonly data: string;
  readonly unverified?: true;
  readonly json?: true;
}

const OUTCOMES: readonly string[] = [
  ...['mined', 'observed', 'lost', 'ineligible', 'late', 'refused', 'rejected', 'failed', 'abandoned', 'stopped', 'unattended', 'open'],
  // Of a damaged journal.
  'unknown',
  // What becomes of a block.
  ...['included', 'orphaned'],
];

const OUTCOME = `only epochs that ended so: ${OUTCOMES.join(', ')}; or the name with its reason, as it is printed: "late: prove"`;

export function epochsCommand(): Command {
  return new Command('epochs')
    .description('list the epochs, one a line: outcome, wins, what became of the block')
    .option('--miner <ADDRESS>', 'only this miner', parseMiner)
    .addOption(offering(new Option('--outcome <NAME>', OUTCOME).argParser(parseOutcome), OUTCOMES))
    .option('--from <EPOCH>', 'first epoch to list', parseEpoch)
    .option('--to <EPOCH>', 'last epoch to list', parseEpoch)
    .addOption(dataOption())
    .addOption(unverifiedOption())
    .option('--json', 'print JSON lines: one for each epoch, then the end')
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
  const held = heldEpochs();
  await foldAll(journal, (record) => {
    fold.add(record);
    held.add(record);
  });
  const all = unverified === undefined ? fold.rows() : rowsLeft(fold.rows(), unverified.damage, range);
  if (all.length === 0) held.check(range);
  if (all.length === 0 && range.miner !== undefined)
    throw new MineOneError('MINER_UNKNOWN', `the journal holds no epoch of ${range.miner} in that range; see \`mineone journal stat\``);
  const rows = all.filter((row) => outcome === undefined || isNamed(row, outcome));
  const warning = unverified === undefined ? [] : [unverifiedLine(unverified, json)];
  if (json) process.stdout.write(`${[...warning, ...jsonLines(rows)].join('\n')}\n`);
  else say([...warning, ...textLines(rows, widthOf(process.stdout))]);
}

/** A row of the table; of a damaged journal also of an epoch whose end is not known. */
type Row = Omit<ListedEpoch, 'outcome'> & { readonly outcome: ListedEpoch['outcome'] | 'unknown'; readonly isWhole?: boolean };

/**
 * Of a damaged journal: what lacks a record or a value is marked, and has a row also where neither its beginning nor
 * its end can be read. An epoch without any record may have lost them all, so that nobody was absent; one that seems to
 * go on may have lost its end.
 */
function rowsLeft(rows: readonly ListedEpoch[], damage: Damage, range: EpochRange): readonly Row[] {
  const left = isDamaged(damage) ? rows.filter(({ outcome }) => outcome !== 'unattended') : rows;
  const told = new Set(left.map(({ miner, epoch }) => `${miner}/${epoch}`));
  const lost = brokenEpochs(damage).filter(({ miner, epoch }) => !told.has(`${miner}/${epoch}`) && isWithin(range, miner, epoch));
  const marked = left.map((row): Row => {
    if (isWholeEpoch(damage, row.miner, row.epoch)) return { ...row, isWhole: true };
    return row.outcome === 'open' ? { ...row, ...UNKNOWN } : { ...row, name: `${row.name} (not whole)`, isWhole: false };
  });
  const unknown = lost.map(({ miner, epoch }): Row => ({ miner, epoch, wins: null, left: null, slow: null, fate: null, ...UNKNOWN }));
  return [...marked, ...unknown].sort((a, b) => a.epoch - b.epoch || a.miner.length - b.miner.length || (a.miner < b.miner ? -1 : 1));
}

const UNKNOWN = { outcome: 'unknown', name: 'unknown (not whole)', isWhole: false } as const;

function parseOutcome(text: string): string {
  const [word = ''] = text.split(':');
  if (!OUTCOMES.includes(word)) throw new InvalidArgumentError(`An outcome is one of ${OUTCOMES.join(', ')}.`);
  return text;
}

function isNamed({ outcome, name, fate }: Row, wanted: string): boolean {
  if (wanted === 'included') return fate === 'included' || fate === 'on the chain';
  if (wanted === 'orphaned') return fate?.startsWith('orphaned') === true || fate?.startsWith('not on the chain') === true;
  return outcome === wanted || name === wanted || name.startsWith(`${wanted} (`);
}

function countsOf(rows: readonly Row[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function jsonLines(rows: readonly Row[]): readonly string[] {
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

function textLines(rows: readonly Row[], limit: number): readonly string[] {
  if (rows.length === 0) return ['No such epoch.'];
  const cells = rows.map((row) => [row.epoch, row.miner, nameText(row), row.wins ?? '-', readyText(row), row.fate ?? '']);
  const counts = Object.entries(countsOf(rows)).map(([outcome, count]) => `${count} ${outcome}`);
  const total = `${rows.length} ${rows.length === 1 ? 'epoch' : 'epochs'}: ${counts.join(', ')}.`;
  return [...tableLines(COLUMNS, cells, limit), '', total];
}

/** Against its epoch's beginning. */
function readyText({ left }: Row): string {
  return left === null ? '' : `${(Math.abs(left) / 1000).toFixed(1)} s ${left < 0 ? 'late' : 'early'}`;
}

function nameText({ outcome, name }: Row): string {
  if (outcome === 'mined') return paint('green', name);
  if (outcome === 'lost' || outcome === 'observed' || outcome === 'open') return name;
  return paint(outcome === 'stopped' || outcome === 'ineligible' ? 'yellow' : 'red', name);
}
