/** Tables and stories on terminals of any width: no line is wider, no word is lost, and what goes on below a row is set in. In a real pty. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTerminal, inTerminal } from '../pty.ts';
import { mineone } from '../run.ts';

const data = mkdtempSync(join(tmpdir(), 'mineone-test-widths-'));
afterAll(() => rmSync(data, { recursive: true }));

const words = (text: string): string => text.trim().split(/\s+/).join(' ');

describe.skipIf(!hasTerminal)('on a terminal', { timeout: 120_000 }, () => {
  /** Commands, and what they print where nobody's terminal is narrow; the epoch is one that has something to say. */
  const plain: (readonly [line: string, printed: string])[] = [];

  beforeAll(async () => {
    const faults = ['--fault', 'slow-prove:0.6', '--fault', 'late-beacon:0.4'];
    const { code } = await mineone(['devnet', '--speed', 'max', '--epochs', '8', ...faults, '--data', data]);
    expect(code).toBe(0);
    const { stdout } = await mineone(['epochs', '--outcome', 'late', '--data', data]);
    const [, epoch = '', miner = ''] = /^ +(\d+) {2}(f\d+) {2}late/m.exec(stdout) ?? [];
    for (const line of ['epochs', 'luck', `explain --epoch ${epoch} --miner ${miner}`])
      plain.push([line, (await mineone([...line.split(' '), '--data', data])).stdout]);
  });

  it.for([
    [0, 80],
    [40, 40],
    [80, 80],
  ] as const)('of %i columns, tables and stories take %i', async ([columns, width]) => {
    for (const [line, stdout] of plain) {
      const { code, text } = await inTerminal(`MINEONE ${line} --data '${data}' 2> /dev/null`, { columns, env: { NO_COLOR: '1' } });
      expect(code).toBe(0);
      expect(text.split('\n').filter((shown) => shown.length > width)).toEqual([]);
      expect(words(text)).toBe(words(stdout));
    }
  });

  it('of 40 columns, every row of `epochs` begins at the margin and goes on set in, and no cell is broken', async () => {
    const { text } = await inTerminal(`MINEONE epochs --data '${data}' 2> /dev/null`, { columns: 40, env: { NO_COLOR: '1' } });
    const [table = ''] = text.split('\n\n');
    const odd = table.split('\n').filter((line) => !/^(epoch {2}miner| +\d+ {2}f\d+(?: |$)| {2}\S)/.test(line));
    expect(odd).toEqual([]);
    expect(table).toMatch(/^ {2}.*\d\.\d s early$/m);
    expect(table).toMatch(/^ {2}on the chain so far$/m);
  });

  it('a dumb one gets a report without colour, without a line that is written again', async () => {
    const { code, text } = await inTerminal(`MINEONE epochs --data '${data}'`, { env: { TERM: 'dumb' } });
    expect(code).toBe(0);
    for (const control of ['\u001b', '\r']) expect(text).not.toContain(control);
  });
});
