/** `mineone explain`: the story of one epoch in plain words (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { MineOneError } from '../chain/error.ts';
import type { JournalRecord } from '../journal/record.ts';
import { unattendedLines } from '../projections/absence-text.ts';
import { epochStory } from '../projections/epoch-story.ts';
import { explain } from '../projections/explain.ts';
import { attendance } from '../projections/unattended.ts';
import { NETWORK } from '../runtime/network.ts';
import { parseEpoch, parseMiner } from './arguments.ts';
import { dataOption } from './data-dir.ts';
import { type EpochSource, withEpoch } from './epoch-source.ts';
import { toJson } from './json.ts';
import { withJournal } from './open-journal.ts';
import { sentenceLines } from './table.ts';
import { widthOf } from './terminal.ts';

interface ExplainOptions {
  readonly epoch: number;
  readonly miner: string;
  readonly data: string;
  readonly json?: true;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('the story of one epoch: outcome, reason, where the time went, what to change')
    .requiredOption('--epoch <EPOCH>', 'the epoch', parseEpoch)
    .requiredOption('--miner <ADDRESS>', 'the miner', parseMiner)
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  mineone explain --epoch 4 --miner f01000 --data ~/.mineone/devnet')
    .action(run);
}

/** An epoch without records may be one that nobody attended to. */
async function run(options: ExplainOptions): Promise<void> {
  try {
    await withEpoch(options.data, options, (source) => explainRecorded(source, options));
  } catch (error) {
    if (!(error instanceof MineOneError) || error.code !== 'EPOCH_UNKNOWN' || !(await explainUnattended(options))) throw error;
  }
}

async function explainRecorded(source: EpochSource, { miner, epoch, json }: ExplainOptions): Promise<void> {
  const records: JournalRecord[] = [];
  const own = `${miner}/${epoch}`;
  for (const stream of [own, `${own}/rescue`, `${own}/fate`, NETWORK]) for await (const { record } of source.stream(stream)) records.push(record);
  print(explain(records), { ...epochStory(records.filter(({ stream }) => stream === own)) }, json);
}

/** @returns whether it is one: the whole journal is read for it. */
async function explainUnattended({ data, miner, epoch, json }: ExplainOptions): Promise<boolean> {
  const gap = await withJournal(data, async (journal) => {
    const attended = attendance();
    for await (const { record } of journal.records()) attended.add(record);
    return attended.at(miner, epoch);
  });
  if (gap === null) return false;
  print(unattendedLines(miner, epoch, gap), { miner, epoch, outcome: gap }, json);
  return true;
}

function print(text: readonly string[], facts: object, json: true | undefined): void {
  const limit = widthOf(process.stdout);
  process.stdout.write(json ? `${toJson({ ...facts, text })}\n` : `${text.flatMap((line) => sentenceLines(line, limit)).join('\n')}\n`);
}
