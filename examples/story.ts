/**
 * A journal read as the commands read it: what became of an epoch, and luck apart from loss. Run: node
 * examples/story.js FOLDER f01000 EPOCH
 */

import { openJournal } from 'mineone/journal';
import type { JournalRecord } from 'mineone/journal/format/record';
import { openLevelReader } from 'mineone/journal/store/level-reader';
import { explain } from 'mineone/projections/explain';
import { luckFold } from 'mineone/projections/luck';

const [folder = '', miner = 'f01000', epoch = '1'] = process.argv.slice(2);
// Beside the process that writes it: a reader never opens the database itself.
const journal = await openJournal(await openLevelReader(folder));
try {
  const records: JournalRecord[] = [];
  const own = `${miner}/${epoch}`;
  for (const stream of [own, `${own}/rescue`, `${own}/fate`, 'network'])
    for await (const { record } of journal.stream(stream)) records.push(record);
  console.log(explain(records).join('\n'));
  const luck = luckFold({ miner });
  for await (const { record } of journal.records()) luck.add(record);
  const { all } = luck.report();
  console.log(`${all.wins} wins where ${all.expected} were to be expected`);
} finally {
  await journal.close();
}
