/** Who does an audit's work: this thread, and for much of it a pool of workers beside it. */

import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import { loadBls } from '../../native/bls.ts';
import type { CarRange, RangeReport } from './car/car-file-verify.ts';
import type { StretchReport } from './report/block-report.ts';
import { type JudgeTask, judgeTask, verifyRange } from './worker.ts';

export interface Crew {
  readonly threads: number;
  readonly verify: (range: CarRange) => Promise<RangeReport>;
  /** Starts the workers if so many stretches are for them: it takes them a third of a second. */
  prepare(stretches: number): void;
  /** Reports in the order of the rows. */
  judge(task: Omit<JudgeTask, 'from' | 'to'>, rows: readonly Rows[], signal?: AbortSignal): AsyncGenerator<StretchReport>;
  close(): Promise<void>;
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

/** A range of a file shorter than this is hashed before a worker would have started. */
const VERIFY_HERE_BYTES = { native: 4 * 1024 * 1024, noble: 3 * 1024 * 1024 };
/** Stretches for which no worker is started. */
const JUDGE_HERE = { native: 2, noble: 1 };
/** Reports that may wait for an earlier one, for each thread. */
const AHEAD = 4;

export function createCrew(threads: number = availableParallelism()): Crew {
  const { name } = loadBls().bls;
  // A stretch takes seconds in JavaScript: this thread then stays free for Ctrl-C and the terminal.
  const isJudgingHere = name === 'native';
  const helpers = isJudgingHere ? threads - 1 : threads;
  // The one that a worker is at, and the next, for which it would have to wait while this thread judges.
  const concurrentTasksPerWorker = isJudgingHere ? 2 : 1;
  let pool: Piscina | undefined;
  const workers = (): Piscina => {
    const options = { minThreads: helpers, maxThreads: helpers, concurrentTasksPerWorker, execArgv: WORKER_ARGS, recordTiming: false };
    pool ??= new Piscina({ filename: WORKER.href, ...options });
    return pool;
  };
  const isForOne = (stretches: number): boolean => threads === 1 || stretches <= JUDGE_HERE[name];
  return {
    threads,
    verify: async (range) =>
      threads === 1 || range.to - range.from < VERIFY_HERE_BYTES[name] ? verifyRange(range) : workers().run(range, { name: verifyRange.name }),
    prepare(stretches) {
      if (!isForOne(stretches)) workers();
    },
    async *judge(task, rows, signal) {
      const all = rows.map((row): JudgeTask => ({ ...task, ...row }));
      if (isForOne(all.length)) return yield* judgeHere(all, signal);
      const run = (one: JudgeTask): Promise<StretchReport> => workers().run(one, { name: judgeTask.name, ...(signal ? { signal } : {}) });
      yield* inOrder(all, {
        atOnce: 2 * helpers,
        ahead: AHEAD * threads,
        run,
        here: isJudgingHere ? judgeTask : null,
        signal,
      });
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
    await breath();
  }
}

/** Lets Ctrl-C, the terminal and the workers' reports have their turn between two stretches. */
function breath(): Promise<void> {
  return new Promise(setImmediate);
}

interface Order<Task, Result> {
  /** Tasks that `run` is to have in hand. */
  readonly atOnce: number;
  /** Results that may wait for an earlier one. */
  readonly ahead: number;
  readonly run: (task: Task) => Promise<Result>;
  /** What does a task in this thread while all that `run` may have in hand is there; null: nothing is done here. */
  readonly here: ((task: Task) => Result) | null;
  readonly signal: AbortSignal | undefined;
}

/** Does tasks, some of them at once, and gives their results in the tasks' order. */
async function* inOrder<Task, Result>(tasks: readonly Task[], { atOnce, ahead, run, here, signal }: Order<Task, Result>): AsyncGenerator<Result> {
  const waiting: { readonly result: Promise<Result> | Result; isDone: boolean }[] = [];
  let [next, out] = [0, 0];
  const send = (task: Task): void => {
    const result = run(task);
    const sent = { result, isDone: false };
    out++;
    const done = (): void => {
      out--;
      sent.isDone = true;
    };
    // Whoever waits for an earlier one must not leave this one's failure unheard.
    result.then(done, done);
    waiting.push(sent);
  };
  while (next < tasks.length || waiting.length > 0) {
    signal?.throwIfAborted();
    while (next < tasks.length && out < atOnce && waiting.length < ahead) send(tasks[next++] as Task);
    if (here !== null && next < tasks.length && waiting.length < ahead) {
      waiting.push({ result: here(tasks[next++] as Task), isDone: true });
      await breath();
    } else yield await (waiting.shift() as (typeof waiting)[number]).result;
    while (waiting[0]?.isDone && !signal?.aborted) yield await (waiting.shift() as (typeof waiting)[number]).result;
  }
}

/**
 * Built, the worker is JavaScript; run from sources it is TypeScript and needs a loader, which threads do not take over
 * from the one that starts them.
 */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
const WORKER_ARGS = WORKER.pathname.endsWith('.ts') ? ['--import', typescriptLoader()] : [];

function typescriptLoader(): string {
  const tsx = new URL('./dist/esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json'))).href;
  return `data:text/javascript,import { register } from ${JSON.stringify(tsx)}; register();`;
}
