/** A million native calls, good ones and refused ones, in a process of their own: its memory does not grow. */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nativeOrReason } from './native-or-reason.ts';

const { native, reason } = nativeOrReason();

/** 8 bytes lost in each call would be more than this. */
const GROWTH = 6 * 1024 * 1024;

describe.skipIf(native === null)(native === null ? `memory (skipped: ${reason})` : 'memory', () => {
  test('1,000,000 calls', () => {
    const script = fileURLToPath(new URL('million.ts', import.meta.url));
    const printed = execFileSync(process.execPath, ['--expose-gc', '--import', 'tsx', script, '1000000'], { encoding: 'utf8' });
    const { calls, marks }: { calls: number; marks: number[] } = JSON.parse(printed);
    expect([calls, marks.length]).toEqual([1_000_000, 6]);
    expect((marks.at(-1) ?? 0) - (marks[0] ?? 0), `resident after each fifth: ${marks.join(', ')}`).toBeLessThan(GROWTH);
  });
});
