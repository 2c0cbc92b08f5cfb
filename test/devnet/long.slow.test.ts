/**
 * A devnet beyond the lookback of 900 epochs: the power of long ago decides, and what nobody looks back at is
 * forgotten.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idAddress } from '../../src/chain/address.ts';
import type { BlockHeader } from '../../src/chain/block-header.ts';
import { openChainFile } from '../../src/devnet/chain/chain-file.ts';
import { createDevnet } from '../../src/devnet/devnet.ts';
import { bls, keyText, minedDevnet, signal } from './fixtures/mined.ts';

const CHANGED = 400;
const EPOCHS = 1600;

test('1,600 epochs: elections by the power of 900 epochs before, old tipsets gone, the same chain when it is taken up', { timeout: 280_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mineone-test-long-'));
  const path = join(folder, 'chain');
  const store = openChainFile(path);
  const options = { seed: 'long', miners: 2, powers: [2n ** 40n, 2n ** 40n], traffic: 2 };
  const mined = minedDevnet({ ...options, store });
  const { devnet } = mined;
  const powerAt = async (epoch: number): Promise<bigint | undefined> =>
    (await devnet.node.miningBaseInfo(idAddress(1001), epoch, devnet.head().key, signal))?.minerPower;
  devnet.world.setMiner(idAddress(1001), { power: 2n ** 38n }, CHANGED);
  await mined.run(1, CHANGED + 800);
  expect(await powerAt(CHANGED + 801)).toBe(2n ** 40n);
  await mined.run(CHANGED + 801, EPOCHS);
  expect(await powerAt(EPOCHS + 1)).toBe(2n ** 38n);
  const [first] = devnet.head().blocks as [BlockHeader];
  expect(first.height).toBeGreaterThan(EPOCHS - 5);
  const old = await devnet.node.tipsetAt(300, signal);
  expect(old.height).toBe(0);
  expect(mined.events.filter(({ type }) => type === 'rejected')).toEqual([]);
  await devnet.stop();
  store.close();
  const again = createDevnet({ ...options, clock: mined.clock, bls, store: openChainFile(path) });
  expect(keyText(again.head())).toBe(keyText(devnet.head()));
  rmSync(folder, { recursive: true });
});
