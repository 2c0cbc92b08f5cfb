/**
 * A hundred miners on the devnet, as fast as it goes: epochs a second, memory and journal of the whole command in a
 * process of its own, its replay included.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-row.ts';

const MINERS = 100;
const EPOCHS = 100;
/** What JavaScript may hold before it collects: left alone it lets garbage pile up as far as the machine has room. */
const HEAP_MB = 80;
const root = fileURLToPath(new URL('../../', import.meta.url));

export async function run(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mineone-bench-devnet-'));
  try {
    return rowsOf(await mined(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Measured {
  /** From the first epoch's beginning to the last one's end. */
  readonly secs: number;
  readonly end: { readonly records: number; readonly bytes: number; readonly replaySecs: number; readonly replay: { readonly divergence: unknown } };
  readonly outcomes: number;
  readonly rssBytes: number;
}

async function mined(folder: string): Promise<Measured> {
  const args = ['devnet', '--speed', 'max', '--miners', `${MINERS}`, '--epochs', `${EPOCHS}`, '--json', '--data', folder];
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, '--max-semi-space-size=2', '--import', './test/bench/rss-probe.mjs', 'dist/src/main.js', ...args],
    {
      cwd: root,
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let [began, over, outcomes] = [0, 0, 0];
  let end: Measured['end'] | undefined;
  for await (const line of createInterface(child.stdout)) {
    const told = JSON.parse(line);
    if (told.type === 'begin') began = performance.now();
    if (told.type === 'epoch') [over, outcomes] = [performance.now(), outcomes + 1];
    if (told.type === 'end') end = told;
  }
  const rss = /maxRSS (\d+)/.exec(stderr)?.[1];
  if (end === undefined || rss === undefined || end.replay.divergence !== null) throw new Error(`the devnet did not end well: ${stderr}`);
  return { secs: (over - began) / 1000, end, outcomes, rssBytes: Number(rss) * 1024 };
}

function rowsOf({ secs, end, outcomes, rssBytes }: Measured): readonly BenchRow[] {
  const row = (name: string, unit: string, value: number, target?: string): BenchRow => ({
    name,
    unit,
    median: value,
    spread: [value, value],
    ...(target === undefined ? {} : { target }),
  });
  const what = `${MINERS} miners, ${EPOCHS} epochs`;
  return [
    row(`${what} on the devnet`, 'epochs/s', EPOCHS / secs),
    row('  of them each miner', 'µs/epoch', (1e6 * secs) / outcomes),
    row(`  memory at most, of it ${HEAP_MB} MB heap`, 'MB', rssBytes / 1e6, 'at most 200'),
    row('  journal, all that it keeps', 'bytes/epoch and miner', end.bytes / outcomes, '2,150 for a lost one'),
    row('  its replay, identical', 'records/s', end.records / end.replaySecs),
  ];
}
