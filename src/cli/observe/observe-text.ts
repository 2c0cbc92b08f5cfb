/** Epochs mined again, as text for people: a line a miner and epoch, then what came of it all. */

import { toHex } from '../../chain/encoding/bytes.ts';
import { streamName } from '../../mining/stream.ts';
import { pasted } from '../terminal/pasted.ts';
import { paint } from '../terminal/style.ts';
import { type Column, headLines, rowLines } from '../terminal/table.ts';
import type { ObservedRow, ObservedSummary } from './observe.ts';
import type { ObservedChain } from './observed-chain.ts';

const COLUMNS: readonly Column[] = [
  { title: 'epoch', width: 7, align: 'right' },
  { title: 'miner', width: 9 },
  { title: 'outcome', width: 26 },
  { title: 'wins', align: 'right' },
  { title: 'quality', align: 'right' },
  { title: 'chain' },
];

export function observeIntro({ params, range, bls, blsNote }: ObservedChain, journalDir: string): readonly string[] {
  return [
    `Mining epochs ${range.from} to ${range.to} of network ${params.name} again, signatures by ${bls.name}.`,
    `Journal: ${pasted(journalDir)}`,
    ...(blsNote === null ? [] : [blsNote]),
    '',
  ];
}

export function observeHead(limit: number): readonly string[] {
  return headLines(COLUMNS, limit);
}

export function observeLines(row: ObservedRow, limit: number): readonly string[] {
  const { epoch, miner, wins, quality } = row;
  return rowLines(COLUMNS, [epoch, miner, outcomeText(row), wins ?? '-', quality?.toFixed(4) ?? '', chainText(row)], limit);
}

function outcomeText({ outcome }: ObservedRow): string {
  switch (outcome.outcome) {
    case 'ineligible':
      return `ineligible: ${outcome.reason}`;
    case 'late':
      return `late: ${outcome.stage}`;
    case 'failed':
      return `failed: ${outcome.stage} ${outcome.failure.code}`;
    default:
      return outcome.outcome;
  }
}

function chainText({ chain, differs }: ObservedRow): string {
  switch (chain) {
    case 'reproduced':
      return paint('green', 'reproduced');
    case 'differs':
      return paint('red', `DIFFERS in ${differs.join(', ')}`);
    case 'missed':
      return paint('red', 'MISSED: its block is on the chain');
    case 'absent':
      return paint('yellow', 'won, not on the chain');
    case 'none':
      return '';
  }
}

export function observeEnd(summary: ObservedSummary): readonly string[] {
  const { blocks, reproduced, wonElsewhere, outcomes, epochs, records, headHash } = summary;
  const all = `${reproduced} of ${blocks} blocks reproduced: parents, epoch, timestamp, beacon entries, ticket, election proof and win count byte for byte.`;
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  return [
    '',
    paint(reproduced === blocks ? 'green' : 'red', all),
    `${epochs} epochs: ${counts.join(', ')}.`,
    ...(wonElsewhere.length === 0 ? [] : [`Won but not on the chain: ${wonElsewhere.map(({ miner, epoch }) => streamName(miner, epoch)).join(' ')}`]),
    `${records} records; the last has the hash ${toHex(headHash)}.`,
  ];
}
