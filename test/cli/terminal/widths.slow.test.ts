/**
 * Tables, stories, reports, help and errors on terminals of any width: no line is wider, nothing is lost, and what is
 * pasted is never broken. In a real pty.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTerminal, inTerminal, type Shown } from '../pty.ts';
import { mineone } from '../run.ts';

const data = mkdtempSync(join(tmpdir(), 'mineone-test-widths-'));
afterAll(() => rmSync(data, { recursive: true }));

const words = (text: string): readonly string[] => text.trim().split(/\s+/);
const linesOf = (text: string): readonly string[] => stripVTControlCharacters(text).split(/[\r\n]+/);

/**
 * What is to be pasted: a CID, a hash, a path, an address, a name in backticks; each alone on its line. And the
 * commands under «What next» and «Example».
 */
const PASTED = /^ *(?:bafy\w+|[0-9a-f]{64}|'?[~/][^ ]+|f\d\w+|`[^`]+`|"[^"]+")[.,;:)]*$|^ {2}(?:node .*main\.js|(?:npx )?mineone) /;

function tooWide(text: string, width: number): readonly string[] {
  return linesOf(text).filter((line) => line.length > width && !PASTED.test(line));
}

const CHAIN = 'audit test/cassette/devnet-2k.car.gz --network test/cassette/devnet-2k.network.json --from 5 --to 7';

describe.skipIf(!hasTerminal)('on a terminal', { timeout: 120_000 }, () => {
  /** Commands, and what they print where nobody's terminal is narrow; the epoch is one that has something to say. */
  const plain: (readonly [line: string, printed: string])[] = [];

  beforeAll(async () => {
    const faults = ['--fault', 'slow-prove:0.6', '--fault', 'late-beacon:0.4'];
    const { code } = await mineone(['devnet', '--speed', 'max', '--epochs', '8', ...faults, '--data', data]);
    expect(code).toBe(0);
    const { stdout } = await mineone(['epochs', '--outcome', 'late', '--data', data]);
    const [, epoch = '', miner = ''] = /^ +(\d+) {2}(f\d+) {2}late/m.exec(stdout) ?? [];
    const own = ['epochs --to 8', 'times --to 8', 'luck', `explain --epoch ${epoch} --miner ${miner}`].map((line) => `${line} --data ${data}`);
    for (const line of [...own, CHAIN]) plain.push([line, (await mineone(line.split(' '))).stdout]);
  });

  /** All of them in one process: each costs the loading of the program. */
  const PROGRAM = `import { runProgram } from './dist/src/cli/program.js';
    for (const line of process.argv.slice(1)) { await runProgram(line.split(' ')); console.log('====='); }`;

  function allIn(lines: readonly string[], columns: number): Promise<Shown> {
    const typed = [PROGRAM, ...lines].map((text) => `'${text.replaceAll("'", "'\\''")}'`).join(' ');
    return inTerminal(`'${process.execPath}' --input-type=module -e ${typed}`, { columns, env: { NO_COLOR: '1' } });
  }

  it.for([
    [0, 80],
    [20, 20],
    [30, 30],
    [40, 40],
    [60, 60],
    [80, 80],
  ] as const)('of %i columns, tables, stories, the rows of a devnet, help and errors take %i, and commands stay whole', async ([columns, width]) => {
    const more = [`devnet --speed max --epochs 1 --data ${data}/devnet`, 'times --help', `explain --epoch 999 --miner f01000 --data ${data}`];
    const { text } = await allIn([...plain.map(([line]) => line), ...more], columns);
    expect(tooWide(text, width)).toEqual([]);
    const parts = stripVTControlCharacters(text).split('=====\n');
    for (const [i, [line, stdout]] of plain.entries()) {
      const seen = new Set(words(parts[i] ?? ''));
      // A head may have gone into its rows, each title with a colon.
      const titles = new Set([...seen].map((word) => word.replace(/:$/, '')));
      expect([line, words(stdout).filter((word) => !seen.has(word) && !titles.has(word))]).toEqual([line, []]);
    }
    const [devnet = '', help = '', error = ''] = parts.slice(plain.length);
    expect(devnet).toContain(` luck --data ${data}/devnet\n`);
    expect(help).toContain('\n  mineone times --miner f01000 --data ~/.mineone/devnet\n');
    expect(words(error).join(' ')).toContain('mineone: EPOCH_UNKNOWN: ');
  });

  it('of 40 columns, every value of `epochs` has its name, and every row begins at the margin and goes on set in', async () => {
    const { text } = await inTerminal(`MINEONE epochs --to 8 --data '${data}' 2> /dev/null`, { columns: 40, env: { NO_COLOR: '1' } });
    const [table = ''] = text.split('\n\n');
    expect(table.split('\n').filter((line) => !/^(epoch: \d+ {2}miner: f\d+| {2}\S)/.test(line))).toEqual([]);
    expect(table).toMatch(/^ {2}.*\bready: \d\.\d s early\b/m);
    expect(table).toMatch(/\bits block: on the chain so far$/m);
  });

  it('a dumb one gets a report without colour, without a line that is written again', async () => {
    const { code, text } = await inTerminal(`MINEONE epochs --data '${data}'`, { env: { TERM: 'dumb' } });
    expect(code).toBe(0);
    for (const control of ['\u001b', '\r']) expect(text).not.toContain(control);
  });
});
