/**
 * The last sentence of an audit: how many rules were asked and held, and what was not asked. It never says more than
 * was looked at.
 */

import { BESIDE_MAX } from '../chain/branches.ts';
import { type CheckTotals, isGenesisWrong, type Summary, type Unreached, wrongHeads } from './summary.ts';

/** Rules that this program cannot answer wholly whatever the source holds, and the words for it. */
const NEVER_WHOLLY: readonly (readonly [checks: readonly string[], words: string])[] = [
  [['winning-post'], 'winning PoSt proofs were not verified'],
  [['state-root', 'receipts-root'], 'state and receipts roots were not executed'],
  [['state-root'], 'state roots were not executed'],
  [['receipts-root'], 'receipts roots were not executed'],
];

/** More rules than this are counted and not named. */
const NAMED_MAX = 3;

/** Ends without a full stop: «21 of 23 rules held on 299 blocks; state and receipts roots were not executed». */
export function conclusionOf(summary: Summary): string {
  const { genesis, blocks, wrongBlocks, missingBlocks, checks } = summary;
  const first = isGenesisWrong(genesis) ? ['genesis is wrong'] : [];
  const last = unreachedTexts(summary.unreached);
  if (blocks === 0) return [...first, genesis === null ? 'no block was judged' : 'no block but genesis was judged', ...last].join('; ');
  const asked = checks.filter((totals) => 2 * answered(totals) > blocks - missingBlocks);
  return [
    ...first,
    ...wrongHeads(summary).map(({ miner, epoch }) => `the head tipset of epoch ${epoch} is wrong: it has two blocks of ${miner}`),
    ...(wrongBlocks === 0 ? [] : [`${wrongBlocks} of ${blocks} blocks are wrong`]),
    ...(missingBlocks === 0 ? [] : [`${missingBlocks} of ${blocks} blocks could not be read: not in the source`]),
    ...(summary.faults.length === 0 ? [] : [`${summary.faults.length} consensus faults of miners`]),
    // Headers alone answer a few rules: what was not asked is then the news.
    ...(2 * asked.length < checks.length ? [`${asked.length} of ${checks.length} rules could be asked: ${whyFew(summary)}`] : heldTexts(summary)),
    ...last,
  ].join('; ');
}

function unreachedTexts({ headers, isCut }: Unreached): readonly string[] {
  const deep = isCut ? [`branches beside the chain were followed for ${BESIDE_MAX} blocks only`] : [];
  if (headers === 0) return deep;
  return [...deep, `${headers} headers that no root leads to${isCut ? ' on the way followed' : ''} were not looked at`];
}

/** Required rules that could not be asked of every block, or of none at all. */
export function unaskedOf({ blocks, checks }: Summary, required: readonly string[]): readonly string[] {
  return checks.filter(({ check, notCheckable }) => required.includes(check) && (blocks === 0 || notCheckable > 0)).map(({ check }) => check);
}

function answered({ ok, okInstead, wrong }: CheckTotals): number {
  return ok + okInstead + wrong;
}

function heldTexts({ blocks, missingBlocks, checks }: Summary): readonly string[] {
  const open = checks.filter(({ notCheckable }) => notCheckable > missingBlocks);
  const held = checks.filter((totals) => totals.wrong === 0 && !open.includes(totals));
  const unvouched = held.filter(({ okInstead }) => okInstead > 0).length;
  const resting = unvouched === 0 ? '' : `, ${unvouched} of them by states that are not known to be right («ok~»)`;
  return [
    `${held.length} of ${checks.length} rules held on ${blocks - missingBlocks} blocks${resting}`,
    ...partlyTexts(open, missingBlocks),
    ...neverTexts(open),
  ];
}

/** Rules that could be asked of some blocks and not of others. */
function partlyTexts(open: readonly CheckTotals[], missingBlocks: number): readonly string[] {
  const partly = open.filter(({ check }) => !NEVER_WHOLLY.some(([checks]) => checks.includes(check)));
  if (partly.length > NAMED_MAX) return [`${partly.length} rules could not be asked of some blocks`];
  return partly.map(({ check, notCheckable }) => `${check} could not be asked of ${notCheckable - missingBlocks}`);
}

function neverTexts(open: readonly CheckTotals[]): readonly string[] {
  const names = new Set(open.map(({ check }) => check));
  const texts: string[] = [];
  for (const [checks, words] of NEVER_WHOLLY) {
    if (!checks.every((check) => names.has(check))) continue;
    texts.push(words);
    for (const check of checks) names.delete(check);
  }
  return texts;
}

/** Which kinds of data the source lacks wholly, told by the rules that need nothing else. */
function whyFew({ checks }: Summary): string {
  const lacks = (name: string): boolean => checks.some((totals) => totals.check === name && answered(totals) === 0);
  if (lacks('claim') && lacks('messages-root')) return 'this file holds headers only';
  if (lacks('claim')) return 'this file holds no states that they need';
  return lacks('messages-root') ? 'this file holds no messages' : 'this file lacks what most of them need';
}
