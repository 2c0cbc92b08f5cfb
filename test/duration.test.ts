/** Durations: what they come to, and what is none (src/duration.ts). */

import { expect, it } from 'vitest';
import { durationMs } from '../src/duration.ts';

it.for([
  ['500ms', 500],
  ['45s', 45_000],
  ['90m', 5_400_000],
  ['1.5h', 5_400_000],
  ['30d', 2_592_000_000],
  ['2w', 1_209_600_000],
] as const)('%s is %i ms', ([text, ms]) => {
  expect(durationMs(text)).toBe(ms);
});

it.for(['', '30', 'd', '0s', '0.4ms', '-1s', '1 d', '30D', '1e3s', '1h30m', ' 1s', '99999999999w'])('"%s" is none', (text) => {
  expect(durationMs(text)).toBeNull();
});
