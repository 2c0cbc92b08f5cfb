/** One process of a host to the keys of a miner, whichever journals they write. */

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localFence } from '../../../src/adapters/local-fence.ts';
import { lockMiners, userRunDir } from '../../../src/journal/guard/host-lock.ts';
import { smallMiner } from '../../runtime/fixtures/small-miner.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const mainnet = { name: 'mainnet', genesisTimestamp: 1_598_306_400n };

it('locks all miners or none, each of its own network, until it gives them back', async () => {
  const runDir = temporaryFolder();
  const first = await lockMiners({ network: mainnet, miners: ['f01000', 'f01001'], runDir });
  await expect(lockMiners({ network: mainnet, miners: ['f01002', 'f01001'], runDir })).rejects.toMatchObject({
    code: 'MINER_HELD',
    message: expect.stringMatching(new RegExp(`^f01001 of mainnet is mined by process ${process.pid} of `)),
  });
  for (const network of [
    { ...mainnet, name: 'calibrationnet' },
    { ...mainnet, genesisTimestamp: 1n },
  ]) {
    const other = await lockMiners({ network, miners: ['f01000', 'f01001'], runDir });
    await other.release();
  }
  await first.release();
  const again = await lockMiners({ network: mainnet, miners: ['f01002', 'f01001'], runDir });
  await again.release();
});

it('says so where no lock can be made', async () => {
  const runDir = join(temporaryFolder(), 'a file');
  writeFileSync(runDir, '');
  await expect(lockMiners({ network: mainnet, miners: ['f01000'], runDir })).rejects.toMatchObject({ code: 'MINER_UNGUARDED' });
  const { miner, faults } = await smallMiner({ dataDir: temporaryFolder(), runDir });
  expect(faults.map(({ code }) => code)).toEqual(['MINER_UNGUARDED']);
  await miner.start();
  await miner.stop();
});

it('keeps them where the system keeps what lives as long as processes do', () => {
  expect(userRunDir({ XDG_RUNTIME_DIR: '/run/user/7' })).toBe('/run/user/7/mineone');
  expect(userRunDir({})).toMatch(/mineone/);
});

it('refuses a second miner on a copy of the folder, while the first one runs', async () => {
  const [root, runDir] = [temporaryFolder(), temporaryFolder()];
  const [folder, copy] = [join(root, 'journal'), join(root, 'copy')];
  const { miner, chain, runTo } = await smallMiner({ dataDir: folder, runDir });
  await miner.start();
  await runTo(2);
  cpSync(folder, copy, { recursive: true });
  await expect(smallMiner({ dataDir: copy, runDir })).rejects.toMatchObject({ code: 'MINER_HELD' });
  // A fence keeps several apart, and who only looks on binds nothing.
  mkdirSync(join(root, 'fenced'));
  for (const options of [{ fence: localFence() }, { observe: true }])
    await (await smallMiner({ dataDir: join(root, 'fenced'), runDir, ...options })).miner.stop();
  await runTo(3);
  expect(chain.submitted.map(({ header }) => header.height)).toEqual([1, 2, 3]);
  await miner.stop();
  const after = await smallMiner({ dataDir: copy, runDir });
  await after.miner.start();
  await after.miner.stop();
});

it('gives them back when the journal does not open', async () => {
  const [folder, runDir] = [temporaryFolder(), temporaryFolder()];
  const { miner } = await smallMiner({ dataDir: folder, runDir, fence: localFence() });
  await expect(smallMiner({ dataDir: folder, runDir })).rejects.toMatchObject({ code: 'JOURNAL_HELD' });
  await miner.start();
  await miner.stop();
  const after = await smallMiner({ dataDir: folder, runDir });
  await after.miner.start();
  await after.miner.stop();
});
