/**
 * The simulator and what it runs as JavaScript: what strips types as it loads also names every closure as it is made,
 * some 10 % of a run.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PARTS = ['src', 'machines', 'native', 'test/simulation', 'package.json', 'tsconfig.json'];
const CONFIG = 'tsconfig.simulation.json';

const built = new Map<string, string>();

/** A copy of the house, of what a simulation needs; the caller removes the folder. */
export function copyOfHouse(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'mineone-house-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter: (from) => !from.includes(`${sep}target`) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Folder of the compiled house: beside the sources of a copy; of a copy of its own for the house itself, which goes
 * when this process does.
 */
export function compiled(folder: string): string {
  const known = built.get(folder);
  if (known !== undefined) return known;
  const out = compile(folder === ROOT ? ownCopy() : folder);
  built.set(folder, out);
  return out;
}

function ownCopy(): string {
  const { folder, remove } = copyOfHouse();
  process.once('exit', remove);
  return folder;
}

/** A broken house may have lines that types refuse; what matters is that it runs. */
function compile(folder: string): string {
  const out = join(folder, 'built');
  const options = { noEmit: false, allowImportingTsExtensions: false, rootDir: '.', outDir: 'built' };
  const include = ['src', 'machines', 'native', 'test/simulation'];
  const config = { extends: './tsconfig.json', compilerOptions: options, include, exclude: ['**/*.test.ts', 'native/*/target'] };
  writeFileSync(join(folder, CONFIG), JSON.stringify(config));
  const tsc = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript-native/bin/tsc'), '-p', CONFIG], { cwd: folder, encoding: 'utf8' });
  if (!existsSync(join(out, 'test/simulation/run.js'))) throw new Error(`the simulator cannot be compiled: ${tsc.stdout}${tsc.stderr}`);
  // The addon lies beside what loads it.
  cpSync(join(folder, 'native'), join(out, 'native'), { recursive: true, filter: (from) => !/\.(ts|rs|toml|mjs)$/.test(from) });
  cpSync(join(folder, 'package.json'), join(out, 'package.json'));
  return out;
}
