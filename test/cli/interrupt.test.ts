/** Ctrl-C, a closed pipe, and no colour where nobody looks: product.md, «Command line». */

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { finished, mineone, shell, startMineone } from './run.ts';

const chain = gunzipSync(readFileSync(new URL('../cassette/devnet-2k.car.gz', import.meta.url)));

/** A command that has read some input and waits for more: only a signal ends it. */
async function waiting(signal: NodeJS.Signals) {
  const child = startMineone(['audit', '-']);
  const end = finished(child);
  child.stdin.on('error', () => undefined);
  await new Promise((resolve) => child.stdin.write(chain, resolve)); // More than a pipe holds: once it is taken, the command is up and reading.
  await delay(200);
  const asked = performance.now();
  child.kill(signal);
  return { ...(await end), ms: performance.now() - asked };
}

describe.concurrent('signals', () => {
  it('Ctrl-C ends cleanly, at once, with 130 and without a word', async () => {
    const { code, stderr, ms } = await waiting('SIGINT');
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(ms).toBeLessThan(2500);
  });

  it('SIGTERM likewise with 143', async () => {
    const { code, stderr } = await waiting('SIGTERM');
    expect({ code, stderr }).toEqual({ code: 143, stderr: '' });
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
