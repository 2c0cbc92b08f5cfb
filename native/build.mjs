/**
 * Builds an addon with cargo and puts it where its loader looks: `node native/build.mjs bls`. Without cargo it says so;
 * MineOne then computes in JavaScript.
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const name = process.argv[2] ?? 'bls';
const here = dirname(fileURLToPath(import.meta.url));
const crate = join(here, name);
const library = { darwin: `libmineone_${name}.dylib`, win32: `mineone_${name}.dll` }[process.platform] ?? `libmineone_${name}.so`;
const addon = `mineone-${name}.${process.platform}-${process.arch}.node`;

const built = spawnSync('cargo', ['build', '--release', '--locked', '--target-dir', join(crate, 'target')], { cwd: crate, stdio: 'inherit' });
if (built.error)
  fail(`cargo does not start (${built.error.message}). Install Rust from https://rustup.rs and a C compiler; without them the slower JavaScript is used.`);
if (built.status !== 0) fail(`cargo build of native/${name} ended with ${built.status ?? built.signal}.`);

place(crate);
if (existsSync(join(here, '../dist/native'))) place(join(here, '../dist/native', name));

/**
 * By renaming: a process that has the old file open keeps it. The digest lets the loader refuse a damaged file before
 * the system maps it.
 */
function place(folder) {
  mkdirSync(folder, { recursive: true });
  const target = join(folder, addon);
  copyFileSync(join(crate, 'target/release', library), `${target}.new`);
  writeFileSync(
    `${target}.sha256`,
    `${createHash('sha256')
      .update(readFileSync(`${target}.new`))
      .digest('hex')}\n`,
  );
  renameSync(`${target}.new`, target);
  console.log(target);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
