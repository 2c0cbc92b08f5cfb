/** `mineone explain`: the story of one epoch in plain words (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { MineOneError } from '../errors/mineone-error.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { NETWORK, streamName } from '../mining/stream.ts';
import { unattendedLines } from '../projections/absence-text.ts';
import { epochStory } from '../projections/epoch-story.ts';
import { explain, fateTold } from '../projections/explain.ts';
import { attendance } from '../projections/unattended.ts';
import { type EpochSource, withEpoch } from './journal/epoch-source.ts';
import { withJournal } from './journal/open-journal.ts';
import { unknownIn, unverifiedLine, unverifiedOption, withUnverified } from './journal/unverified.ts';
import { parseEpoch, parseMiner } from './options/arguments.ts';
import { dataOption } from './options/data-dir.ts';
import { toJson } from './terminal/json.ts';
import { say } from './terminal/say.ts';

interface ExplainOptions {
  readonly epoch: number;
  readonly miner: string;
  readonly data: string;
  readonly unverified?: true;
  readonly json?: true;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('tell how one epoch went: its outcome, the reason, where the time went, what to change')
    .requiredOption('--epoch <EPOCH>', 'the epoch to explain', parseEpoch)
    .requiredOption('--miner <ADDRESS>', 'its miner', parseMiner)
    .addOption(dataOption())
    .addOption(unverifiedOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  mineone explain --epoch 4 --miner f01000 --data ~/.mineone/devnet')
    .action(run);
}

/** An epoch without records may be one that nobody attended to. */
async function run(options: ExplainOptions): Promise<void> {
  if (options.unverified) return explainUnverified(options);
  try {
    await withEpoch(options.data, options, (source) => explainRecorded(source, options));
  } catch (error) {
    if (!(error instanceof MineOneError) || error.code !== 'EPOCH_UNKNOWN' || !(await explainUnattended(options))) throw error;
  }
}

/** What can be read of it, under a warning; no absence is told of a journal that may have lost its records. */
async function explainUnverified(options: ExplainOptions): Promise<void> {
  const { miner, epoch, data, json } = options;
  await withUnverified(data, async (journal) => {
    const own = streamName(miner, epoch);
    for await (const { record } of journal.stream(own)) {
      if (epochStory([record]) === null) break;
      if (!json) say([unverifiedLine(journal, json)]);
      return explainRecorded(journal, options, { unverified: journal.damage });
    }
    throw unknownIn(miner, epoch);
  });
}

async function explainRecorded(source: Pick<EpochSource, 'stream'>, { miner, epoch, json }: ExplainOptions, more: object = {}): Promise<void> {
  const records: JournalRecord[] = [];
  const own = streamName(miner, epoch);
  for (const stream of [own, streamName(miner, epoch, 'rescue'), streamName(miner, epoch, 'fate'), NETWORK])
    for await (const { record } of source.stream(stream)) records.push(record);
  const story = epochStory(records.filter(({ stream }) => stream === own));
  const { title: fate, why: fateWhy } = story === null ? NO_FATE : fateTold(records, story);
  print(explain(records), { ...story, fate, fateWhy, ...more }, json);
}

const NO_FATE = { title: null, why: null };

/** @returns whether it is one: the whole journal is read for it. */
async function explainUnattended({ data, miner, epoch, json }: ExplainOptions): Promise<boolean> {
  const gap = await withJournal(data, async (journal) => {
    const attended = attendance();
    for await (const { record } of journal.records()) attended.add(record);
    return attended.at(miner, epoch);
  });
  if (gap === null) return false;
  print(unattendedLines(miner, epoch, gap), { miner, epoch, outcome: gap, fate: null, fateWhy: null }, json);
  return true;
}

function print(text: readonly string[], facts: object, json: true | undefined): void {
  if (json) process.stdout.write(`${toJson({ type: 'explain', ...facts, text })}\n`);
  else say(text);
}
