/** Runs a mutant's tests in a copy of the house and says what became of it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { applyTo, type Mutant } from './mutant.ts';

export type Verdict =
  /** A test failed, as it must; the first one's name. */
  | { readonly verdict: 'killed'; readonly by: string }
  | { readonly verdict: 'survived' }
  /** It says nothing: the patch does not apply any more, no test ran, or none could be loaded. */
  | { readonly verdict: 'void'; readonly why: string };

const RESULTS = 'mutant-results.json';
/** A mutant that makes a loop without an end never answers: that too is seen. */
const GIVE_UP_MS = 180_000;

interface Results {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Every file must see it: one that passes is named in vain. */
export async function judge(folder: string, mutant: Mutant): Promise<Verdict> {
  let undo: () => void;
  try {
    undo = applyTo(folder, mutant.change);
  } catch (error) {
    return { verdict: 'void', why: (error as Error).message };
  }
  try {
    let verdict: Verdict = { verdict: 'survived' };
    for (const file of mutant.tests) {
      verdict = await runFile(folder, file, mutant.named);
      if (verdict.verdict !== 'killed') return verdict;
    }
    return verdict;
  } finally {
    undo();
  }
}

/** What the same tests say without the mutant; `null` when all is well. */
export async function fault(folder: string, { tests, named }: Pick<Mutant, 'tests' | 'named'>): Promise<string | null> {
  for (const file of tests) {
    const verdict = await runFile(folder, file, named);
    if (verdict.verdict === 'killed') return `${file} fails without it: ${verdict.by}`;
    if (verdict.verdict === 'void') return verdict.why;
  }
  return null;
}

async function runFile(folder: string, file: string, named: string | undefined): Promise<Verdict> {
  if (!existsSync(join(folder, file))) return { verdict: 'void', why: `there is no ${file}` };
  rmSync(join(folder, RESULTS), { force: true });
  const args = ['run', file, '--bail', '1', '--reporter', 'json', '--outputFile', RESULTS, ...(named === undefined ? [] : ['-t', named])];
  const isOver = await ended(folder, args);
  if (!isOver) return { verdict: 'killed', by: `${file}, which did not end` };
  if (!existsSync(join(folder, RESULTS))) return { verdict: 'void', why: `vitest told nothing of ${file}` };
  const results = JSON.parse(readFileSync(join(folder, RESULTS), 'utf8')) as Results;
  const failed = results.testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed');
  if (failed !== undefined) return { verdict: 'killed', by: failed.fullName };
  if (results.numPassedTests > 0) return { verdict: 'survived' };
  const said = results.testResults.map(({ message }) => message).find((message) => message !== '');
  return { verdict: 'void', why: `no test of ${file} ran${named === undefined ? '' : ` by the name ${named}`}${said === undefined ? '' : `: ${said}`}` };
}

async function ended(cwd: string, args: readonly string[]): Promise<boolean> {
  // A group of its own: a worker in a loop without an end hears of nothing else.
  const child = spawn(process.execPath, [join(cwd, 'node_modules/vitest/vitest.mjs'), ...args], { cwd, stdio: 'ignore', detached: true });
  let isOver = true;
  const timer = setTimeout(() => {
    isOver = false;
    process.kill(-(child.pid as number), 'SIGKILL');
  }, GIVE_UP_MS);
  await once(child, 'exit');
  clearTimeout(timer);
  return isOver;
}
