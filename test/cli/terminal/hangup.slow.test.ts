/**
 * Mining goes on without a log, and ends in order however it is told to: a hang-up and a closed pipe once cut it off
 * with 129 and 141.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { finished, mineone, type Ran, root, shell, startMineone, withoutProgress } from '../run.ts';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-hangup-'));
const folder = (name: string): string => join(home, name);
afterAll(() => rmSync(home, { recursive: true }));

type Child = ReturnType<typeof startMineone>;

/** Starts a command that mines, has it told as `tell` does once a line of it fits, and gives its end. */
async function toldWhile(args: readonly string[], seen: RegExp, tell: (child: Child) => unknown): Promise<Ran> {
  const child = startMineone(args);
  const end = finished(child);
  let text = '';
  const ready = new Promise<void>((resolve) =>
    child.stdout.on('data', (more: string) => {
      text += more;
      if (seen.test(text)) resolve();
    }),
  );
  await Promise.race([ready, end]);
  await tell(child);
  return end;
}

/** Is asked to end, works for longer than one wish may take, and is asked in another way meanwhile or after that. */
const SIGNALLED = `
  import { setTimeout as delay } from 'node:timers/promises';
  import { closeInOwnTime, interruptedExit, interruption, listenForInterrupts } from './dist/src/cli/terminal/interrupt.js';
  closeInOwnTime();
  listenForInterrupts();
  const work = () => { for (const end = performance.now() + 600; performance.now() < end; ); };
  interruption.addEventListener('abort', () => queueMicrotask(work));
  process.kill(process.pid, 'SIGINT');
  if (process.argv[1] === 'at once') process.kill(process.pid, 'SIGTERM');
  await delay(1500);
  if (process.argv[1] === 'later') process.kill(process.pid, 'SIGTERM');
  await delay(1500);
  console.log('closed');
  process.exit(interruptedExit());
`;

const devnet = (data: string, epochs = 10_000): readonly string[] => ['devnet', '--speed', 'max', '--epochs', `${epochs}`, '--data', data];
const FIRST_EPOCH = /^ +1 +f01002 .*(mined|lost)/m;

const observe = (data: string): readonly string[] => {
  const cassette = ['--node', 'test/cassette/devnet-2k.car.gz', '--network', 'test/cassette/devnet-2k.network.json'];
  return ['run', '--observe', ...cassette, '--key', 'test/cassette/devnet-worker-key.json', '--miner', 'f01000', '--data', data, '--json'];
};

/** Numbers of the epochs in a journal, which must be whole. */
async function epochsIn(data: string): Promise<{ readonly from: number; readonly to: number }> {
  expect((await mineone(['journal', 'verify', '--data', data])).stdout).toMatch(/^Whole: /);
  const { miners } = JSON.parse((await mineone(['journal', 'stat', '--data', data, '--json'])).stdout);
  return { from: miners[0].from, to: miners[0].to };
}

describe('told to end', { timeout: 60_000 }, () => {
  it.for<readonly [NodeJS.Signals, number]>([
    ['SIGQUIT', 131],
    ['SIGTERM', 143],
  ])('%s: a devnet brings out what is bound, tells what came of it, and exits with %d', async ([signal, exit]) => {
    const { code, stdout, stderr } = await toldWhile(devnet(folder(signal)), FIRST_EPOCH, (child) => child.kill(signal));
    expect({ code, stderr }).toEqual({ code: exit, stderr: '' });
    expect(stdout).toMatch(/\nStopped\. (No block was bound|\d+ of \d+ bound blocks? went out)/);
    expect(stdout).toMatch(/\nreplay: (\d+)\/\1 transitions identical/);
  });

  it('SIGHUP: paced by the real clock likewise', async () => {
    const { code, stdout } = await toldWhile(['devnet', '--data', folder('paced')], /^ +\d+ +f01002 /m, (child) => child.kill('SIGHUP'));
    expect([code, stdout]).toEqual([129, expect.stringMatching(/\nStopped\. (No block was bound|\d+ of \d+ bound blocks? went out)/)]);
  });

  it('hears one wish where a terminal, a shell and systemd send it several ways', async () => {
    const { code, stdout } = await toldWhile(devnet(folder('twice')), FIRST_EPOCH, async (child) => {
      child.kill('SIGINT');
      // Of two that wait together the system may hand over either first; 50 ms are still one wish.
      await delay(50);
      child.kill('SIGTERM');
      await delay(400);
      child.kill('SIGHUP');
    });
    expect([code, stdout]).toEqual([130, expect.stringMatching(/\nStopped\. (No block was bound|\d+ of \d+ bound blocks? went out)/)]);
  });

  // The two were told apart by when they were heard: a miner that signed in between took one wish for two, and dropped
  // what was bound.
  it.for([
    ['one wish, where the process was at work between the two', 'at once', { code: 130, stdout: 'closed\n' }],
    ['a new one, where it comes later', 'later', { code: 143, stdout: '' }],
  ] as const)('hears a second signal as %s', async ([, second, expected]) => {
    const { code, stdout } = await finished(spawn(process.execPath, ['--input-type=module', '-e', SIGNALLED, second], { cwd: root }));
    expect({ code, stdout }).toEqual(expected);
  });

  it('mining a chain again stops between two epochs, and goes on there', async () => {
    const data = folder('observe');
    const { code, stdout, stderr } = await toldWhile(observe(data), /"epoch":3,/, (child) => child.kill('SIGHUP'));
    expect({ code, stderr: withoutProgress(stderr) }).toEqual({ code: 129, stderr: '' });
    expect(stdout).not.toContain('"type":"end"');
    const { to } = await epochsIn(data);
    expect(to).toBeGreaterThanOrEqual(3);
    expect(to).toBeLessThan(100);
    const { code: again, stdout: rest } = await mineone([...observe(data), '--to', `${to + 2}`]);
    expect(again).toBe(0);
    expect(JSON.parse(rest.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ type: 'end', epochs: to + 2 });
  });
});

describe('nobody listens any more', { timeout: 60_000 }, () => {
  const closing = (args: readonly string[]) => shell(`(MINEONE ${args.join(' ')}; echo "exit $?" >&2) | head -3 > /dev/null`);

  it('a devnet whose log is closed mines to its end, and says so where it still can', async () => {
    const data = folder('closed');
    const { stderr } = await closing(devnet(data, 6));
    expect(stderr).toBe('mineone: warning: LOG_CLOSED: standard output takes nothing more (EPIPE); mining goes on without it\nexit 0\n');
    expect(await epochsIn(data)).toEqual({ from: 1, to: 6 });
  });

  it('with both pipes closed too', async () => {
    const data = folder('both');
    const child = startMineone(devnet(data, 6));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdout.destroy();
    child.stderr.destroy();
    expect(await ended).toBe(0);
  });

  it('mining a chain again likewise', async () => {
    const data = folder('observe-closed');
    const { stderr } = await closing([...observe(data), '--to', '12']);
    expect(withoutProgress(stderr)).toMatch(/^\{"type":"warning","code":"LOG_CLOSED",.*\}\nexit 0\n$/);
    expect(await epochsIn(data)).toEqual({ from: 1, to: 12 });
  });

  it('what only answers ends as any Unix tool does', async () => {
    const { stderr } = await closing(['audit', 'test/cassette/devnet-2k.car.gz', '--network', 'test/cassette/devnet-2k.network.json']);
    expect(withoutProgress(stderr)).toBe('exit 141\n');
  });
});
