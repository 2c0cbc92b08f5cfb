/** Ctrl-C, a closed pipe, and no colour where nobody looks: docs/commands.md, «Command line». */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { finished, mineone, shell, startMineone, withoutProgress } from '../run.ts';

const chain = gunzipSync(readFileSync(new URL('../../cassette/devnet-2k.car.gz', import.meta.url)));

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/**
 * Starts an audit, has it signalled once `ready` is reached, and tells what was in its folder for temporary files then
 * and in the end.
 */
async function interrupted(args: readonly string[], signal: NodeJS.Signals, ready: (child: ReturnType<typeof startMineone>) => Promise<unknown>) {
  const folder = mkdtempSync(join(tmpdir(), 'mineone-test-interrupt-'));
  folders.push(folder);
  const child = startMineone(['audit', ...args], { TMPDIR: folder, MINEONE_BLS: 'noble' });
  const end = finished(child);
  child.stdin.on('error', () => undefined);
  await ready(child);
  const during = readdirSync(folder).length;
  const asked = performance.now();
  child.kill(signal);
  const { code, stderr } = await end;
  return { code, stderr: withoutProgress(stderr), ms: performance.now() - asked, files: [during, readdirSync(folder).length] };
}

/** Has read some input and waits for more: only a signal ends it. */
async function reading(child: ReturnType<typeof startMineone>): Promise<void> {
  // More than a pipe holds: once it is taken, the command is up and reading.
  await new Promise((resolve) => child.stdin.write(chain, resolve));
  await delay(200);
}

/** Has judged the first of many blocks, with workers. */
async function judging(child: ReturnType<typeof startMineone>): Promise<void> {
  // Left open: a closed pipe would end the command in its own way.
  for await (const text of child.stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) if (/\bf01000\b/.test(text)) return;
}

const DEVNET = ['test/cassette/devnet-2k.car.gz', '--network', 'test/cassette/devnet-2k.network.json'];

describe.concurrent('signals', { timeout: 60_000 }, () => {
  it('Ctrl-C ends cleanly, at once, with 130, without a word and without a file left behind', async () => {
    const { code, stderr, ms, files } = await interrupted(['-'], 'SIGINT', reading);
    expect({ code, stderr, files }).toEqual({ code: 130, stderr: '', files: [1, 0] });
    expect(ms).toBeLessThan(2500);
  });

  it('SIGTERM likewise with 143', async () => {
    const { code, stderr, files } = await interrupted(['-'], 'SIGTERM', reading);
    expect({ code, stderr, files }).toEqual({ code: 143, stderr: '', files: [1, 0] });
  });

  it('Ctrl-C while workers judge likewise', async () => {
    const { code, stderr, ms, files } = await interrupted(DEVNET, 'SIGINT', judging);
    expect({ code, stderr, files }).toEqual({ code: 130, stderr: '', files: [1, 0] });
    expect(ms).toBeLessThan(5000);
  });
});

describe.concurrent('pipes', () => {
  it('a reader that has seen enough ends the command quietly, as with any Unix tool', async () => {
    const { code, stderr } = await shell('MINEONE complete zsh | true');
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  });

  it('loses nothing to a reader that stays', async () => {
    const { stdout } = await mineone(['complete', 'zsh']);
    const piped = await shell('MINEONE complete zsh | (sleep 1; cat)');
    expect(piped).toEqual({ code: 0, stdout, stderr: '' });
    expect(stdout.length).toBeGreaterThan(1000);
  });

  it.for([{}, { NO_COLOR: '1' }])('prints no colour into a pipe (%o)', async (env) => {
    const { stdout, stderr } = await mineone(['--help'], { env });
    expect(stdout + stderr).not.toContain('\u001b[');
  });
});
