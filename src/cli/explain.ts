/** `mineone explain`: the story of one epoch in plain words (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import type { JournalRecord } from '../journal/record.ts';
import { epochStory } from '../projections/epoch-story.ts';
import { explain } from '../projections/explain.ts';
import { NETWORK } from '../runtime/network.ts';
import { parseEpoch, parseMiner } from './arguments.ts';
import { dataOption } from './data-dir.ts';
import { withEpoch } from './epoch-source.ts';
import { toJson } from './json.ts';

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
      withEpoch(data, { miner, epoch }, async (source) => {
        const records: JournalRecord[] = [];
        const own = `${miner}/${epoch}`;
        for (const stream of [own, `${own}/rescue`, `${own}/fate`, NETWORK]) for await (const { record } of source.stream(stream)) records.push(record);
        const lines = explain(records);
        process.stdout.write(json ? `${toJson({ ...epochStory(records.filter(({ stream }) => stream === own)), text: lines })}\n` : `${lines.join('\n')}\n`);
      }),
    );
}
