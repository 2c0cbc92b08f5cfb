/**
 * Ctrl-C of a devnet in real time: what it waits for, what went out, and that a second one does not wait. In a real
 * pty.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { CTRL_C, hasTerminal, type InTerminal, inTerminal, type Shown } from '../pty.ts';
import { mineone } from '../run.ts';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-stopping-'));
afterAll(() => rmSync(home, { recursive: true }));

/** A block is bound long before it may go out: an epoch takes 20 s. */
async function devnet(name: string, keys: InTerminal['keys'] = []): Promise<Shown> {
  const { code, text } = await inTerminal(`MINEONE devnet --miners 1 --block-delay 20s --data '${join(home, name)}'`, { keys });
  return { code, text: stripVTControlCharacters(text) };
}

/** The letter before it ends a code of colour. */
const BOUND = /ready/;
const WAITS = /\b(block of epoch \d+ goes|\d+ blocks of epoch \d+ go) out in \d+ s; Ctrl-C again quits/;

describe.skipIf(!hasTerminal).concurrent('Ctrl-C', { timeout: 120_000 }, () => {
  it('says when a bound block goes out, brings it out and counts it', async () => {
    const { code, text } = await devnet('patient', [[BOUND, CTRL_C]]);
    expect(code).toBe(130);
    expect(text).toMatch(WAITS);
    const [, out, bound] = /Stopped\. (\d) of (\d) bound blocks? went out; /.exec(text) ?? [];
    expect(out).toBe(bound);
    expect(text).toMatch(new RegExp(`\\nBlocks {3}${out} mined, `));
  });

  it('a second time quits at once, and leaves a whole journal', async () => {
    const { code, text } = await devnet('hurried', [
      [BOUND, CTRL_C],
      [/Ctrl-C again quits/, CTRL_C, 1000],
    ]);
    expect(code).toBe(130);
    expect(text).toMatch(WAITS);
    expect(text).not.toContain('Stopped.');
    expect(await mineone(['journal', 'verify', '--data', join(home, 'hurried')])).toMatchObject({ code: 0, stderr: '' });
  });
});
