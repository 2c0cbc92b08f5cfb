/**
 * `mineone journal export` and `import`: one epoch to a file, and that file replayed anywhere, without node or keys
 * (docs/commands.md, «Command line»).
 */

import { createWriteStream, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { equalBytes } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { makeFolder } from '../../folder.ts';
import { exportEpoch, readEpochFile } from '../../journal/epoch-file.ts';
import type { JournalRecord } from '../../journal/format/record.ts';
import { loadMachines } from '../../miner.ts';
import { streamName } from '../../mining/stream.ts';
import { explain } from '../../projections/explain.ts';
import { replay } from '../../replay/replay.ts';
import { parseEpoch, parseMiner } from '../options/arguments.ts';
import { dataOption, importedDir } from '../options/data-dir.ts';
import { aboutFile, EXIT_WRONG } from '../terminal/failure.ts';
import { toJson } from '../terminal/json.ts';
import { quoted } from '../terminal/pasted.ts';
import { say } from '../terminal/say.ts';
import { importedPath } from './epoch-source.ts';
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
    .description('write one epoch to a file, which can be replayed anywhere and holds no secrets')
    .requiredOption('--epoch <EPOCH>', 'the epoch to write', parseEpoch)
    .requiredOption('--miner <ADDRESS>', 'its miner', parseMiner)
    .option('--out <FILE>', 'file to write; MINER-EPOCH.epoch if not given')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  mineone journal export --epoch 4 --miner f01000 --data ~/.mineone/devnet')
    .action(({ epoch, miner, out = `${miner}-${epoch}.epoch`, data, json }: ExportOptions) =>
      withJournal(data, async (journal) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of exportEpoch(journal, streamName(miner, epoch))) pieces.push(piece);
        await pipeline(Readable.from(pieces), createWriteStream(out));
        if (json) process.stdout.write(`${toJson({ type: 'export', miner, epoch, file: out })}\n`);
        else say([`Wrote ${quoted(out)}`]);
      }),
    );
}

interface ImportOptions {
  readonly check?: true;
  readonly data: string;
  readonly json?: true;
}

export function importCommand(): Command {
  return new Command('import')
    .description('replay an exported epoch, explain it, and keep it beside the journal; it is never mined on')
    .argument('<FILE>', 'file of an exported epoch')
    .option('--check', 'replay and explain only, keep nothing')
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExit code 1: a step differs.\n\nExample:\n  mineone journal import f01000-4.epoch')
    .action(async (path: string, { check, data, json }: ImportOptions) => {
      const bytes = bytesOf(path);
      const file = readEpochFile(bytes);
      const kept = check === true ? null : keep(data, bytes, epochNamed(file.streams[0], path));
      const report = await replay(file.records(), loadMachines(), file.shared);
      const records: JournalRecord[] = [];
      for (const stream of file.streams) for await (const { record } of file.stream(stream)) records.push(record);
      const { divergence } = report;
      const verdict = divergence === null ? 'Every transition identical' : `Record ${divergence.seq} differs in its ${divergence.what}`;
      const text = [
        ...explain(records),
        `${verdict}: ${report.records} records, ${report.steps} steps.`,
        ...(kept === null ? [] : [`Kept as ${quoted(kept)}`]),
      ];
      if (json) process.stdout.write(`${toJson({ type: 'import', streams: file.streams, ...report, kept, text })}\n`);
      else say(text);
      if (divergence !== null) process.exitCode = EXIT_WRONG;
    });
}

function epochNamed(stream: string | undefined, path: string): { readonly miner: string; readonly epoch: number } {
  const [, miner, epoch] = /^([ft]0\d+)\/(\d+)$/.exec(stream ?? '') ?? [];
  if (miner === undefined) throw new MineOneError('EPOCH_FILE', `${path} holds ${stream ?? 'nothing'}, and not an epoch of a miner`);
  return { miner, epoch: Number(epoch) };
}

/**
 * Beside the journal and never in it. Whole or not at all: written under another name first. Throws `IMPORT_EXISTS`
 * where another record of that epoch is kept.
 */
function keep(data: string, bytes: Uint8Array, { miner, epoch }: { readonly miner: string; readonly epoch: number }): string {
  const path = importedPath(data, miner, epoch);
  if (existsSync(path)) {
    if (!equalBytes(new Uint8Array(readFileSync(path)), bytes))
      throw new MineOneError(
        'IMPORT_EXISTS',
        `another record of epoch ${epoch} of ${miner} is kept as ${path}; take that away, or name another folder with --data`,
      );
    return path;
  }
  makeFolder(importedDir(data));
  writeFileSync(`${path}.new`, bytes, { flush: true });
  renameSync(`${path}.new`, path);
  return path;
}

function bytesOf(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw aboutFile(error, path);
  }
}
