/** Who does an audit's work: this thread for a little, a pool of workers for much. */

import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import type { StretchReport } from './block-report.ts';
import { type CarRange, type RangeReport, verifySections } from './car-file-verify.ts';
import { type JudgeTask, judgeTask, verifyRange } from './worker.ts';

export interface Crew {
  readonly threads: number;
  readonly verify: (range: CarRange) => Promise<RangeReport>;
  /** Reports in the order of the rows; `isSlow` signatures make less of a chain worth a pool. */
  judge(task: Omit<JudgeTask, 'from' | 'to'>, rows: Iterable<Rows>, isSlow: boolean, signal?: AbortSignal): AsyncGenerator<StretchReport>;
  close(): Promise<void>;
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

/** A range of a file shorter than this is hashed before a worker would have started. */
const VERIFY_HERE_BYTES = 3 * 1024 * 1024;
/** Stretches that are judged here, with fast and with slow signatures. */
const JUDGE_HERE = { fast: 2, slow: 1 };

export function createCrew(threads: number = availableParallelism()): Crew {
  let pool: Piscina | undefined;
  const workers = (): Piscina => {
    pool ??= new Piscina({ filename: WORKER.href, minThreads: threads, maxThreads: threads, execArgv: WORKER_ARGS, recordTiming: false });
    return pool;
  };
  return {
    threads,
    verify: async (range) =>
      threads === 1 || range.to - range.from < VERIFY_HERE_BYTES ? verifySections(range) : workers().run(range, { name: verifyRange.name }),
    async *judge(task, rows, isSlow, signal) {
      const all = [...rows].map((row): JudgeTask => ({ ...task, ...row }));
      if (threads === 1 || all.length <= (isSlow ? JUDGE_HERE.slow : JUDGE_HERE.fast)) yield* judgeHere(all, signal);
      else yield* inOrder(all, 2 * threads, (one) => workers().run(one, { name: judgeTask.name, ...(signal ? { signal } : {}) }));
    },
    close: async () => {
      await pool?.destroy();
    },
  };
}

async function* judgeHere(tasks: readonly JudgeTask[], signal?: AbortSignal): AsyncGenerator<StretchReport> {
  for (const task of tasks) {
    signal?.throwIfAborted();
    yield judgeTask(task);
    // Lets Ctrl-C and the terminal have their turn between two stretches.
    await new Promise(setImmediate);
  }
}

/** Runs tasks, so many at once, and gives results in the tasks' order. */
async function* inOrder<Task, Result>(tasks: readonly Task[], atOnce: number, run: (task: Task) => Promise<Result>): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  let next = 0;
  const start = (): void => {
    const promise = run(tasks[next++] as Task);
    // Whoever waits for an earlier one must not leave this one's failure unheard.
    promise.catch(() => undefined);
    running.push(promise);
  };
  while (next < tasks.length && running.length < atOnce) start();
  while (running.length > 0) {
    yield await (running.shift() as Promise<Result>);
    if (next < tasks.length) start();
  }
}

/** Built, the worker is JavaScript; run from sources it is TypeScript and needs a loader, which threads do not take over from the one that starts them. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
const WORKER_ARGS = WORKER.pathname.endsWith('.ts') ? ['--import', typescriptLoader()] : [];

function typescriptLoader(): string {
  const tsx = new URL('./dist/esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))).href;
  return `data:text/javascript,import { register } from ${JSON.stringify(tsx)}; register();`;
}
