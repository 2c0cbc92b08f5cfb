/**
 * How the tests run: fast ones, and slow ones (`*.slow.test.ts`) whole or as a sample; as many workers as cores; each
 * suite's time against its budget.
 */

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { budgetReporter } from './test/house/budget-reporter.ts';

const slow = 'test/**/*.slow.test.ts';
/** Makes processes of its own, one for each core. */
const alone = 'test/simulation/simulation.slow.test.ts';
/** Slow ones that run in part beside the fast: seeded lives, kills, a recorded chain. */
const sampled = [alone, 'test/runtime/crash.slow.test.ts', 'test/audit/devnet.slow.test.ts'];
/** Functions of their arguments: their files share a process and what it has loaded. */
const pure = ['chain', 'consensus', 'mining', 'machines', 'projections', 'synthetic', 'statechart'].map((room) => `test/${room}/**/*.test.ts`);

const fast = { testTimeout: 120_000, hookTimeout: 120_000 };
const slowly = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    globalSetup: ['test/house/build-once.ts'],
    maxWorkers: availableParallelism(),
    reporters: [budgetReporter(), 'default'],
    projects: [
      { extends: true, test: { ...fast, name: 'pure', include: pure, exclude: [slow], isolate: false } },
      { extends: true, test: { ...fast, name: 'fast', include: ['test/**/*.test.ts'], exclude: [slow, ...pure] } },
      { extends: true, test: { ...slowly, name: 'sample', include: sampled, env: { CI_SAMPLE: '1' } } },
      { extends: true, test: { ...slowly, name: 'slow', include: [slow], exclude: [alone] } },
      { extends: true, test: { ...slowly, name: 'alone', include: [alone], sequence: { groupOrder: 1 } } },
    ],
  },
});
