/**
 * Durations as people write them, on the command line and in the configuration: `30d`, `12h`, `90m`, `45s`, `500ms`,
 * `2w`.
 */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** @returns milliseconds, at least one; `null` for a text that is no duration. */
export function durationMs(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const ms = Math.round(Number(count) * (UNIT_MS[unit] ?? Number.NaN));
  return Number.isSafeInteger(ms) && ms >= 1 ? ms : null;
}
