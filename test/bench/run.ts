/**
 * `npm run bench [NAME…]`: every figure beside its reference, measured in the same run; medians, with the least and the
 * greatest sample.
 */

import type { BenchRow } from './bench-row.ts';
import { machine } from './sample.ts';

const BENCHES: Readonly<Record<string, () => Promise<{ readonly run: () => readonly BenchRow[] | Promise<readonly BenchRow[]> }>>> = {
  election: () => import('./election.bench.ts'),
  header: () => import('./header.bench.ts'),
  amt: () => import('./amt.bench.ts'),
  bls: () => import('./bls.bench.ts'),
  audit: () => import('./audit.bench.ts'),
  replay: () => import('./replay.bench.ts'),
  turn: () => import('./turn.bench.ts'),
  epochs: () => import('./epochs.bench.ts'),
  devnet: () => import('./devnet.bench.ts'),
  import: () => import('./import.bench.ts'),
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  process.stderr.write(`no bench "${unknown}"; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}

process.stdout.write(`${machine()}\n`);
for (const [name, load] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { run } = await load();
  for (const row of await run()) process.stdout.write(`${line(row)}\n`);
}

function line({ name, median, unit, spread, reference, target }: BenchRow): string {
  const figure = `${name.padEnd(52)} ${digits(median).padStart(8)} ${unit} (${digits(spread[0])} to ${digits(spread[1])})`;
  const beside = reference === undefined ? '' : `; ${reference.name} ${digits(reference.median)}, ratio ${reference.ratio.toFixed(2)}`;
  return `${figure}${beside}${target === undefined ? '' : `; target: ${target}`}`;
}

/** Three digits that count. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
