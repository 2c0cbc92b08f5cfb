/**
 * A mutant: one line of the heart made wrong, and the tests that must see it. One that they do not see is a rule that
 * nobody holds.
 */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Mutant {
  /** What is wrong then, in words. */
  readonly what: string;
  readonly change: Patch;
  /**
   * Test files that must fail, each by itself within seconds; none that starts the built command, which the copy does
   * not have.
   */
  readonly tests: readonly [string, ...string[]];
  /** Only tests of these names are run (a regular expression). */
  readonly named?: string;
}

/** A file, a text that stands in it exactly once, and what stands there instead. */
export type Patch = readonly [file: string, from: string, to: string];

/** The file's text with the patch; throws where it does not apply any more. */
export function patched(root: string, [file, from, to]: Patch): string {
  const parts = readFileSync(join(root, file), 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times what is to be changed: ${from}`);
  if (from === to) throw new Error(`${file}: the patch changes nothing: ${from}`);
  return parts.join(to);
}

/** Changes the file in a copy of the house; gives the way back. */
export function applyTo(root: string, patch: Patch): () => void {
  const path = join(root, patch[0]);
  const [before, after] = [readFileSync(path), patched(root, patch)];
  const write = (text: string | Uint8Array): void => {
    // Never through a link into the house itself.
    rmSync(path);
    writeFileSync(path, text);
  };
  write(after);
  return () => write(before);
}
