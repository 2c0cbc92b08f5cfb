/** Luck and loss as text for people: the draws against what was expected, then what became of the wins. */

import type { LuckReport } from '../projections/luck.ts';
import type { Luck, Wins } from '../projections/luck-sums.ts';
import { paint } from './terminal/style.ts';
import { type Cell, type Column, tableLines } from './terminal/table.ts';

const DRAWS: readonly Column[] = [
  { title: 'miner' },
  { title: 'elections', align: 'right' },
  { title: 'expected', align: 'right' },
  { title: 'wins', align: 'right' },
  { title: '95 % of stretches', align: 'right' },
  { title: 'luck', align: 'right' },
];

const FATES: readonly Column[] = [
  { title: 'miner' },
  { title: 'what became of it' },
  { title: 'epochs', align: 'right' },
  { title: 'wins', align: 'right' },
  { title: 'of its wins', align: 'right' },
];

/** `limit` is the terminal's width. */
export function luckLines({ from, to, miners, all }: LuckReport, limit = Infinity): readonly string[] {
  if (from === null || to === null) return ['The journal holds no epoch yet: there are no wins to count.'];
  const rows = miners.length > 1 ? [...miners, all] : miners;
  const draws = all.elections === 0 ? ['No election was held.'] : [...tableLines(DRAWS, rows.map(drawRow), limit), '', verdict(miners)];
  return [`Epochs ${from} to ${to}.`, '', ...draws, '', ...lossLines(miners, limit)];
}

function drawRow({ miner, elections, expected, wins, interval, luck }: Luck): readonly Cell[] {
  return [miner, elections, expected.toFixed(2), wins, `${interval.low} to ${interval.high}`, luck === null ? '-' : `${(100 * luck).toFixed(1)} %`];
}

function verdict(miners: readonly Luck[]): string {
  const odd = miners.filter(({ wins, interval }) => wins < interval.low || wins > interval.high);
  if (odd.length === 0) return `${paint('green', 'The draws are what chance gives')}: everybody's wins lie where 95 of 100 such stretches have them.`;
  const words = odd.map(({ miner, wins, interval }) => `${miner} ${wins < interval.low ? 'below' : 'above'}`);
  return `${paint('yellow', `Outside of what 95 of 100 such stretches have: ${words.join(', ')}.`)} One stretch in twenty is, by chance.`;
}

function lossLines(miners: readonly Luck[], limit: number): readonly string[] {
  const rows = miners.flatMap(fateRows);
  const lost = miners.reduce((sum, miner) => sum + lostWins(miner), 0);
  const wins = miners.reduce((sum, miner) => sum + miner.wins, 0);
  const without = miners.reduce((sum, { withoutElection }) => sum + withoutElection.reduce((all, { epochs }) => all + epochs, 0), 0);
  const observed = miners.reduce((sum, miner) => sum + miner.observed.wins, 0);
  const unheld = without === 0 ? [] : [`${without} ${without === 1 ? 'epoch' : 'epochs'} held no election; nobody knows what was won there.`];
  const unseen = observed === 0 ? [] : [`${observed} wins were observed only: nobody looked what the chain has in their place.`];
  const nothing = wins === 0 || observed < wins ? [paint('green', 'Nothing that was won was lost.')] : [];
  const told = lost === 0 ? nothing : [paint('red', `Lost, and not by luck: ${lost} of ${wins} wins.`)];
  return [...(rows.length === 0 ? [] : [...tableLines(FATES, rows, limit), '']), [...told, ...unseen, ...unheld, ...unattendedText(miners)].join(' ')];
}

/** Epochs that nobody attended to are no luck, and no loss that anybody could count. */
function unattendedText(miners: readonly Luck[]): readonly string[] {
  const epochs = miners.reduce((sum, miner) => sum + gapsOf(miner), 0);
  if (epochs === 0) return [];
  const expected = miners.reduce((sum, { unattendedExpected }) => sum + (unattendedExpected ?? 0), 0);
  const missed = expected === 0 ? '' : `: about ${expected.toFixed(1)} wins were expected there`;
  return [paint('red', `${epochs} ${epochs === 1 ? 'epoch was' : 'epochs were'} unattended${missed}.`)];
}

const gapsOf = ({ unattended }: Luck): number => Object.values(unattended).reduce((sum, epochs) => sum + epochs, 0);

const lostWins = ({ lost }: Luck): number => lost.reduce((sum, { wins }) => sum + wins, 0);

function fateRows(luck: Luck): readonly (readonly Cell[])[] {
  const { miner, kept, fateUnknown, observed, observedOnChain, open, lost, withoutElection, unattended, wins } = luck;
  const row = (what: string, { epochs, wins: of }: Wins): readonly Cell[] => [miner, what, epochs, of, `${((100 * of) / wins).toFixed(1)} %`];
  const whole: readonly (readonly [string, Wins])[] = [
    ['mined', kept],
    ['mined, fate unknown', fateUnknown],
    ['observed, on the chain', observedOnChain],
    ['observed', observed],
    ['not over yet', open],
  ];
  return [
    ...whole.filter(([, { epochs }]) => epochs > 0).map(([what, of]) => row(what, of)),
    ...lost.map((of) => row(paint('red', of.name), of)),
    ...withoutElection.map(({ name, epochs }) => [miner, `no election: ${name}`, epochs, '', '']),
    ...Object.entries(unattended).map(([why, epochs]) => [miner, paint('red', `unattended: ${why}`), epochs, '', '']),
  ];
}
