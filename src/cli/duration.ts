/** Durations of the command line: `30d`, `12h`, `90m`, `45s`, `500ms`, `2w`. */

import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** @returns milliseconds, at least one. */
export function parseDuration(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const ms = Math.round(Number(count) * (UNIT_MS[unit] ?? Number.NaN));
  if (!Number.isSafeInteger(ms) || ms < 1) throw new InvalidArgumentError('A duration is a number and its unit, such as 30d, 12h, 90m, 45s or 500ms.');
  return ms;
}
