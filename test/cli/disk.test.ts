/**
 * Disks that are read-only or full, real ones: made in a namespace of mounts of their own. What is said of them, and
 * that a journal on them is read.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mineone, type Ran, shell } from './run.ts';

const canMount = ((): boolean => {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const reason = canMount ? '' : ' (skipped: this system lets nobody mount in a namespace)';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-disk-'));
const data = join(home, 'data');
const disk = join(home, 'disk');
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs lines of bash with a disk of two megabytes, on which a copy of the devnet's folder lies. */
const onDisk = (...lines: readonly string[]): Promise<Ran> =>
  shell(`unshare -rm bash -c "set -e; mkdir -p ${disk}; mount -t tmpfs -o size=2m none ${disk}; cp -r ${data} ${disk}/data; ${lines.join('; ')}"`);
const READ_ONLY = `mount -o remount,ro ${disk}`;
/** Leaves room for a name, and for nothing in it. */
const FULL = `cat /dev/zero > ${disk}/filler 2> /dev/null || true`;

describe.skipIf(!canMount)(`a disk${reason}`, { timeout: 60_000 }, () => {
  beforeAll(async () => {
    expect((await mineone(['devnet', '--speed', 'max', '--epochs', '2', '--data', data])).code).toBe(0);
  });

  it.for([`${disk}/data`, `${disk}/new`])('that is read-only is named by a command that would write to %s', async (folder) => {
    const { code, stderr } = await onDisk(READ_ONLY, `MINEONE devnet --speed max --epochs 1 --data ${folder}`);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^mineone: DISK_READ_ONLY: .*disk.*read-only.*another.*\n$/i);
  });

  it('that is read-only holds a journal all the same', async () => {
    const { code, stdout, stderr } = await onDisk(`mkdir ${disk}/data/journal/reading-999999999-x`, READ_ONLY, `MINEONE journal verify --data ${disk}/data`);
    expect([code, stderr, stdout]).toEqual([0, '', expect.stringMatching(/^Whole: /)]);
  });

  it('that is full too: it is read by way of TMPDIR, and nothing is left there', async () => {
    const { code, stdout, stderr } = await onDisk(
      FULL,
      `mkdir -p ${home}/tmp`,
      `TMPDIR=${home}/tmp MINEONE journal verify --data ${disk}/data`,
      `ls ${home}/tmp ${disk}/data/journal`,
    );
    expect([code, stderr, stdout]).toEqual([0, '', expect.stringMatching(/^Whole: /)]);
    expect(stdout).not.toContain('reading-');
  });

  it('and one that has no room anywhere is told where to get it', async () => {
    const { stderr } = await onDisk(FULL, `TMPDIR=${disk} MINEONE journal verify --data ${disk}/data`);
    expect(stderr).toMatch(/^mineone: JOURNAL_COPY: .*TMPDIR names another\n$/);
  });
});
