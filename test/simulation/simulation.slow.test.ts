/**
 * Thousands of seeded lives of the production code: nothing is mined twice, nothing is left hanging, and mining goes on
 * (issue 5, «Simulation»).
 */

import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { amountOf, firstSeed, isSample } from '../sample.ts';
import { runInCrew, runSeeds } from './crew.ts';
import { brokenBuild, MUTANTS } from './mutants.ts';

const isNative = loadBls().bls.name === 'native';
/** JavaScript's signatures take twenty times as long. */
const SEEDS = amountOf('SEEDS', isNative ? { sample: 200, all: 1000 } : { sample: 10, all: 30 });
const CORES = Math.min(2, availableParallelism());
const TWICE = isNative ? 12 : 3;
const SEARCH = 150;
const MINUTE = 60_000;

it(`${SEEDS} seeds of 20 epochs: whatever goes wrong, what must hold holds`, { timeout: Math.max(30, SEEDS / 20) * MINUTE }, async () => {
  const reports = await runInCrew(SEEDS, firstSeed, CORES);
  const sum = (of: (report: (typeof reports)[number]) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const [cpu, seconds] = [sum(({ cpuMs }) => cpuMs) / SEEDS, Math.max(...reports.map(({ ms }) => ms)) / 1000];
  const counts = `${sum((r) => r.counts.mined)} epochs mined, ${sum((r) => r.counts.submitted)} submissions, ${sum((r) => r.counts.returns)} deaths, ${sum((r) => r.counts.refused)} batches that failed, ${sum((r) => r.counts.records)} records`;
  console.log(`${SEEDS} seeds in ${seconds.toFixed(0)} s, ${cpu.toFixed(0)} ms of CPU a seed, BLS by ${reports[0]?.bls}: ${counts}`);
  const broken = reports.flatMap((report) =>
    report.broken.map(({ seed, what }) => `seed ${seed}: ${what.slice(0, 3).join('; ')}\n  again: npm run simulate -- --seed ${seed}`),
  );
  expect(broken, broken.join('\n')).toEqual([]);
  expect(sum(({ seeds }) => seeds)).toBe(SEEDS);
  expect(sum((r) => r.counts.mined)).toBeGreaterThan(SEEDS * 5);
  expect(sum((r) => r.counts.returns)).toBeGreaterThan(SEEDS / 4);
  expect(sum((r) => r.counts.refused)).toBeGreaterThan(SEEDS / 4);
});

it.skipIf(isSample)('is the same twice: journals and chain', { timeout: 5 * MINUTE }, async () => {
  const args = ['--seeds', String(TWICE), '--from', String(firstSeed)];
  const [first, second] = await Promise.all([runSeeds(args), runSeeds(args)]);
  expect(first?.heads).toEqual(second?.heads);
  expect(new Set(Object.values(first?.heads ?? {})).size).toBe(TWICE);
});

describe.runIf(isNative && !isSample)('a house with a safeguard taken out', () => {
  it.for(Object.entries(MUTANTS))('%s', { timeout: 10 * MINUTE }, async ([name, mutant]) => {
    const { folder, remove } = brokenBuild(mutant);
    try {
      const args = ['--seeds', String(SEARCH), '--from', String(mutant.seed), '--until-broken', ...(mutant.disk === undefined ? [] : ['--disk', mutant.disk])];
      const { broken } = await runSeeds(args, folder);
      console.log(`${name}: ${mutant.what}: found by seed ${broken[0]?.seed}: ${broken[0]?.what[0]}`);
      expect(broken[0]?.what.join('\n')).toMatch(mutant.finds);
    } finally {
      remove();
    }
  });
});
