/** `mineone journal stat`: what is in the journal, counted (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { toHex } from '../../chain/encoding/bytes.ts';
import { type BegunEpochs, wasBegun } from '../../journal/format/begun.ts';
import type { Journal } from '../../journal/journal.ts';
import { outcomeOf } from '../../miner.ts';
import type { EpochStream } from '../../mining/stream.ts';
import { dataOption } from '../options/data-dir.ts';
import { toJson } from '../terminal/json.ts';
import { say } from '../terminal/say.ts';
import { withJournal } from './open-journal.ts';
import { timeText } from './record-text.ts';
import { brokenEpochs, unverifiedLine, unverifiedOption, withUnverified } from './unverified.ts';

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
            const stat = await statOf(journal, brokenEpochs(journal.damage));
            if (json) process.stdout.write(`${toJson({ type: 'stat', ...stat, unverified: journal.damage })}\n`);
            else say([unverifiedLine(journal, json), ...statLines(stat)]);
          })
        : withJournal(data, async (journal) => {
            const stat = await statOf(journal);
            if (json) process.stdout.write(`${toJson({ type: 'stat', ...stat })}\n`);
            else say(statLines(stat));
          }),
    );
}

type Counted = Pick<Journal, 'records' | 'headHash' | 'checkpoint'> & { readonly live: () => { readonly size: number } };

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
  readonly miners: readonly MinerStat[];
}

interface MinerStat {
  readonly miner: string;
  /** First and last epoch that can be read whole; `null` where none can. */
  readonly from: number | null;
  readonly to: number | null;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Epochs that retention gave up: `null` where it gave up none. */
  readonly givenUp: { readonly epochs: number; readonly from: number; readonly to: number } | null;
}

/** Of an epoch whose beginning retention gave up the end may be there still: nobody can read it. */
function givenUpOf(begun: BegunEpochs, miner: string): MinerStat['givenUp'] {
  const [first, ...more] = begun[miner] ?? [];
  if (first === undefined) return null;
  const epochs = [first, ...more].reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return { epochs, from: first[0], to: (more.at(-1) ?? first)[1] };
}

/**
 * `broken`: epochs of a damaged journal that are not whole; where no end of one can be read it is counted as `unknown`.
 */
async function statOf(journal: Counted, broken: readonly EpochStream[] = []): Promise<Stat> {
  const { begun } = journal.checkpoint();
  const endless = new Map(broken.map((epoch) => [epoch.own, epoch]));
  const miners = new Map<string, { from: number; to: number; outcomes: Record<string, number> }>();
  const add = (miner: string, epoch: number, outcome: string): void => {
    const row = miners.get(miner) ?? { from: epoch, to: epoch, outcomes: {} };
    const outcomes = { ...row.outcomes, [outcome]: (row.outcomes[outcome] ?? 0) + 1 };
    miners.set(miner, { from: Math.min(row.from, epoch), to: Math.max(row.to, epoch), outcomes });
  };
  const sums = { records: 0, steps: 0, bytes: 0, firstAt: null as number | null, lastAt: null as number | null };
  for await (const { record, bytes } of journal.records()) {
    sums.records++;
    sums.steps += record.steps.length;
    sums.bytes += bytes.length;
    sums.firstAt ??= record.at;
    sums.lastAt = record.at;
    const ended = outcomeOf(record);
    if (ended === null || wasBegun(begun, ended.miner, ended.epoch)) continue;
    add(ended.miner, ended.epoch, ended.outcome.outcome);
    endless.delete(record.stream);
  }
  for (const { miner, epoch } of endless.values()) add(miner, epoch, 'unknown');
  const none = { from: null, to: null, outcomes: {} };
  const names = [...new Set([...miners.keys(), ...Object.keys(begun)])];
  const rows = names.map((miner) => ({ miner, ...(miners.get(miner) ?? none), givenUp: givenUpOf(begun, miner) }));
  return { ...sums, live: journal.live().size, headHash: journal.headHash(), miners: rows };
}

function minerLine({ miner, from, to, outcomes, givenUp }: MinerStat): string {
  const counts = Object.entries(outcomes).map(([name, count]) => `${count} ${name}`);
  const told = [
    ...(counts.length === 0 ? [] : [`epochs ${from} to ${to}: ${counts.join(', ')}`]),
    ...(givenUp === null ? [] : [`${givenUp.epochs} ${givenUp.epochs === 1 ? 'epoch' : 'epochs'} given up by retention, ${givenUp.from} to ${givenUp.to}`]),
  ];
  return `${miner}: ${told.join('; ')}`;
}

function statLines({ records, steps, bytes, live, firstAt, lastAt, headHash, miners }: Stat): readonly string[] {
  if (firstAt === null || lastAt === null) return ['The journal is empty.'];
  return [
    `${records} records with ${steps} steps in ${(bytes / 1e6).toFixed(2)} MB, from ${timeText(firstAt)} to ${timeText(lastAt)}; ${live} streams are still open.`,
    ...miners.map(minerLine),
    `The last record has the hash ${toHex(headHash)}.`,
  ];
}
