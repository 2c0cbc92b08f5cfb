/**
 * Every answer of every port, wrong in every way, one at a time (table.ts): nothing of it is signed, bound or sent, no
 * miner is halted, the next epoch is mined. A sample; all of them in the slow test.
 */

import { expect, it } from 'vitest';
import { runCases } from './wrong-answers/run-cases.ts';

const EVERY = 24;

it('no wrong answer costs more than its epoch', async () => {
  const { broken, cases } = await runCases(EVERY);
  expect(broken).toEqual([]);
  expect(cases).toBeGreaterThan(30);
});
