/** Folders that are there, are not, or cannot be. */

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isFolder, makeFolder } from '../src/folder.ts';
import { openLevelStore } from '../src/journal/store/level-store.ts';

const home = mkdtempSync(join(tmpdir(), 'mineone-test-folder-'));
const file = join(home, 'file');
writeFileSync(file, '');
afterAll(() => rmSync(home, { recursive: true }));

const isFile = expect.objectContaining({ code: 'FOLDER_IS_FILE', message: expect.stringContaining(file) });

describe('a folder', () => {
  it('is there, or is not', () => {
    expect([isFolder(home), isFolder(join(home, 'absent')), isFolder(join(home, 'absent', 'below'))]).toEqual([true, false, false]);
  });

  it.for([file, join(file, 'below'), join(file, 'below', 'that')])('is no file: %s', async (path) => {
    expect(() => isFolder(path)).toThrow(isFile);
    expect(() => makeFolder(path)).toThrow(isFile);
    await expect(openLevelStore(path)).rejects.toThrow(isFile);
  });

  it('is made with those above it, each for its owner alone if asked', () => {
    makeFolder(join(home, 'a', 'b'), 0o700);
    expect([join(home, 'a'), join(home, 'a', 'b')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    makeFolder(join(home, 'a', 'b'));
  });

  it('is refused where the system makes none', () => {
    expect(() => makeFolder('/proc/x/y')).toThrow(expect.objectContaining({ code: 'FOLDER_REFUSED' }));
  });
});
