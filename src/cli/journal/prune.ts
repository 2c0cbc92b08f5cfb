/**
 * `mineone journal prune`: gives old epochs up, exported before if asked for; a miner does the same by itself with
 * `keep` in its configuration (docs/journal.md, «Retention»).
 */

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { concatBytes } from '../../chain/encoding/bytes.ts';
import { makeFolder } from '../../folder.ts';
import { settledInput } from '../../journal/chain/settled.ts';
import { exportEpoch } from '../../journal/epoch-file.ts';
import type { Input } from '../../journal/format/record.ts';
import { type Journal, openJournal } from '../../journal/journal.ts';
import { openLevelStore } from '../../journal/store/level-store.ts';
import { loadMachines } from '../../miner.ts';
import { CHECKPOINT } from '../../mining/stream.ts';
import { type Retained, retain } from '../../replay/retention.ts';
import { type Keep, type KeptCount, type KeptReport, keptReport, type WhyKept } from '../../replay/retention-kept.ts';
import { parseEpoch } from '../options/arguments.ts';
import { dataOption } from '../options/data-dir.ts';
import { parseDuration } from '../options/duration.ts';
import { EXIT_USAGE } from '../terminal/failure.ts';
import { toJson } from '../terminal/json.ts';
import { say } from '../terminal/say.ts';
import { warn } from '../terminal/warning.ts';
import { journalIn } from './open-journal.ts';

interface PruneOptions {
  readonly keep?: number;
  readonly before?: number;
  readonly export?: string;
  readonly data: string;
  readonly json?: true;
}

export function pruneCommand(): Command {
  return new Command('prune')
    .description('remove old epochs; what prevents double signing is kept')
    .option('--keep <TIME>', 'keep epochs that began at most this long before the last record: 30d, 12h', parseDuration)
    .option('--before <EPOCH>', 'keep this epoch and later ones', parseEpoch)
    .option('--export <DIR>', 'write each epoch to a file in this folder before it is removed')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nStop the process that writes the journal first.\n\nExample:\n  mineone journal prune --keep 30d --export ./old --data ~/.mineone/devnet',
    )
    .action(async (options: PruneOptions) => {
      const keep = keepOf(options);
      const journal = await openJournal(await openLevelStore(journalIn(options.data)));
      journal.warnings.forEach(warn);
      try {
        const report = await retain(journal, {
          machines: loadMachines(),
          keep,
          write: (input) => append(journal, input),
          ...exporting(journal, options.export),
        });
        const kept = await keptReport(journal, keep);
        if (options.json) process.stdout.write(`${toJson({ type: 'prune', ...report, ...kept })}\n`);
        else say([reportText(report), ...keptLines(kept)]);
      } finally {
        await journal.close();
      }
    });
}

function keepOf({ keep, before }: PruneOptions): Keep {
  if (keep !== undefined && before === undefined) return { ms: keep };
  if (before !== undefined && keep === undefined) return { epoch: before };
  throw new CommanderError(EXIT_USAGE, 'mineone.prune', 'journal prune: give either --keep 30d or --before EPOCH: it says which epochs stay');
}

/** At the time of the last record: nothing happened since. */
async function append(journal: Journal, asked: Input): Promise<boolean> {
  let at = 0;
  for await (const { record } of journal.records(journal.synced())) at = record.at;
  const input = settledInput(journal.shared, asked);
  journal.add({ at, stream: CHECKPOINT, input, steps: [], binds: [], outcome: null });
  await journal.flush();
  return true;
}

function exporting(journal: Journal, folder: string | undefined): { readonly onEpoch?: (stream: string) => Promise<void> } {
  if (folder === undefined) return {};
  makeFolder(folder);
  return {
    async onEpoch(stream) {
      const pieces: Uint8Array[] = [];
      for await (const piece of exportEpoch(journal, stream)) pieces.push(piece);
      const path = join(folder, `${stream.replace('/', '-')}.epoch`);
      writeFileSync(`${path}.new`, concatBytes(...pieces), { flush: true });
      renameSync(`${path}.new`, path);
    },
  };
}

function reportText({ epochs, records, values, first }: Retained): string {
  if (records === 0 && values === 0) return `Nothing to give up: the journal begins at record ${first}.`;
  return `Gave up ${epochs} epochs: ${records} records and ${values} values that they alone named. The journal begins at record ${first}; all rows against mining twice are kept.`;
}

/** Why the rest stays. */
export function keptLines({ kept, holding }: KeptReport): readonly string[] {
  if (kept.length === 0) return [];
  const lines = kept.map((one) => `  ${keptText(one)}`);
  const held = holding === null ? [] : [`What goes is always a prefix: ${holding} goes on, and nothing from its first record on is given up before it ends.`];
  return ['Kept:', ...lines, ...held];
}

const WHY: Readonly<Record<WhyKept, string>> = {
  young: 'as asked with --keep or --before',
  'going-on': 'not over yet: the epoch, its rescue, or the fate of its block, which is final 900 epochs on',
  behind: 'over, and written after one that is kept',
  'no-epoch': 'of no epoch: miners, network, code, checkpoints',
};

function keptText({ why, epochs, records }: KeptCount): string {
  const counted = `${records} ${records === 1 ? 'record' : 'records'}`;
  return why === 'no-epoch' ? `${counted} ${WHY[why]}` : `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${counted}: ${WHY[why]}`;
}
