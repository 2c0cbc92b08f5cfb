/**
 * The list of mutants: each patch applies to the house as it is, and names tests that are there. What they come to `npm
 * run mutants` says.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './all.ts';
import { ROOT } from './copy.ts';
import { patched } from './mutant.ts';
import { sampled } from './sample.ts';

describe.each(Object.entries(MUTANTS))('%s', (_, { change, tests, named }) => {
  it('applies, once, to one file of the heart', () => {
    expect(change[0]).toMatch(/^(src|machines|native)\/.*\.ts$/);
    expect(patched(ROOT, change)).not.toBe(readFileSync(join(ROOT, change[0]), 'utf8'));
  });

  it('is for tests that are there', () => {
    for (const file of tests) expect(existsSync(join(ROOT, file)), file).toBe(true);
    const texts = tests.map((file) => readFileSync(join(ROOT, file), 'utf8'));
    // The copy has no built command to start.
    for (const text of texts) expect(text).not.toMatch(/from '(?:\.\.?\/)+(?:cli\/)?run\.ts'/);
    if (named !== undefined) expect(() => new RegExp(named)).not.toThrow();
  });
});

describe('a sample', () => {
  const all = Array.from({ length: 40 }, (_, i) => i);

  it('is the same for a seed, another for another, and names none twice', () => {
    expect(sampled(all, 10, 7)).toEqual(sampled(all, 10, 7));
    expect(sampled(all, 10, 7)).not.toEqual(sampled(all, 10, 8));
    expect(new Set(sampled(all, 40, 7)).size).toBe(40);
  });
});

describe('a patch', () => {
  const file = 'test/mutants/sample.ts';

  it.each([
    ['whose text is not there', ['a text that', ' nobody wrote'].join(''), 'x', /holds 0 times/],
    ['whose text is there more than once', 'const ', 'let ', /holds [2-9] times/],
    ['that changes nothing', 'export function sampled', 'export function sampled', /changes nothing/],
  ])('%s does not apply', (_, from, to, says) => {
    expect(() => patched(ROOT, [file, from, to])).toThrow(says);
  });
});
