/**
 * Live and restored-before-every-step are the same, whatever comes late, twice or never. `MINEONE_FUZZ` sets the number
 * of runs.
 */

import { expect, it } from 'vitest';
import { sharedStore } from '../../src/journal/chain/shared-values.ts';
import { firstSeed } from '../sample.ts';
import { fuzzRun } from './fixtures/fuzz-turns.ts';

const RUNS = Number(process.env['MINEONE_FUZZ'] ?? 40_000);
const SEED = firstSeed;

it(`runs ${RUNS} epochs on made-up results, live and restored, without a difference`, () => {
  const shared = sharedStore(() => undefined);
  const outcomes = new Map<string, number>();
  let [steps, dropped] = [0, 0];
  for (let i = 0; i < RUNS; i++) {
    const run = fuzzRun(SEED * 1_000_003 + i, shared);
    expect(run.difference).toBeNull();
    steps += run.steps;
    dropped += run.dropped;
    outcomes.set(run.outcome ?? 'open', (outcomes.get(run.outcome ?? 'open') ?? 0) + 1);
  }
  console.log(`${RUNS} runs, ${steps} steps, ${dropped} results dropped: ${[...outcomes].map(([name, count]) => `${count} ${name}`).join(', ')}`);
  // The runs went everywhere.
  for (const outcome of ['mined', 'lost', 'ineligible', 'late', 'refused', 'rejected', 'failed', 'open']) expect([...outcomes.keys()]).toContain(outcome);
  expect(dropped).toBeGreaterThan(RUNS);
});
