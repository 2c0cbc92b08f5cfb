/** Another process that has a journal open. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Holding {
  readonly pid: number;
  /** `open`, or the code and the words with which it was refused. */
  readonly opened: string;
  /** Binds a block of that epoch: `bound`, `refused`, or a code. */
  bind(epoch: number): Promise<string>;
  kill(): Promise<void>;
}

/** `user`: whose process it is; the one of this process if not given. */
export async function holding(folder: string, user?: number): Promise<Holding> {
  const path = fileURLToPath(new URL('holding-child.mjs', import.meta.url));
  const child: ChildProcess = fork(path, [folder, ...(user === undefined ? [] : [String(user)])]);
  const exit = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const [opened] = (await once(child, 'message')) as [string];
  return {
    pid: child.pid as number,
    opened,
    async bind(epoch) {
      child.send(epoch);
      return ((await once(child, 'message')) as [string])[0];
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
