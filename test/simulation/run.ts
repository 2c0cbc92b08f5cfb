/** Runs seeds by hand: `npm run simulate -- --seed S` for one, with what came of it; `--seeds N [--from S]` for many. */

import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';
import { simulationBls } from './simulation-bls.ts';

const { values } = parseArgs({ options: { seed: { type: 'string' }, seeds: { type: 'string', default: '1' }, from: { type: 'string', default: '1' } } });
const seeds = values.seed === undefined ? Array.from({ length: Number(values.seeds) }, (_, i) => String(Number(values.from) + i)) : [values.seed];
const bls = simulationBls();
const began = performance.now();
let broken = 0;
for (const seed of seeds) {
  const found = await simulate(seed, { bls });
  if (found.broken.length === 0 && seeds.length > 1) continue;
  if (found.broken.length > 0) broken++;
  console.log(`seed ${seed}`, JSON.stringify(found.scenario), JSON.stringify(found.counts), found.heads.join(' '));
  for (const what of found.broken) console.log(`  ${what}`);
  if (seeds.length === 1) for (const line of found.story) console.log(line);
}
const { user, system } = process.cpuUsage();
console.log(
  `${seeds.length} seeds, ${broken} broken, ${((performance.now() - began) / seeds.length).toFixed(0)} ms a seed (${((user + system) / 1000 / seeds.length).toFixed(0)} of CPU), BLS by ${bls.name}`,
);
process.exitCode = broken === 0 ? 0 : 1;
