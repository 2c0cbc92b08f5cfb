/**
 * A second wish to end, said to a process that waits and does nothing else: it was taken for the first one sent two
 * ways, and Ctrl-C again did not quit.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { finished, root } from '../run.ts';

/** Closes in its own time, which is long; nothing but the signals wakes it meanwhile. */
const WAITING = `
  import { closeInOwnTime, listenForInterrupts } from './dist/src/cli/terminal/interrupt.js';
  closeInOwnTime();
  listenForInterrupts();
  console.log('ready');
  setTimeout(() => console.log('waited to its end'), 20_000);
`;

it('quits an idle process at once', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WAITING], { cwd: root });
  const end = finished(child);
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  await delay(2000);
  child.kill('SIGINT');
  expect(await end).toEqual({ code: 130, stdout: 'ready\n', stderr: '' });
});
