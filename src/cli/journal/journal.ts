/** `mineone journal`: its chain verified, its end watched, its size told (docs/commands.md, «Command line»). */

import { Command } from 'commander';
import { toHex } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { verifyJournal } from '../../journal/verify.ts';
import { collect } from '../options/arguments.ts';
import { dataOption } from '../options/data-dir.ts';
import { Finding } from '../terminal/failure.ts';
import { toJson } from '../terminal/json.ts';
import { say } from '../terminal/say.ts';
import { warn } from '../terminal/warning.ts';
import { exportCommand, importCommand } from './file.ts';
import { withStore } from './open-journal.ts';
import { pruneCommand } from './prune.ts';
import { checkSeals, sealCommand, sealText } from './seal.ts';
import { statCommand } from './stat.ts';
import { tailCommand } from './tail.ts';

interface JournalOptions {
  readonly data: string;
  readonly json?: true;
}

export function journalCommand(): Command {
  const command = new Command('journal')
    .description('look into the journal, verify it, take epochs out or in')
    .addHelpText('after', '\nExample:\n  mineone journal verify --data ~/.mineone/devnet');
  for (const sub of [verifyCommand(), sealCommand(), tailCommand(), statCommand(), exportCommand(), importCommand(), pruneCommand()]) command.addCommand(sub);
  return command;
}

interface VerifyOptions extends JournalOptions {
  readonly sealed?: readonly string[];
  readonly by?: string;
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('verify the whole journal: every record, every hash, and the table that prevents double signing')
    .addOption(dataOption())
    .option('--sealed <FILE>', 'also compare the journal with this seal (repeatable)', collect)
    .option('--by <FILE>', 'PEM file of the Ed25519 public key that must have signed the seals')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExit code 1: something is not as it was written; the first such thing is shown.\n\nExample:\n  mineone journal verify --sealed monday.seal',
    )
    .action(({ data, json, sealed = [], by }: VerifyOptions) =>
      asking(() =>
        withStore(
          data,
          async (store) => {
            const report = await verifyJournal(store);
            const seals = await checkSeals(store, sealed, by);
            report.warnings.forEach(warn);
            const { records, first, live, headHash } = report;
            const begin = first === 0 ? '' : ` It begins at record ${first}: the records before it were pruned.`;
            const text = `Whole: ${records} records, each names the one before it; ${live} streams are still open.${begin} The last record has the hash ${toHex(headHash)}.`;
            const warnings = report.warnings.map(({ code, message }) => ({ code, message }));
            if (json) process.stdout.write(`${toJson({ type: 'verify', ...report, warnings, seals })}\n`);
            else say([text, ...seals.map((seal) => sealText(seal, by))]);
          },
          { checkedBytes: Number.POSITIVE_INFINITY },
        ),
      ),
    );
}

/** What is wrong in the journal itself, or under its seals: that is what `verify` was asked. */
const FOUND: ReadonlySet<string> = new Set([
  ...['JOURNAL_CORRUPT', 'JOURNAL_SHARED_MISSING', 'JOURNAL_SHARED_DAMAGED', 'JOURNAL_BLOB_MISSING'],
  ...['SEAL_BROKEN', 'SEAL_SIGNATURE'],
]);

async function asking(verify: () => Promise<void>): Promise<void> {
  try {
    await verify();
  } catch (error) {
    if (error instanceof MineOneError && FOUND.has(error.code)) throw new Finding(error.code, error.message, { cause: error });
    throw error;
  }
}
