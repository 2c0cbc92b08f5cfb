/** What importing the built package costs: a process that does, beside one that does nothing, in turn. */

import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-row.ts';
import { summary } from './sample.ts';

const SAMPLES = 21;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Milliseconds of a whole process. */
function timed(code: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - start;
}

function row(name: string, code: string, target?: string): BenchRow {
  const [bare, importing]: [number[], number[]] = [[], []];
  for (let i = 0; i <= SAMPLES; i++) {
    const pair = [timed(''), timed(code)] as const;
    // The first reads from the disk.
    if (i === 0) continue;
    bare.push(pair[0]);
    importing.push(pair[1]);
  }
  const [start, whole] = [summary(bare).median, summary(importing)];
  const reference = { name: 'Node alone', median: start, ratio: whole.median / start };
  const spread: [number, number] = [whole.spread[0] - start, whole.spread[1] - start];
  return { name, unit: 'ms', median: whole.median - start, spread, reference, ...(target === undefined ? {} : { target }) };
}

export function run(): readonly BenchRow[] {
  return [
    row("import 'mineone', above Node's own start", "import 'mineone'", 'at most 150'),
    row('  and what the first miner loads', "import './dist/src/miner.js'"),
    row("import 'mineone/consensus/election'", "import 'mineone/consensus/election'"),
    row("import 'mineone/chain/block-header'", "import 'mineone/chain/block-header'"),
  ];
}
