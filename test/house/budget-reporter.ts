/** Prints each suite's time beside its budget, and one plain line of counts, before the runner's own summary. */

import type { Reporter, TestModule } from 'vitest/node';
import { suiteLine, suiteTimes } from './budgets.ts';

/** Of a run that takes a sample of the slow ones. */
const LEFT_OUT =
  'Left out: 800 of 1,000 seeded lives, 50 of 60 kills, and the slow suites (recorded chains whole, damaged files, every wrong answer, the package, printed commands): `npm run test:all` runs them.\n';

const millis = (module: TestModule) => {
  const { collectDuration, duration, prepareDuration, setupDuration } = module.diagnostic();
  return { path: module.moduleId, ms: collectDuration + duration + prepareDuration + setupDuration };
};

export function budgetReporter(): Reporter {
  return {
    onTestRunEnd(modules) {
      console.log(['', 'Time of each suite against its budget (docs/testing.md):', ...suiteTimes(modules.map(millis)).map(suiteLine)].join('\n'));
      const left = modules.some(({ project }) => project.name === 'sample') ? [LEFT_OUT] : [];
      console.log(['', ...left, countLine(modules)].join('\n'));
    },
  };
}

/** `812 passed, 0 failed, 3 skipped`: for readers that know no runner. */
function countLine(modules: readonly TestModule[]): string {
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const count = (state: string) => states.filter((seen) => seen === state).length;
  const broken = modules.filter((module) => module.state() === 'failed' && module.children.size === 0).length;
  return `${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped') + count('pending')} skipped`;
}
