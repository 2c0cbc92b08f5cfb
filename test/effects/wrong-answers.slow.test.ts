/** All of test/effects/wrong-answers: every answer of every port, wrong in every way, one at a time. */

import { expect, it } from 'vitest';
import { runCases } from './wrong-answers/run-cases.ts';

it('no wrong answer costs more than its epoch, in any of them', async () => {
  const { broken, cases, unused } = await runCases(1);
  expect(broken).toEqual([]);
  expect(cases).toBeGreaterThan(500);
  // An epoch that is lost asks for no proof and no block.
  expect(unused.length).toBeLessThan(cases / 20);
});
