/** The house rules, over every file of the repository. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { suiteName } from '../shared-data.ts';
import { complaintsOf, rules } from './tidy.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const absent = existsSync(`${root}.git`) ? false : 'not a git checkout, so nothing says which files are ours';

/** What is committed and what is about to be: generated and ignored files are not ours to judge. */
function trackedFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && existsSync(root + path));
}

describe('each house rule', () => {
  it.for(rules)('bites: $name', (rule) => {
    expect(complaintsOf(rule, ...rule.sample)).not.toEqual([]);
  });
});

describe.skipIf(absent)(suiteName('the repository', absent), () => {
  const files = absent ? [] : trackedFiles();

  it.for(rules)('$name', (rule) => {
    const judged = files.filter((path) => rule.applies.test(path));
    expect(judged.flatMap((path) => complaintsOf(rule, path, readFileSync(root + path, 'utf8')))).toEqual([]);
  });

  it('holds nothing generated', () => {
    expect(files.filter((path) => /(^|\/)(node_modules|dist|target|coverage)\/|\.(node|log|tgz)$/.test(path))).toEqual([]);
  });

  it('is more than a handful of files', () => {
    expect(files.length).toBeGreaterThan(30);
  });
});
