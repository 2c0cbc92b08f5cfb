/** How the tests run: a fast project and a slow one (`*.slow.test.ts`), as many workers as cores, then what takes all cores by itself; each suite's time against its budget. */

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { budgetReporter } from './test/house/budget-reporter.ts';

const slow = 'test/**/*.slow.test.ts';
/** Makes processes of its own, one for each core. */
const alone = 'test/simulation/simulation.slow.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/house/build-once.ts'],
    maxWorkers: availableParallelism(),
    reporters: [budgetReporter(), 'default'],
    projects: [
      { extends: true, test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [slow], testTimeout: 120_000, hookTimeout: 120_000 } },
      { extends: true, test: { name: 'slow', include: [slow], exclude: [alone], testTimeout: 300_000, hookTimeout: 300_000 } },
      { extends: true, test: { name: 'alone', include: [alone], testTimeout: 300_000, hookTimeout: 300_000, sequence: { groupOrder: 1 } } },
    ],
  },
});
