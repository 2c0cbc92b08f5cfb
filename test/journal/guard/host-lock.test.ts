/** One process of a host to the keys of a miner, whichever journals they write. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localFence } from '../../../src/adapters/local-fence.ts';
import { lockMiners, userRunDir } from '../../../src/journal/store/host-lock.ts';
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

it('holds them where the files of the locks are deleted: their holder has others of the folder open', async () => {
  const runDir = temporaryFolder();
  const first = await lockMiners({ network: mainnet, miners: ['f01000'], runDir });
  rmSync(join(runDir, 'miners', 'mainnet-1598306400-f01000', 'LOCK'));
  await expect(lockMiners({ network: mainnet, miners: ['f01000'], runDir })).rejects.toMatchObject({ code: 'MINER_HELD' });
  await first.release();
  await (await lockMiners({ network: mainnet, miners: ['f01000'], runDir })).release();
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

describe("a run directory that goes with its user's last login", () => {
  const mining = async () => {
    const [folder, runDir] = [temporaryFolder(), temporaryFolder()];
    const made = await smallMiner({ dataDir: folder, runDir });
    await made.miner.start();
    await made.runTo(2);
    rmSync(join(runDir, 'miners'), { recursive: true });
    return { ...made, lock: join(runDir, 'miners', 'small-1000000-f01000'), heights: () => made.chain.submitted.map(({ header }) => header.height) };
  };

  it('is made again by whoever mines on, who holds its miners as before', async () => {
    const { miner, runTo, lock, heights } = await mining();
    await runTo(4);
    expect(await lockedElsewhere(lock)).toBe('LEVEL_LOCKED');
    expect(heights()).toEqual([1, 2, 3, 4]);
    await miner.stop();
  });

  it("and is another process's by then: nothing more is bound", async () => {
    const { miner, runTo, lock, heights } = await mining();
    expect(await lockedElsewhere(lock)).toBe('locked');
    await expect(runTo(5)).rejects.toMatchObject({ code: 'RUNTIME_FAILED', cause: { code: 'MINER_HELD' } });
    expect(heights()).toEqual([1, 2]);
    await miner.stop().catch(() => undefined);
  });
});

/** What another process is told that locks the folder, and keeps it. */
async function lockedElsewhere(folder: string): Promise<string> {
  const code = `const { Level } = await import('level');
    await new Level(process.argv[1]).open().then(() => process.send('locked'), (error) => process.send(error.cause.code));
    setInterval(() => undefined, 1000);`;
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return ((await once(child, 'message')) as [string])[0];
}

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
