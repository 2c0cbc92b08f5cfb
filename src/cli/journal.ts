/** `mineone journal`: its chain verified, its end watched, its size told (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { toHex } from '../chain/bytes.ts';
import { MineOneError } from '../chain/error.ts';
import { followJournal } from '../journal/follow.ts';
import type { Journal, StoredRecord } from '../journal/journal.ts';
import { verifyJournal } from '../journal/verify.ts';
import { outcomeOf } from '../miner.ts';
import { collect, parseCount } from './arguments.ts';
import { dataOption } from './data-dir.ts';
import { Finding } from './failure.ts';
import { interruption } from './interrupt.ts';
import { checkSeals, sealCommand, sealText } from './journal/seal.ts';
import { exportCommand, importCommand } from './journal-file.ts';
import { pruneCommand } from './journal-prune.ts';
import { toJson } from './json.ts';
import { journalIn, warn, withJournal, withStore } from './open-journal.ts';
import { recordLine, timeText } from './record-text.ts';

interface JournalOptions {
  readonly data: string;
  readonly json?: true;
}

export function journalCommand(): Command {
  const command = new Command('journal')
    .description('verify the journal, look at its end, count what is in it')
    .addHelpText('after', '\nExample:\n  mineone journal verify --data ~/.mineone/devnet');
  for (const sub of [verifyCommand(), sealCommand(), tailCommand(), statCommand(), exportCommand(), importCommand(), pruneCommand()]) command.addCommand(sub);
  return command;
}

interface VerifyOptions extends JournalOptions {
  readonly sealed?: readonly string[];
  readonly by?: string;
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('check the whole: hash chain, sequence, index, blobs, slash rows')
    .addOption(dataOption())
    .option('--sealed <FILE>', 'hold it against a seal too (repeatable)', collect)
    .option('--by <FILE>', 'Ed25519 public key, as PEM, that must have signed the seals')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExits with 1 at the first thing that is not as it was written.\n\nExample:\n  mineone journal verify --sealed monday.seal')
    .action(({ data, json, sealed = [], by }: VerifyOptions) =>
      asking(() =>
        withStore(
          data,
          async (store) => {
            const report = await verifyJournal(store);
            const seals = await checkSeals(store, sealed, by);
            report.warnings.forEach(warn);
            const { records, first, live, headHash } = report;
            const begin = first === 0 ? '' : ` It begins at record ${first}: those before were given up.`;
            const text = `Whole: ${records} records, each names the one before it; ${live} streams go on.${begin} The last has the hash ${toHex(headHash)}.`;
            const warnings = report.warnings.map(({ code, message }) => ({ code, message }));
            process.stdout.write(`${json ? toJson({ ...report, warnings, seals }) : [text, ...seals.map((seal) => sealText(seal, by))].join('\n')}\n`);
          },
          { checkedBytes: Number.POSITIVE_INFINITY },
        ),
      ),
    );
}

/** What is wrong in the journal itself, or under its seals: that is what `verify` was asked. */
const FOUND: ReadonlySet<string> = new Set([
  ...['JOURNAL_CORRUPT', 'JOURNAL_SHARED_MISSING', 'JOURNAL_SHARED_DAMAGED', 'JOURNAL_BLOB_MISSING'],
  ...['SEAL_BROKEN', 'SEAL_SIGNATURE'],
]);

async function asking(verify: () => Promise<void>): Promise<void> {
  try {
    await verify();
  } catch (error) {
    if (error instanceof MineOneError && FOUND.has(error.code)) throw new Finding(error.code, error.message, { cause: error });
    throw error;
  }
}

interface TailOptions extends JournalOptions {
  readonly lines: number;
  readonly follow?: true;
}

function tailCommand(): Command {
  return new Command('tail')
    .description('print the last records')
    .option('-n, --lines <COUNT>', 'how many', parseCount, 10)
    .addOption(dataOption())
    .option('-f, --follow', 'then each that comes, as it comes, until Ctrl-C')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  mineone journal tail -n 50 --follow --data ~/.mineone/devnet')
    .action(async ({ data, json, lines, follow }: TailOptions) => {
      const print = ({ record }: StoredRecord): boolean => process.stdout.write(`${json ? toJson(record) : recordLine(record)}\n`);
      if (follow) for await (const stored of followJournal(journalIn(data), { last: lines, signal: interruption })) print(stored);
      else
        await withJournal(data, async (journal) => {
          for await (const stored of journal.records(Math.max(0, journal.next() - lines))) print(stored);
        });
    });
}

function statCommand(): Command {
  return new Command('stat')
    .description('count records, bytes, epochs and outcomes')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  mineone journal stat --json --data ~/.mineone/devnet')
    .action(({ data, json }: JournalOptions) =>
      withJournal(data, async (journal) => {
        const stat = await statOf(journal);
        process.stdout.write(json ? `${toJson(stat)}\n` : `${statLines(stat).join('\n')}\n`);
      }),
    );
}

interface Stat {
  readonly records: number;
  readonly steps: number;
  /** Of the records alone: blobs and index not counted. */
  readonly bytes: number;
  readonly live: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly headHash: Uint8Array;
  readonly miners: readonly { readonly miner: string; readonly from: number; readonly to: number; readonly outcomes: Readonly<Record<string, number>> }[];
}

async function statOf(journal: Journal): Promise<Stat> {
  const miners = new Map<string, { from: number; to: number; outcomes: Record<string, number> }>();
  const sums = { records: 0, steps: 0, bytes: 0, first: null as number | null, last: null as number | null };
  for await (const { record, bytes } of journal.records()) {
    sums.records++;
    sums.steps += record.steps.length;
    sums.bytes += bytes.length;
    sums.first ??= record.at;
    sums.last = record.at;
    const ended = outcomeOf(record);
    if (ended === null) continue;
    const row = miners.get(ended.miner) ?? { from: ended.epoch, to: ended.epoch, outcomes: {} };
    const { outcome } = ended.outcome;
    const outcomes = { ...row.outcomes, [outcome]: (row.outcomes[outcome] ?? 0) + 1 };
    miners.set(ended.miner, { from: Math.min(row.from, ended.epoch), to: Math.max(row.to, ended.epoch), outcomes });
  }
  return { ...sums, live: journal.live().size, headHash: journal.headHash(), miners: [...miners].map(([miner, row]) => ({ miner, ...row })) };
}

function statLines({ records, steps, bytes, live, first, last, headHash, miners }: Stat): readonly string[] {
  if (first === null || last === null) return ['The journal is empty.'];
  return [
    `${records} records with ${steps} steps in ${(bytes / 1e6).toFixed(2)} MB, from ${timeText(first)} to ${timeText(last)}; ${live} streams go on.`,
    ...miners.map(
      ({ miner, from, to, outcomes }) =>
        `${miner}: epochs ${from} to ${to}: ${Object.entries(outcomes)
          .map(([name, count]) => `${count} ${name}`)
          .join(', ')}`,
    ),
    `The last record has the hash ${toHex(headHash)}.`,
  ];
}
