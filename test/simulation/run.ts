/**
 * Runs seeds: `npm run simulate -- --seed S` for one, with how every epoch ended; `--seeds N --from S` for many, every
 * `--step`th of them, until the first that breaks with `--until-broken`; `--disk lazy` on a disk that acknowledges what
 * it has not written. `--json` prints one document for whoever reads it.
 */

import { parseArgs } from 'node:util';
import { lazyDisk, syncedDisk } from './disk.ts';
import { type Simulated, simulate } from './simulate.ts';
import { simulationBls } from './simulation-bls.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    step: { type: 'string', default: '1' },
    disk: { type: 'string', default: 'synced' },
    'until-broken': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

/** What the parent process reads. */
export interface RunReport {
  readonly seeds: number;
  readonly broken: readonly { readonly seed: string; readonly what: readonly string[] }[];
  /** Head hashes by seed. */
  readonly heads: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<keyof Simulated['counts'], number>>;
  readonly ms: number;
  readonly cpuMs: number;
  readonly bls: string;
}

const bls = simulationBls();
const disk = values.disk === 'lazy' ? lazyDisk : syncedDisk;
const seeds =
  values.seed !== undefined ? [values.seed] : Array.from({ length: Number(values.seeds) }, (_, i) => String(Number(values.from) + i * Number(values.step)));

function tell({ scenario, counts, heads, broken, story }: Simulated): void {
  if (values.json || (broken.length === 0 && seeds.length > 1)) return;
  console.log(`seed ${scenario.seed}`, JSON.stringify(scenario), JSON.stringify(counts), heads.join(' '));
  for (const what of broken) console.log(`  ${what}`);
  if (seeds.length === 1) for (const line of story) console.log(line);
  else console.log(`  again: npm run simulate -- --seed ${scenario.seed}`);
}

const began = performance.now();
const broken: { seed: string; what: readonly string[] }[] = [];
const heads: Record<string, string> = {};
const counts: Record<keyof Simulated['counts'], number> = { submitted: 0, mined: 0, returns: 0, refused: 0, records: 0 };
let done = 0;
for (const seed of seeds) {
  const found = await simulate(seed, { bls, disk });
  done++;
  heads[seed] = found.heads.join(' ');
  for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += found.counts[key];
  if (found.broken.length > 0) broken.push({ seed, what: found.broken });
  tell(found);
  if (values['until-broken'] && broken.length > 0) break;
}
const { user, system } = process.cpuUsage();
const report: RunReport = { seeds: done, broken, heads, counts, ms: performance.now() - began, cpuMs: (user + system) / 1000, bls: bls.name };
const each = (ms: number): string => (ms / done).toFixed(0);
if (values.json) console.log(JSON.stringify(report));
else
  console.log(
    `${done} seeds, ${broken.length} broken, ${each(report.ms)} ms a seed (${each(report.cpuMs)} of CPU), BLS by ${bls.name}; ${JSON.stringify(counts)}`,
  );
process.exitCode = broken.length === 0 ? 0 : 1;
