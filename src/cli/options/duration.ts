/** Durations as options of the command line (src/duration.ts). */

import { InvalidArgumentError } from 'commander';
import { durationMs } from '../../duration.ts';

/** @returns milliseconds, at least one. */
export function parseDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === null) throw new InvalidArgumentError('A duration is a number and its unit, such as 30d, 12h, 90m, 45s or 500ms.');
  return ms;
}

/** The same, as it was typed: for a key of the configuration. */
export function parseDurationText(text: string): string {
  parseDuration(text);
  return text;
}
