/** Runs the real command in its own process: what a shell would see. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Built by test/house/build-once.ts. */
export const entry: readonly string[] = ['dist/src/main.js'];

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function startMineone(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...entry, ...args], { cwd: root, env: { ...process.env, ...env } });
}

/** Its exit code and all that it printed. */
export function finished(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs one command line to its end, with nothing but `input` on standard input. */
export function mineone(args: readonly string[], { input = '', env = {} }: RunOptions = {}): Promise<Ran> {
  const child = startMineone(args, env);
  child.stdin.on('error', () => undefined); // A command that reads nothing may be gone before the input is written.
  child.stdin.end(input);
  return finished(child);
}

/** Runs a pipe in bash, `MINEONE` standing for the command; the code is the pipe's first failure. */
export function shell(line: string): Promise<Ran> {
  const command = [process.execPath, ...entry].map((word) => `'${word}'`).join(' ');
  return finished(spawn('bash', ['-c', `set -o pipefail; ${line.replaceAll('MINEONE', command)}`], { cwd: root }));
}

/** What was printed on stderr but for progress, which a slow machine gets to see. */
export function withoutProgress(stderr: string): string {
  return stderr.replace(/^((reading|finding the chain:|judged up to|mined up to) .*|\{"type":"progress".*)\n/gm, '');
}
