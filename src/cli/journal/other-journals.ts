/** Where a journal is, when none is where a command looked: the command line that finds it, to be pasted. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MineOneError } from '../../errors/mineone-error.ts';
import { journalDir, mineoneDir } from '../options/data-dir.ts';
import { commandName, pasted } from '../terminal/pasted.ts';

/** As many as a reader takes in. */
const NAMED_MAX = 3;

/** `JOURNAL_MISSING`, with the folders that do hold one and this very command line for the first of them. */
export function journalMissing(data: string, args: readonly string[] = process.argv.slice(2)): MineOneError {
  const found = [...new Set([data, mineoneDir()].flatMap(journalsIn))].filter((folder) => folder !== data);
  const [first, ...others] = found;
  const nothing = `there is no journal in ${journalDir(data)}`;
  if (first === undefined) return new MineOneError('JOURNAL_MISSING', `${nothing}; name the folder of another with --data, or begin one: \`mineone devnet\``);
  const more = others.length === 0 ? '' : `; others are in ${listed(others.map(pasted))}`;
  const line = [commandName(), ...withoutData(args).map(pasted), '--data', pasted(first)].join(' ');
  return new MineOneError('JOURNAL_MISSING', `${nothing}, but there is one in ${pasted(first)}; run: ${line}${more}`);
}

/** The folder itself, and those in it. One that cannot be read holds none for us. */
function journalsIn(folder: string): readonly string[] {
  return [folder, ...foldersIn(folder)].filter((data) => existsSync(join(journalDir(data), 'db')));
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function listed(folders: readonly string[]): string {
  const shown = folders.slice(0, NAMED_MAX).join(', ');
  return folders.length > NAMED_MAX ? `${shown} and ${folders.length - NAMED_MAX} more` : shown;
}

function withoutData(args: readonly string[]): readonly string[] {
  return args.filter((arg, i) => arg !== '--data' && !arg.startsWith('--data=') && args[i - 1] !== '--data');
}
