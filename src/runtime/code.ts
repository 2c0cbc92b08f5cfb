/**
 * Which code this is: a hash over the files of machines, decisions, rules and nouns as they lie here, and the versions
 * of what they depend on (docs/architecture.md 6). It says whom to blame; equal steps decide.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Value } from '../journal/format/value.ts';

export interface Code {
  /** SHA-256, 32 bytes. */
  readonly hash: Uint8Array;
  /** Package name → version. */
  readonly versions: Value;
}

const ROOMS = ['../../machines/', '../mining/', '../consensus/', '../chain/', '../errors/'];
const DEPENDS_ON = ['xstate', '@noble/curves', '@noble/hashes', 'multiformats'];
const SOURCES = new Set(['.ts', '.js']);

let here: Code | undefined;

/** Read once: what runs is what was loaded. */
export function codeHere(): Code {
  here ??= readCode();
  return here;
}

function readCode(): Code {
  const hash = createHash('sha256');
  for (const room of ROOMS) {
    const folder = fileURLToPath(new URL(room, import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => SOURCES.has(extname(file)) && !file.endsWith('.d.ts'));
    for (const file of files.sort()) hash.update(`${room}${file}\n`).update(readFileSync(`${folder}${file}`));
  }
  const versions = Object.fromEntries(DEPENDS_ON.map((name) => [name, versionOf(name)]));
  hash.update(JSON.stringify(versions));
  return { hash: new Uint8Array(hash.digest()), versions };
}

/** A package may keep its package.json to itself: then it is looked for upwards from its entry. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { readonly version: string }).version;
    } catch {
      // Not in this folder: the next one up.
    }
  }
  return 'unknown';
}
