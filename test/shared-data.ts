/**
 * Where the tests find the recordings that are not in this repository: ../shared/data beside the checkout. Absent, a
 * suite skips and says so.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../shared/data/', import.meta.url);
const told = new Set<string>();

export interface SharedData {
  readonly path: string;
  /** The reason to print, or false when the data is there: made for `describe.skipIf(absent)`. */
  readonly absent: string | false;
}

/**
 * Resolves a file or folder of ../shared/data; when it is absent, warns once with the reason. The idiom:
 *
 *     const { path, absent } = sharedData('mainnet/mainnet-0-39.car');
 *     describe.skipIf(absent)(suiteName('mainnet 0-39', absent), () => { … });
 */
export function sharedData(path: string): SharedData {
  const url = new URL(path, root);
  if (existsSync(url)) return { path: fileURLToPath(url), absent: false };
  const absent = `needs ../shared/data/${path}, which is not beside this checkout`;
  if (!told.has(path)) console.warn(`skipped: ${absent}`);
  told.add(path);
  return { path: fileURLToPath(url), absent };
}

/** A suite's name with the reason for skipping it, so that the runner's summary shows both. */
export function suiteName(name: string, absent: string | false): string {
  return absent === false ? name : `${name} (skipped: ${absent})`;
}
