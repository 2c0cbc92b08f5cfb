/** Runs the repository's own biome.json over snippets laid out like the repository, to see what it refuses. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

/** What was refused: `lint/style/noEnum` and the line, in the order of lines. */
export interface Refusal {
  readonly rule: string;
  readonly line: number;
}

/** Lints the files (path to text) in one run. @returns each path's refusals; a path without any has an empty list. */
export function lint(files: ReadonlyMap<string, string>): Map<string, Refusal[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mineone-lint-'));
  try {
    for (const name of ['biome.json', 'package.json', '.gitignore']) cpSync(join(root, name), join(folder, name));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const refused = new Map<string, Refusal[]>([...files.keys()].map((path) => [path, []]));
    for (const { category, location } of diagnose(folder)) refused.get(location.path)?.push({ rule: category, line: location.start.line });
    return refused;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function diagnose(folder: string): readonly Diagnostic[] {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '--error-on-warnings', '.'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (!stdout.startsWith('{')) throw new Error(`biome printed no report: ${stderr}`);
  return (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
}
