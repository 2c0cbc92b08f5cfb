/**
 * Whether this Node is one that MineOne runs on. Imports nothing: what is imported may not even load on an older one.
 */

/** As `engines` in package.json has it. */
const MAJOR = 20;
const MINOR = 19;

/** What to say to who runs an older one; `null` where all is well. @param version without a `v`: `18.20.8` */
export function nodeRefusal(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return null;
  return `mineone needs Node ${MAJOR}.${MINOR} or later, and this is Node ${version}; install one from nodejs.org or by your version manager`;
}
