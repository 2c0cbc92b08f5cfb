/** An audit as text for people: a line a block, what is wrong beneath it, then totals by check and by miner. */

import type { Audit } from '../../audit/audit.ts';
import type { BlockReport, GenesisReport } from '../../audit/report/block-report.ts';
import { conclusionOf } from '../../audit/report/conclusion.ts';
import { type CheckTotals, isWrong, type Summary } from '../../audit/report/summary.ts';
import { beyondHorizon, rulesNote, rulesNoteFrom } from '../../consensus/network/horizon.ts';
import { type NetworkParams, networkVersion } from '../../consensus/network/network.ts';
import type { ConsensusFault } from '../../consensus/validation/consensus-faults.ts';
import { isCertain, type Verdict } from '../../consensus/validation/verdict.ts';
import { paint } from '../terminal/style.ts';
import { type Column, headLines, rowLines, tableLines } from '../terminal/table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'epoch', width: 7, align: 'right' },
  { title: 'nulls', align: 'right' },
  { title: 'miner', width: 9 },
  { title: 'wins', align: 'right' },
  { title: 'lambda', align: 'right' },
  { title: 'quality', align: 'right' },
  { title: 'messages', align: 'right' },
  { title: 'checks' },
];

export function introLines({ params, chain, range, file, bls, genesis, leftOut }: Audit): string[] {
  const versions = [networkVersion(params, range.from), networkVersion(params, range.to)];
  const version = versions[0] === versions[1] ? `${versions[0]}` : versions.join(' to ');
  return [
    `Chain of network ${params.name} (network version ${version}), epochs ${chain.first} to ${chain.head}, ${chain.tipsets} tipsets, in ${file.blocks} blocks of data.`,
    ...(chain.first > 0 ? [`It begins at epoch ${chain.first}: the parents of that tipset are not in the source.`] : []),
    ...(file.unknownHash > 0 ? [`${file.unknownHash} blocks have a hash function that is not known here: nobody vouches for them.`] : []),
    `Judging epochs ${range.from} to ${range.to}, signatures by ${bls.name}. ${LEGEND}`,
    ...(leftOut === 0 ? [] : [`${leftOut} ${leftOut === 1 ? 'block' : 'blocks'} of branches beside the chain are of other epochs: not judged.`]),
    ...(bls.note === null ? [] : [bls.note]),
    ...rulesLines(params, range),
    ...(genesis === null ? [] : genesisLines(genesis)),
    '',
  ];
}

/** Genesis stands apart from the table: it has checks of its own. */
function genesisLines({ cid, checks }: GenesisReport): string[] {
  const said = checks.map(
    ({ check, verdict }) => `${check} ${verdict.verdict === 'not-checkable' ? `- (${verdict.missing})` : verdict.verdict === 'wrong' ? 'WRONG' : 'ok'}`,
  );
  return [`Genesis ${cid}: ${said.join(', ')}.`, ...wrongLines(checks)];
}

function wrongLines(checks: readonly { readonly check: string; readonly verdict: Verdict }[]): string[] {
  return checks.flatMap(({ check, verdict }) =>
    verdict.verdict === 'wrong' ? [paint('red', `        wrong  ${check}: expected ${verdict.expected}, found ${verdict.found}`)] : [],
  );
}

/** From which epoch on verdicts must be read with care, and why. */
function rulesLines(params: NetworkParams, { from, to }: Audit['range']): string[] {
  const note = rulesNote(params, to);
  if (note === null) return [];
  const since = Math.max(from, rulesNoteFrom(params));
  return [`Epochs ${since} to ${to} are ${note}.${beyondHorizon(params, to) === null ? '' : ' Their verdicts are marked «beyond».'}`];
}

const LEGEND = '«ok~»: by an earlier state, as the one asked for is not in the source, or by a state that only a block claims; «-»: not checkable.';

export function blockHead(limit: number): readonly string[] {
  return headLines(COLUMNS, limit);
}

export function blockLines(block: BlockReport, limit: number): readonly string[] {
  const cells = [
    block.epoch,
    block.nullRounds === 0 ? '' : block.nullRounds,
    block.miner,
    block.winCount,
    block.lambda?.toFixed(4) ?? '-',
    block.quality?.toFixed(4) ?? '-',
    block.messages === null ? '-' : block.messages.bls.length + block.messages.secpk.length,
    verdicts(block),
  ];
  return [...rowLines(COLUMNS, cells, limit), ...besideLines(block), ...wrongLines(block.checks)];
}

function besideLines({ isBeside, base }: BlockReport): string[] {
  return isBeside ? [`        beside the chain${base === undefined ? '' : `, on ${base.join(', ')}`}`] : [];
}

function verdicts({ checks }: BlockReport): string {
  const count = (test: (verdict: BlockReport['checks'][number]['verdict']) => boolean): number => checks.filter(({ verdict }) => test(verdict)).length;
  const wrong = count((v) => v.verdict === 'wrong');
  const instead = count((v) => v.verdict === 'ok' && !isCertain(v));
  const parts = [
    `${count(isCertain)} ok`,
    ...(instead > 0 ? [`${instead} ok~`] : []),
    `${count((v) => v.verdict === 'not-checkable')} -`,
    ...(wrong > 0 ? [paint('red', `${wrong} WRONG`)] : []),
    ...(checks.some(({ beyond }) => beyond !== undefined) ? ['beyond'] : []),
  ];
  return parts.join('  ');
}

export function summaryLines(summary: Summary, limit: number): string[] {
  const { blocks, tipsets, nullRounds, beyondBlocks, messages } = summary;
  const conclusion = `${sentence(conclusionOf(summary))}.`;
  return [
    '',
    ...tableLines(
      [
        { title: 'check' },
        { title: 'ok', align: 'right' },
        { title: 'ok~', align: 'right' },
        { title: 'wrong', align: 'right' },
        { title: '-', align: 'right' },
        { title: 'remarks' },
      ],
      summary.checks.map((totals) => [totals.check, totals.ok, totals.okInstead, totals.wrong, totals.notCheckable, remarks(totals, summary)]),
      limit,
    ),
    '',
    ...tableLines(
      [
        { title: 'miner' },
        { title: 'blocks', align: 'right' },
        { title: 'wins', align: 'right' },
        { title: 'expected', align: 'right' },
        { title: '95 % of stretches', align: 'right' },
        { title: 'of expected', align: 'right' },
      ],
      summary.miners.map(({ miner, blocks: mined, wins, expected, interval, ofExpected }) => [
        miner,
        mined,
        wins,
        expected?.toFixed(2) ?? '-',
        interval === null ? '-' : `${interval.low} to ${interval.high}`,
        ofExpected === null ? '-' : `${(100 * ofExpected).toFixed(1)} %`,
      ]),
      limit,
    ),
    '',
    ...summary.faults.map(faultLine),
    `${blocks} blocks in ${tipsets} tipsets, ${nullRounds} null rounds, ${messages.bls} BLS and ${messages.secpk} signed messages.`,
    isWrong(summary) ? paint('red', conclusion) : conclusion,
    ...(beyondBlocks === 0
      ? []
      : [`${beyondBlocks} of the blocks lie beyond an upgrade that this version does not know: what is said of them is said by older rules.`]),
  ];
}

function faultLine({ fault, miner, epoch, blocks, isSigned }: ConsensusFault): string {
  const doubt = isSigned ? '' : ', if the signatures are the miner’s: they could not be asked';
  return paint('red', `Consensus fault of ${miner}, epoch ${epoch}: ${fault} by ${blocks.join(' and ')}${doubt}.`);
}

/** What was to be asked of every block and was not. */
export function unaskedLines(unasked: readonly string[]): string[] {
  return unasked.length === 0 ? [] : [paint('red', `Required and not asked of every block: ${unasked.join(', ')}.`)];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function remarks({ check, reasons }: CheckTotals, { messages }: Summary): string {
  const counted = countOf(check, messages);
  const sorted = [...reasons].sort((a, b) => b[1] - a[1]);
  const [first, ...more] = sorted;
  const reason = first === undefined ? '' : `${first[0]}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
  return [counted, reason].filter((text) => text !== '').join('; ');
}

function countOf(check: string, messages: Summary['messages']): string {
  if (check === 'bls-aggregate') return `${messages.aggregates} aggregates of ${messages.bls} messages (${messages.uniqueBls} unique)`;
  return check === 'message-signatures' ? `${messages.secpk} messages (${messages.uniqueSecpk} unique)` : '';
}
