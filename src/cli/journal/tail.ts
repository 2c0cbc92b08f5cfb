/** `mineone journal tail`: the journal's last records, and each that comes (docs/commands.md, «Command line»). */

import { Command, CommanderError } from 'commander';
import { followJournal } from '../../journal/follow.ts';
import type { Journal, StoredRecord } from '../../journal/journal.ts';
import { parseCount } from '../options/arguments.ts';
import { dataOption } from '../options/data-dir.ts';
import { EXIT_USAGE } from '../terminal/failure.ts';
import { interruption } from '../terminal/interrupt.ts';
import { toJson } from '../terminal/json.ts';
import { say } from '../terminal/say.ts';
import { widthOf } from '../terminal/terminal.ts';
import { journalIn, withJournal } from './open-journal.ts';
import { recordLines } from './record-text.ts';
import { unverifiedLine, unverifiedOption, withUnverified } from './unverified.ts';

interface TailOptions {
  readonly lines: number;
  readonly follow?: true;
  readonly unverified?: true;
  readonly data: string;
  readonly json?: true;
}

export function tailCommand(): Command {
  return new Command('tail')
    .description('print the last records')
    .option('-n, --lines <COUNT>', 'how many records', parseCount, 10)
    .addOption(dataOption())
    .option('-f, --follow', 'then print each new record, until Ctrl-C')
    .addOption(unverifiedOption())
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  mineone journal tail -n 50 --follow --data ~/.mineone/devnet')
    .action(tail);
}

async function tail({ data, json, lines, follow, unverified }: TailOptions): Promise<void> {
  const print = ({ record }: StoredRecord): void => {
    if (json) process.stdout.write(`${toJson({ type: 'record', ...record })}\n`);
    else say(recordLines(record, widthOf(process.stdout)));
  };
  const last = async (journal: Pick<Journal, 'records' | 'next'>): Promise<void> => {
    for await (const stored of journal.records(Math.max(0, journal.next() - lines))) print(stored);
  };
  if (follow && unverified)
    throw new CommanderError(EXIT_USAGE, 'mineone.unverified', 'journal tail: a damaged journal is not followed: leave out --follow, or --unverified');
  if (follow) for await (const stored of followJournal(journalIn(data), { last: lines, signal: interruption })) print(stored);
  else if (unverified)
    await withUnverified(data, async (journal) => {
      if (json) process.stdout.write(`${unverifiedLine(journal, json)}\n`);
      else say([unverifiedLine(journal, json)]);
      await last(journal);
    });
  else await withJournal(data, last);
}
