/** A copy of the house with its tests, to be broken: dependencies and shared data are linked, and nothing is built. */

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PARTS = ['src', 'machines', 'native', 'test', 'package.json', 'package-lock.json', 'tsconfig.json'];
const CONFIG = 'vitest.config.mjs';
/** Long enough for a test under load, short enough that a mutant that waits for ever is a matter of seconds. */
const TEST_TIMEOUT_MS = 20_000;

/** The caller removes it. */
export function copyWithTests(): { readonly folder: string; readonly remove: () => void } {
  const around = mkdtempSync(join(tmpdir(), 'mineone-mutants-'));
  const folder = join(around, 'main');
  mkdirSync(folder);
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter: (from) => !from.includes(`${sep}target`) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const shared = join(ROOT, '../shared');
  if (existsSync(shared)) symlinkSync(shared, join(around, 'shared'), 'dir');
  const test = { include: ['test/**/*.test.ts'], testTimeout: TEST_TIMEOUT_MS, hookTimeout: TEST_TIMEOUT_MS, maxWorkers: 1 };
  writeFileSync(join(folder, CONFIG), `export default ${JSON.stringify({ test })};\n`);
  return { folder, remove: () => rmSync(around, { recursive: true, force: true }) };
}
