/** Command lines that are printed to be pasted: the program as it was called, and words as a shell reads them again. */

import { homedir } from 'node:os';
import { relative } from 'node:path';

/** A home folder by its short name. */
export function shortPath(path: string, home: string = homedir()): string {
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** As a shell reads it again: a home folder by its short name where nothing must be quoted. */
export function pasted(path: string): string {
  const short = shortPath(path);
  return /^(~|(~\/)?[\w./,:@%+=-]+)$/.test(short) ? short : quoted(path);
}

/** A path as a shell reads it again, by its whole name. */
export function quoted(path: string): string {
  return /^[\w./,:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** As it would be typed again: the command by its name, or the file that was run. */
export function commandName(): string {
  const script = process.argv[1] ?? 'mineone';
  if (script.endsWith('.js')) return `node ${pasted(relative(process.cwd(), script))}`;
  return process.env['npm_command'] === 'exec' ? 'npx mineone' : 'mineone';
}
