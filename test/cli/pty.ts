/** Commands in a real terminal: util-linux's `script` gives them one, and what is typed goes in as keys do. */

import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entry } from './run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Whether there is a `script` that runs a command. */
export const hasTerminal = /--command/.test(spawnSync('script', ['--help'], { encoding: 'utf8' }).stdout ?? '');

export const CTRL_C = '\u0003';

export interface InTerminal {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Keys that are typed, each once what was shown since the one before fits, or so many milliseconds after that. */
  readonly keys?: readonly (readonly [seen: RegExp, keys: string, afterMs?: number])[];
}

export interface Shown {
  readonly code: number | null;
  /** All that the terminal was sent, its line ends as plain ones. */
  readonly text: string;
}

/** `MINEONE` in the line stands for the command. */
export function inTerminal(line: string, { columns = 100, env = {}, keys = [] }: InTerminal = {}): Promise<Shown> {
  const command = [process.execPath, ...entry].map((word) => `'${word}'`).join(' ');
  const set = `stty cols ${columns} rows 30; ${line.replaceAll('MINEONE', command)}`;
  const child = spawn('script', ['-q', '-e', '-f', '-c', set, '/dev/null'], {
    cwd: root,
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '', ...env },
  });
  child.stdin.on('error', () => undefined); // The command may be gone before a key is typed.
  const [text, seen, typed] = [{ all: '' }, { from: 0 }, keys[Symbol.iterator]()];
  let next = typed.next();
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text.all += more;
    while (!next.done && next.value[0].test(text.all.slice(seen.from))) {
      const [, what, afterMs = 0] = next.value;
      seen.from = text.all.length;
      if (afterMs === 0) child.stdin.write(what);
      else setTimeout(() => child.stdin.write(what), afterMs).unref();
      next = typed.next();
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      child.stdin.end();
      resolve({ code, text: text.all.replaceAll('\r\n', '\n') });
    });
  });
}
