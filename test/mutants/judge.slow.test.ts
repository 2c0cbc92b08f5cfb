/** The runner itself: it tells a mutant that is killed from one that survives, and both from one that says nothing. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyWithTests, ROOT } from './copy.ts';
import { fault, judge } from './judge.ts';
import type { Mutant, Patch } from './mutant.ts';

const file = 'src/duration.ts';
const tests = ['test/duration.test.ts'] as const;
const text = readFileSync(join(ROOT, file), 'utf8');
const comment = text.slice(0, text.indexOf('*/') + 2);
const change = (from: string, to: string): Patch => [file, from, to];

describe('the runner', () => {
  let house: ReturnType<typeof copyWithTests>;
  beforeAll(() => {
    house = copyWithTests();
  });
  afterAll(() => house.remove());

  const judged = (mutant: Omit<Mutant, 'what'>) => judge(house.folder, { what: '', ...mutant });

  it('finds all well without a mutant', async () => {
    expect(await fault(house.folder, { tests })).toBeNull();
  });

  it('calls killed what a test finds, by its name', async () => {
    expect(await judged({ change: change(text, text.replaceAll('return ', 'return null && ')), tests })).toMatchObject({ verdict: 'killed' });
  });

  it('calls survived what no test finds', async () => {
    expect(await judged({ change: change(comment, '/** Another word. */'), tests })).toEqual({ verdict: 'survived' });
  });

  it('says of what tells nothing why: no such text, no such test, no such name, no code', async () => {
    expect(await judged({ change: change('nowhere to be found', ''), tests })).toMatchObject({
      verdict: 'void',
      why: expect.stringContaining('holds 0 times'),
    });
    expect(await judged({ change: change(comment, ''), tests: ['test/none.test.ts'] })).toMatchObject({
      verdict: 'void',
      why: expect.stringContaining('there is no'),
    });
    expect(await judged({ change: change(comment, ''), tests, named: 'nobody calls it so' })).toMatchObject({
      verdict: 'void',
      why: expect.stringContaining('by the name'),
    });
    expect(await judged({ change: change(comment, 'const = ;'), tests })).toMatchObject({ verdict: 'void', why: expect.stringContaining('no test') });
  });

  it('leaves every file as it was', () => {
    expect(readFileSync(join(house.folder, file), 'utf8')).toBe(text);
  });
});
