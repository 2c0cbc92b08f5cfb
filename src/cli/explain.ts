/** `mineone explain`: the story of one epoch in plain words (product.md, «Command line»). */

import { Command } from 'commander';
import { MineOneError } from '../chain/error.ts';
import type { JournalRecord } from '../journal/record.ts';
import { epochStory } from '../projections/epoch-story.ts';
import { explain } from '../projections/explain.ts';
import { parseEpoch, parseMiner } from './arguments.ts';
import { dataOption } from './data-dir.ts';
import { toJson } from './json.ts';
import { withJournal } from './open-journal.ts';

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
    .addHelpText('after', '\nExample:\n  mineone explain --epoch 4211337 --miner f01000')
    .action(({ data, json, epoch, miner }: ExplainOptions) =>
      withJournal(data, async (journal) => {
        const records: JournalRecord[] = [];
        for await (const { record } of journal.stream(`${miner}/${epoch}`)) records.push(record);
        const lines = explain(records);
        if (lines.length === 0) throw new MineOneError('EPOCH_UNKNOWN', `the journal holds no epoch ${epoch} of ${miner}; see \`mineone journal stat\``);
        process.stdout.write(json ? `${toJson({ ...epochStory(records), text: lines })}\n` : `${lines.join('\n')}\n`);
      }),
    );
}
