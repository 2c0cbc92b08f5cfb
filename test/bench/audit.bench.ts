/**
 * The audit of the devnet's 581 blocks: its CPU time in signatures on noble; with the addon in batches against one by
 * one; and the command `mineone audit` as a user starts it, from the start of the process to its end, with the addon
 * against without it (MINEONE_BLS=noble). `MINEONE_BENCH_AGAINST=…/dist/src/main.js` names another build, such as an
 * older commit's with its own addon, to be held against run by run.
 */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { loadBls } from '../../native/bls.ts';
import { judgeInBatches } from '../../src/audit/batch.ts';
import { openCar } from '../../src/audit/car/car-file.ts';
import { openHandle } from '../../src/audit/car/car-file-reader.ts';
import { walkChain } from '../../src/audit/chain/chain-table.ts';
import { tableView } from '../../src/audit/chain/table-view.ts';
import { rememberingBls, rememberingRecovery } from '../../src/audit/remember.ts';
import { judgeStretch } from '../../src/audit/stretch.ts';
import { rememberedProvingSets } from '../../src/chain/state/proving-set.ts';
import { networkOption } from '../../src/cli/options/network-option.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { nobleBls, recoverSecp256k1 } from '../../src/consensus/signatures/noble.ts';
import type { BenchRow } from './bench-row.ts';
import { summary } from './sample.ts';

const root = new URL('../../', import.meta.url);
const CAR = fileURLToPath(new URL('test/cassette/devnet-2k.car.gz', root));
const NETWORK = fileURLToPath(new URL('test/cassette/devnet-2k.network.json', root));
const BUILT = fileURLToPath(new URL('dist/src/main.js', root));
const BLOCKS = 581;
const TIPSETS_ON_NOBLE = 40;
const RUNS_NATIVE = 5;
const AGAINST = process.env['MINEONE_BENCH_AGAINST'];
/** Written to descriptor 3 at the end: the processor time of all threads of a process, in microseconds. */
const TELL_CPU = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String(user + system)); });",
)}`;
const STRETCH = 24;

export async function run(): Promise<readonly BenchRow[]> {
  const share = await signatureShare();
  if (!existsSync(BUILT) || loadBls().bls.name !== 'native') {
    process.stdout.write('audit, whole command: not measured, it needs `npm run build` and `npm run build:native`\n');
    return [share];
  }
  return [share, await batches(), ...wholeCommand()];
}

/** What one run of the command took, in seconds. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

function wholeCommand(): readonly BenchRow[] {
  const slow = [audited(BUILT, 'noble')];
  const fast: Took[] = [];
  const against: Took[] = [];
  for (let run = 0; run < RUNS_NATIVE; run++) {
    fast.push(audited(BUILT, 'native'));
    if (AGAINST !== undefined) against.push(audited(AGAINST, 'native'));
  }
  const without = pairOfRows('addon', fast, 'the command without the addon', slow, 10);
  return AGAINST === undefined ? without : [...without, ...pairOfRows('addon', fast, AGAINST, against, 2)];
}

/** The speed that a user sees, and the work it takes, each beside the reference. */
function pairOfRows(how: string, took: readonly Took[], name: string, reference: readonly Took[], target: number): readonly BenchRow[] {
  const row = (what: string, unit: string, value: (took: Took) => number, words: string): BenchRow => {
    const [figures, { median }] = [summary(took.map(value)), summary(reference.map(value))];
    return { name: `mineone audit, 581 blocks, ${how}, ${what}`, unit, ...figures, reference: { name, median, ratio: figures.median / median }, target: words };
  };
  return [
    row('whole command', 'blocks/s', ({ wall }) => BLOCKS / wall, `ratio at least ${target}`),
    row('processor time', 's', ({ cpu }) => cpu, `ratio at most ${(1 / target).toFixed(1)}`),
  ];
}

/** Every stretch in one thread, as a worker judges it, against the same with each signature verified by itself. */
async function batches(): Promise<BenchRow> {
  const file = await openCar(CAR);
  const reader = openHandle(file.handle);
  const { table, genesis } = walkChain(reader.get, file.headKey);
  const { bls, beside } = loadBls();
  const salt = () => randomBytes(32);
  const rate = (judge: typeof judgeInBatches): number => {
    const over = {
      params: networkOption(NETWORK)(genesis),
      view: tableView(reader.get, table),
      bls: rememberingBls(bls),
      recoverSecp256k1: rememberingRecovery(beside.recoverSecp256k1),
      provingSets: rememberedProvingSets(),
    };
    const start = performance.now();
    for (let row = 0; row < table.length; row += STRETCH)
      judge(over, table, { from: row, to: Math.min(row + STRETCH, table.length), miners: [], expect: [] }, salt);
    return BLOCKS / ((performance.now() - start) / 1000);
  };
  const [one, together]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS_NATIVE; run++) {
    one.push(rate(judgeStretch));
    together.push(rate(judgeInBatches));
  }
  reader.close();
  await file.close();
  const [reference, rates] = [summary(one).median, summary(together)];
  return {
    name: 'audit of 581 blocks, one thread, addon, in batches',
    unit: 'blocks/s',
    ...rates,
    reference: { name: 'one by one', median: reference, ratio: rates.median / reference },
    target: 'ratio at least 2',
  };
}

/** Part of the time that verification takes of a stretch on noble, in one thread that does nothing else. */
async function signatureShare(): Promise<BenchRow> {
  const file = await openCar(CAR);
  const reader = openHandle(file.handle);
  const { table, genesis } = walkChain(reader.get, file.headKey);
  const spent = { micros: 0 };
  const judge = {
    params: networkOption(NETWORK)(genesis),
    view: tableView(reader.get, table),
    bls: timed(nobleBls(), spent),
    recoverSecp256k1: timedCall(recoverSecp256k1, spent),
  };
  const parts: number[] = [];
  for (let row = 100; row < 100 + TIPSETS_ON_NOBLE; row += 8) {
    spent.micros = 0;
    const start = performance.now();
    judgeStretch(judge, table, { from: row, to: row + 8, miners: [], expect: ['f01000'] });
    parts.push((100 * spent.micros) / ((performance.now() - start) * 1000));
  }
  reader.close();
  await file.close();
  return { name: 'audit on noble, time in signatures', unit: '%', ...summary(parts), target: 'at least 90 %' };
}

function timed(bls: Bls, spent: { micros: number }): Bls {
  return { ...bls, verify: timedCall(bls.verify, spent), verifyG1: timedCall(bls.verifyG1, spent), aggregateVerify: timedCall(bls.aggregateVerify, spent) };
}

function timedCall<A extends readonly unknown[], R>(call: (...args: A) => R, spent: { micros: number }): (...args: A) => R {
  return (...args) => {
    const start = performance.now();
    const result = call(...args);
    spent.micros += (performance.now() - start) * 1000;
    return result;
  };
}

function audited(main: string, make: 'noble' | 'native'): Took {
  const start = performance.now();
  const { status, stderr, output } = spawnSync(process.execPath, ['--import', TELL_CPU, main, 'audit', CAR, '--network', NETWORK], {
    env: { ...process.env, MINEONE_BLS: make },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`the audit by ${main} ended with ${status}: ${stderr}`);
  return { wall: (performance.now() - start) / 1000, cpu: Number(output[3]) / 1e6 };
}
