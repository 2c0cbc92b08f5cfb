/** `mineone journal export` and `import`: one epoch to a file, and that file replayed anywhere, without node or keys (product.md, «Command line»). */

import { createWriteStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { exportEpoch, readEpochFile } from '../journal/epoch-file.ts';
import type { JournalRecord } from '../journal/record.ts';
import { loadMachines } from '../miner.ts';
import { explain } from '../projections/explain.ts';
import { replay } from '../runtime/replay.ts';
import { parseEpoch, parseMiner } from './arguments.ts';
import { dataOption } from './data-dir.ts';
import { aboutFile, EXIT_FAILED } from './failure.ts';
import { toJson } from './json.ts';
import { withJournal } from './open-journal.ts';

interface ExportOptions {
  readonly epoch: number;
  readonly miner: string;
  readonly out?: string;
  readonly data: string;
  readonly json?: true;
}

export function exportCommand(): Command {
  return new Command('export')
    .description('write one epoch to a file that replays anywhere; it holds no secrets')
    .requiredOption('--epoch <EPOCH>', 'the epoch', parseEpoch)
    .requiredOption('--miner <ADDRESS>', 'the miner', parseMiner)
    .option('--out <FILE>', 'file to write; MINER-EPOCH.epoch if not given')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  mineone journal export --epoch 4211337 --miner f01000')
    .action(({ epoch, miner, out = `${miner}-${epoch}.epoch`, data, json }: ExportOptions) =>
      withJournal(data, async (journal) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of exportEpoch(journal, `${miner}/${epoch}`)) pieces.push(piece);
        await pipeline(Readable.from(pieces), createWriteStream(out));
        process.stdout.write(json ? `${toJson({ file: out })}\n` : `Wrote ${out}.\n`);
      }),
    );
}

export function importCommand(): Command {
  return new Command('import')
    .description('read an exported epoch, replay it, and tell its story')
    .argument('<FILE>', 'file of an exported epoch')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExits with 1 when a transition differs.\n\nExample:\n  mineone journal import f01000-4211337.epoch')
    .action(async (path: string, { json }: { readonly json?: true }) => {
      const file = readEpochFile(bytesOf(path));
      const report = await replay(file.records(), loadMachines(), file.shared);
      const records: JournalRecord[] = [];
      for await (const { record } of file.stream(file.streams[0] ?? '')) records.push(record);
      const { divergence } = report;
      const verdict = divergence === null ? 'Every transition identical' : `Record ${divergence.seq} differs in its ${divergence.what}`;
      const text = [...explain(records), `${verdict}: ${report.records} records, ${report.steps} steps.`];
      process.stdout.write(json ? `${toJson({ streams: file.streams, ...report, text })}\n` : `${text.join('\n')}\n`);
      if (divergence !== null) process.exitCode = EXIT_FAILED;
    });
}

function bytesOf(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw aboutFile(error, path);
  }
}
