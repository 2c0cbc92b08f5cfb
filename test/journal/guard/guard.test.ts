/**
 * One process to a journal, whatever is deleted, moved, linked or copied under it; and a journal that may not be read
 * is left alone.
 */

import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../../src/journal/journal.ts';
import { openLevelReader } from '../../../src/journal/store/level-reader.ts';
import { openLevelStore } from '../../../src/journal/store/level-store.ts';
import { verifyJournal } from '../../../src/journal/verify.ts';
import { bindOne } from '../fixtures/bound.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { holding } from './holding.ts';

const LOCKS = ['db/LOCK', 'guard/LOCK'] as const;

describe('a journal that another process has open', () => {
  it.each(LOCKS)('is not opened where %s was deleted; that process goes on, and its end gives the journal back', async (lock) => {
    const folder = temporaryFolder();
    const other = await holding(folder);
    expect([other.opened, await other.bind(2)]).toEqual(['open', 'bound']);
    rmSync(join(folder, lock));
    await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'JOURNAL_HELD', message: expect.stringContaining(`process ${other.pid} of `) });
    expect(await other.bind(4)).toBe('bound');
    await other.kill();
    const journal = await openJournal(await openLevelStore(folder));
    expect(journal.next()).toBe(2);
    await journal.close();
  });

  it.each([
    ['all its locks were deleted', LOCKS],
    ['its guard was deleted, and the lock', ['guard', 'db/LOCK']],
  ] as const)('is not opened where %s: that process has its files open, and its end gives the journal back', async (_, deleted) => {
    const folder = temporaryFolder();
    const other = await holding(folder);
    expect(await other.bind(2)).toBe('bound');
    for (const name of deleted) rmSync(join(folder, name), { recursive: true });
    const who = deleted === LOCKS ? `process ${other.pid} of ` : 'another process';
    for (let i = 0; i < 2; i++)
      await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'JOURNAL_HELD', message: expect.stringContaining(`is held by ${who}`) });
    // Readers have its tables open, and hold nothing.
    const reader = await openLevelReader(folder);
    await other.kill();
    const journal = await openJournal(await openLevelStore(folder));
    expect(journal.next()).toBe(1);
    await journal.close();
    await reader.close();
  });

  it('is not opened a second time by its own process where all its locks were deleted', async () => {
    const folder = temporaryFolder();
    const store = await openLevelStore(folder);
    for (const lock of LOCKS) rmSync(join(folder, lock));
    await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'JOURNAL_HELD' });
    await store.close();
    await (await openLevelStore(folder)).close();
  });

  it('binds nothing more there once all its locks were deleted, or deleted and made anew', async () => {
    const folder = temporaryFolder();
    const other = await holding(folder);
    for (const lock of LOCKS) rmSync(join(folder, lock));
    expect(await other.bind(2)).toBe('JOURNAL_MOVED');
    mkdirSync(join(folder, 'elsewhere'));
    for (const lock of LOCKS) cpSync(join(folder, 'anchor'), join(folder, lock));
    expect(await other.bind(4)).toBe('JOURNAL_MOVED');
  });

  it.each(['moved away', 'replaced by another', 'moved away and begun anew', 'moved away and copied back'])(
    'binds nothing more once the folder was %s',
    async (what) => {
      const [folder, away] = [join(temporaryFolder(), 'journal'), join(temporaryFolder(), 'away')];
      const other = await holding(folder);
      expect(await other.bind(2)).toBe('bound');
      renameSync(folder, away);
      if (what === 'replaced by another') {
        const another = await openJournal(await openLevelStore(`${away}-2`));
        await another.close();
        renameSync(`${away}-2`, folder);
      }
      if (what === 'moved away and copied back') cpSync(away, folder, { recursive: true });
      if (what === 'moved away and begun anew') expect((await holding(folder)).opened).toBe('open');
      expect(await other.bind(4)).toBe('JOURNAL_MOVED');
      renameSync(existsSync(folder) ? folder : temporaryFolder(), `${away}-3`);
      renameSync(away, folder);
      // Back where it was it is the same folder.
      expect(await other.bind(6)).toBe('bound');
    },
  );

  it('is the same journal by every name of its folder, to this process too', async () => {
    const root = temporaryFolder();
    const [folder, link, moved] = [join(root, 'journal'), join(root, 'link'), join(root, 'moved')];
    const store = await openLevelStore(folder);
    symlinkSync(folder, link);
    for (const name of [folder, link, `${root}/./journal/../journal`]) await expect(openLevelStore(name)).rejects.toMatchObject({ code: 'JOURNAL_HELD' });
    renameSync(folder, moved);
    await expect(openLevelStore(moved)).rejects.toMatchObject({ code: 'JOURNAL_HELD' });
    await store.close();
    // What was refused took nothing away.
    await (await openLevelStore(moved)).close();
  });

  it('opens after a guard that a power cut left damaged', async () => {
    const folder = temporaryFolder();
    await (await openLevelStore(folder)).close();
    for (const name of readdirSync(join(folder, 'guard'))) if (/^(CURRENT|MANIFEST)/.test(name)) cpSync('/dev/null', join(folder, 'guard', name));
    await (await openLevelStore(folder)).close();
  });
});

describe('a journal that was begun', () => {
  it('is not begun anew where it is gone', async () => {
    const folder = temporaryFolder();
    await expect(openLevelStore(folder, { isThere: true })).rejects.toMatchObject({ code: 'JOURNAL_MOVED' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

const NOBODY = 65_534;

describe.runIf(process.getuid?.() === 0)('a journal of which another user owns a file', () => {
  /** Of a user without rights, but for one file. */
  async function journalWith(pattern: RegExp): Promise<string> {
    const folder = temporaryFolder();
    const journal = await openJournal(await openLevelStore(folder));
    for (const epoch of [2, 4, 6]) await bindOne(journal, epoch);
    await journal.close();
    const own = (path: string): void => {
      chownSync(path, NOBODY, NOBODY);
      if (statSync(path).isDirectory()) for (const name of readdirSync(path)) own(join(path, name));
    };
    own(folder);
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => pattern.test(name));
    expect(all.length).toBeGreaterThan(0);
    for (const name of all) {
      chownSync(join(folder, name), 0, 0);
      chmodSync(join(folder, name), statSync(join(folder, name)).isDirectory() ? 0o700 : 0o600);
    }
    return folder;
  }

  const bytesOf = (folder: string): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => (statSync(join(folder, name)).isDirectory() ? name : `${name} ${readFileSync(join(folder, name), 'hex')}`));

  it.each([
    ['its newest log', /^db\/\d+\.log$/],
    ['its manifest', /^db\/MANIFEST/],
    ['the lock', /^db\/LOCK$/],
    ["the guard's lock", /^guard\/LOCK$/],
    ['the guard', /^guard$/],
    ['the anchor', /^anchor$/],
  ])('is refused, and nothing of it is touched: %s', async (_, pattern) => {
    const folder = await journalWith(pattern);
    const before = bytesOf(folder);
    expect((await holding(folder, NOBODY)).opened).toMatch(/^JOURNAL_UNREADABLE: .*chown/);
    expect(bytesOf(folder)).toEqual(before);
    // With the rights back it is whole.
    const store = await openLevelStore(folder);
    expect((await verifyJournal(store)).records).toBe(3);
    await store.close();
  });

  it('is opened where all of it is theirs', async () => {
    const folder = await journalWith(/^anchor$/);
    chownSync(join(folder, 'anchor'), NOBODY, NOBODY);
    const other = await holding(folder, NOBODY);
    expect([other.opened, await other.bind(8)]).toEqual(['open', 'bound']);
  });
});

it('reads beside a writer without a guard of its own', async () => {
  const folder = temporaryFolder();
  const other = await holding(folder);
  await other.bind(2);
  const store = await openLevelReader(folder);
  expect((await verifyJournal(store)).records).toBe(1);
  await store.close();
  expect(await other.bind(4)).toBe('bound');
});
