/**
 * The budgets: which suite a file is of, what is said of one that is over, and that docs/testing.md has the same
 * figures.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { budgetsText, suiteLine, suiteOf, suiteTimes } from './budgets.ts';

describe('time budgets', () => {
  it('takes the suite from the path, also when the checkout lies under a folder named test', () => {
    expect(suiteOf('/srv/test/mineone/test/chain/state/power.test.ts')).toBe('chain');
    expect(suiteOf('test/audit/mainnet.slow.test.ts')).toBe('audit (slow)');
    expect(suiteOf('/a/test/tidy.test.ts')).toBe('house');
  });

  it('adds files up, and warns of a suite that is over its budget or has none', () => {
    const files = [
      { path: 'test/unknown/a.test.ts', ms: 1 },
      { path: 'test/chain/a.test.ts', ms: 40_000 },
      { path: 'test/chain/b.test.ts', ms: 21_000 },
      { path: 'test/cli/a.test.ts', ms: 500 },
    ];
    const lines = suiteTimes(files).map(suiteLine);
    expect(lines.map((line) => line.trim().split(/\s+/)[0])).toEqual(['chain', 'cli', 'unknown']);
    expect(lines[0]).toMatch(/61\.0 s of {3}60 s {2}WARNING: over budget/);
    expect(lines[1]).toMatch(/0\.5 s of {2}120 s {2}ok/);
    expect(lines[2]).toMatch(/WARNING: no budget/);
  });

  it('is what docs/testing.md prints', () => {
    const page = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8');
    expect(page).toContain(budgetsText());
  });
});
