/**
 * `npm run mutants`: breaks one line after another in a copy of the house and looks whether the tests that are named
 * for it fail (docs/testing.md, «Mutants»).
 */

import { parseArgs } from 'node:util';
import { MUTANTS } from './all.ts';
import { copyWithTests } from './copy.ts';
import { fault, judge, type Verdict } from './judge.ts';
import type { Mutant } from './mutant.ts';
import { sampled } from './sample.ts';

const HELP = `npm run mutants -- [--all | --sample N [--seed S] | --only TEXT] [--budget SECS] [--list]

  --all         every mutant
  --sample N    N of them, drawn by the seed, which is printed
  --only TEXT   those whose name holds the text, such as «chain:»
  --budget SECS begins no other one after that time
  --list        names them, and runs nothing

Exits with 1 when one survives, or says nothing: a patch that does not apply any more, a test that is not there, a test that fails without it too.
`;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    sample: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    budget: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

type Named = readonly [name: string, mutant: Mutant];

function chosen(): readonly Named[] {
  const all = Object.entries(MUTANTS);
  if (values.only !== undefined) return all.filter(([name]) => name.includes(values.only as string));
  if (values.sample === undefined) return all;
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  process.stdout.write(`seed ${seed}\n`);
  return sampled(all, Number(values.sample), seed);
}

function told(verdict: Verdict, secs: number): string {
  const took = `${secs.toFixed(1)} s`;
  if (verdict.verdict === 'killed') return `killed    ${took}  by «${verdict.by}»`;
  return verdict.verdict === 'survived' ? `SURVIVED  ${took}` : `VOID      ${took}  ${verdict.why}`;
}

async function run(mutants: readonly Named[], budgetSecs: number): Promise<void> {
  const { folder, remove } = copyWithTests();
  const counts = { killed: 0, survived: 0, void: 0 };
  const whole = new Map<string, string | null>();
  const started = performance.now();
  const secs = (since: number): number => (performance.now() - since) / 1000;
  try {
    for (const [name, mutant] of mutants) {
      if (secs(started) > budgetSecs) break;
      const begun = performance.now();
      const tests = JSON.stringify([mutant.tests, mutant.named]);
      if (!whole.has(tests)) whole.set(tests, await fault(folder, mutant));
      const why = whole.get(tests) ?? null;
      const verdict: Verdict = why === null ? await judge(folder, mutant) : { verdict: 'void', why };
      counts[verdict.verdict]++;
      process.stdout.write(`${told(verdict, secs(begun))}\n          ${name}: ${mutant.what}\n`);
    }
  } finally {
    remove();
  }
  const { killed, survived, void: nothing } = counts;
  const left = mutants.length - killed - survived - nothing;
  process.stdout.write(
    `\n${killed} killed, ${survived} survived, ${nothing} said nothing${left === 0 ? '' : `; ${left} were not tried within ${budgetSecs} s`}\n`,
  );
  if (survived + nothing > 0) process.exitCode = 1;
}

const mutants = chosen();
if (values.list) process.stdout.write(`${mutants.map(([name, { what }]) => `${name}: ${what}`).join('\n')}\n`);
else if (!values.all && values.sample === undefined && values.only === undefined) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else await run(mutants, Number(values.budget ?? Number.POSITIVE_INFINITY));
