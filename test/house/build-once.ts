/** Before the tests: the commands they start are the built ones, as a user has them, so they are built once. */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export function setup(): void {
  // In place and not anew: another run's commands may be at work in the same folder.
  try {
    // What did not change is not compiled again; the memory of that lies in dist, and goes with it.
    execFileSync('npm', ['run', '-s', 'build:emit', '--', '--incremental', '--tsBuildInfoFile', 'dist/.tsbuildinfo'], { cwd: root, stdio: 'inherit' });
  } catch {
    // The compiler writes JavaScript all the same; types are what `npm run check` holds.
    console.error('the build has type errors; the tests run on what it wrote');
  }
  execFileSync('npm', ['run', '-s', 'postbuild'], { cwd: root, stdio: 'inherit' });
}
