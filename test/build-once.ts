/** Before the tests: the commands they start are the built ones, as a user has them, so they are built once. */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

export function setup(): void {
  // In place and not anew: another run's commands may be at work in the same folder.
  execFileSync('npm', ['run', '-s', 'build:emit'], { cwd: root, stdio: 'inherit' });
  execFileSync('npm', ['run', '-s', 'postbuild'], { cwd: root, stdio: 'inherit' });
}
