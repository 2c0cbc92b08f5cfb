/** `mineone journal stat`: what is in the journal, counted (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { toHex } from '../../chain/bytes.ts';
import type { Journal } from '../../journal/journal.ts';
import { outcomeOf } from '../../miner.ts';
import { dataOption } from '../data-dir.ts';
import { toJson } from '../json.ts';
import { withJournal } from '../open-journal.ts';
import { timeText } from '../record-text.ts';
import { unverifiedLine, unverifiedOption, withUnverified } from '../unverified.ts';

interface StatOptions {
  readonly data: string;
  readonly unverified?: true;
  readonly json?: true;
}

export function statCommand(): Command {
  return new Command('stat')
    .description('count records, bytes, epochs and outcomes')
    .addOption(dataOption())
    .addOption(unverifiedOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  mineone journal stat --json --data ~/.mineone/devnet')
    .action(({ data, json, unverified }: StatOptions) =>
      unverified
        ? withUnverified(data, async (journal) => {
            const stat = await statOf(journal);
            const lines = [unverifiedLine(journal, json), ...statLines(stat)];
            process.stdout.write(json ? `${toJson({ type: 'stat', ...stat, unverified: journal.damage })}\n` : `${lines.join('\n')}\n`);
          })
        : withJournal(data, async (journal) => {
            const stat = await statOf(journal);
            process.stdout.write(json ? `${toJson({ type: 'stat', ...stat })}\n` : `${statLines(stat).join('\n')}\n`);
          }),
    );
}

type Counted = Pick<Journal, 'records' | 'headHash'> & { readonly live: () => { readonly size: number } };

interface Stat {
  readonly records: number;
  readonly steps: number;
  /** Of the records alone: blobs and index not counted. */
  readonly bytes: number;
  readonly live: number;
  /** Times of the first record and of the last, in milliseconds since 1970; `null` of an empty journal. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly headHash: Uint8Array;
  readonly miners: readonly { readonly miner: string; readonly from: number; readonly to: number; readonly outcomes: Readonly<Record<string, number>> }[];
}

async function statOf(journal: Counted): Promise<Stat> {
  const miners = new Map<string, { from: number; to: number; outcomes: Record<string, number> }>();
  const sums = { records: 0, steps: 0, bytes: 0, firstAt: null as number | null, lastAt: null as number | null };
  for await (const { record, bytes } of journal.records()) {
    sums.records++;
    sums.steps += record.steps.length;
    sums.bytes += bytes.length;
    sums.firstAt ??= record.at;
    sums.lastAt = record.at;
    const ended = outcomeOf(record);
    if (ended === null) continue;
    const row = miners.get(ended.miner) ?? { from: ended.epoch, to: ended.epoch, outcomes: {} };
    const { outcome } = ended.outcome;
    const outcomes = { ...row.outcomes, [outcome]: (row.outcomes[outcome] ?? 0) + 1 };
    miners.set(ended.miner, { from: Math.min(row.from, ended.epoch), to: Math.max(row.to, ended.epoch), outcomes });
  }
  return { ...sums, live: journal.live().size, headHash: journal.headHash(), miners: [...miners].map(([miner, row]) => ({ miner, ...row })) };
}

function statLines({ records, steps, bytes, live, firstAt, lastAt, headHash, miners }: Stat): readonly string[] {
  if (firstAt === null || lastAt === null) return ['The journal is empty.'];
  return [
    `${records} records with ${steps} steps in ${(bytes / 1e6).toFixed(2)} MB, from ${timeText(firstAt)} to ${timeText(lastAt)}; ${live} streams go on.`,
    ...miners.map(
      ({ miner, from, to, outcomes }) =>
        `${miner}: epochs ${from} to ${to}: ${Object.entries(outcomes)
          .map(([name, count]) => `${count} ${name}`)
          .join(', ')}`,
    ),
    `The last has the hash ${toHex(headHash)}.`,
  ];
}
