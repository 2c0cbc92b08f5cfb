/** Prints each suite's time beside its budget before the runner's own summary. */

import type { Reporter, TestModule } from 'vitest/node';
import { suiteLine, suiteTimes } from './budgets.ts';

const millis = (module: TestModule) => {
  const { collectDuration, duration, prepareDuration, setupDuration } = module.diagnostic();
  return { path: module.moduleId, ms: collectDuration + duration + prepareDuration + setupDuration };
};

export function budgetReporter(): Reporter {
  return {
    onTestRunEnd(modules) {
      console.log(['', 'Time of each suite against its budget (docs/testing.md):', ...suiteTimes(modules.map(millis)).map(suiteLine)].join('\n'));
    },
  };
}
