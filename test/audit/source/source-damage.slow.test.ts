/**
 * A Zstandard stream of several frames cut at every length and with bytes flipped all over: a clear error or other
 * bytes, never anything else.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { byteQueue } from '../../../src/audit/source/decompress-bytes.ts';
import { unzstd } from '../../../src/audit/source/decompress-zstd.ts';
import { MineOneError } from '../../../src/errors/mineone-error.ts';

// Made by source.test.ts' own account of it: four frames, three skippable ones.
const frames = new Uint8Array(readFileSync(new URL('../../vectors/car-frames.zst', import.meta.url)));

/** `ok`, or the code of the error. */
async function outcome(bytes: Uint8Array): Promise<string> {
  const one = async function* () {
    yield bytes;
  };
  try {
    for await (const chunk of unzstd(byteQueue(one()))) if (chunk.length > 131_072) return 'a block too long';
    return 'ok';
  } catch (error) {
    if (error instanceof MineOneError) return error.code;
    throw error;
  }
}

describe('a damaged Zstandard stream', () => {
  it('cut anywhere but between frames', async () => {
    const whole: number[] = [];
    for (let length = 4; length < frames.length; length++) {
      const code = await outcome(frames.subarray(0, length));
      if (code === 'ok') whole.push(length);
      else expect(code, `cut to ${length}`).toBe('SOURCE_TRUNCATED');
    }
    // Six of the seven frames end before the last byte.
    expect(whole).toHaveLength(6);
  });

  it('with a byte flipped', async () => {
    const codes = new Set<string>();
    // Every third byte: hundreds of corrupt streams make V8 give up on the decoder's loops, and each takes ten times as
    // long.
    for (let i = 0; i < frames.length; i += 3) {
      const flipped = frames.slice();
      (flipped[i] as number) ^= 1 << (i % 8);
      codes.add(await outcome(flipped));
    }
    expect([...codes].sort()).toEqual(['SOURCE_CORRUPT', 'SOURCE_TRAILING', 'SOURCE_TRUNCATED', 'ok']);
  });
});
