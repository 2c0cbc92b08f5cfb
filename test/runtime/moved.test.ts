/**
 * The folder of the journal goes away under a miner: nothing is bound that no other process would see, and no new
 * journal is begun in its place.
 */

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal } from '../../src/journal/journal.ts';
import { openLevelStore } from '../../src/journal/store/level-store.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { temporaryFolder } from '../journal/fixtures/temporary-folder.ts';
import { smallMiner } from './fixtures/small-miner.ts';

it('ends with a word before the next bind, and goes on where the folder is put back', async () => {
  const [root, runDir] = [temporaryFolder(), temporaryFolder()];
  const [folder, away] = [join(root, 'journal'), join(root, 'away')];
  const { miner, chain, runTo } = await smallMiner({ dataDir: folder, runDir });
  const ends: { code?: string; cause?: unknown }[] = [];
  miner.transitions$.subscribe({ error: (error) => ends.push(error) });
  await miner.start();
  await runTo(2);
  renameSync(folder, away);
  await expect(runTo(4)).rejects.toMatchObject({ code: 'RUNTIME_FAILED', cause: { code: 'JOURNAL_MOVED' } });
  expect(ends).toMatchObject([{ code: 'RUNTIME_FAILED', message: expect.stringContaining('moved or replaced') }]);
  expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2]);
  expect(existsSync(folder)).toBe(false);
  await miner.stop().catch(() => undefined);
  renameSync(away, folder);
  const again = await openJournal(await openLevelStore(folder));
  await again.close();
});

it('opens no other journal in its place after a batch that failed', async () => {
  const [first, second] = [memoryStore(), memoryStore()];
  let opened = 0;
  let fails = false;
  const store = {
    ...first,
    write: (ops: Parameters<typeof first.write>[0]) => (fails ? Promise.reject(new Error('EIO')) : first.write(ops)),
  };
  const { miner, runTo, chain } = await smallMiner({ store: async () => (opened++ === 0 ? store : second) });
  await miner.start();
  await runTo(2);
  fails = true;
  await expect(runTo(5)).rejects.toMatchObject({ code: 'RUNTIME_FAILED', cause: { code: 'JOURNAL_MOVED' } });
  expect(opened).toBe(2);
  expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2]);
});
