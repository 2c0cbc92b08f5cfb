/** A devnet that is taken up again has the same chain, and goes on as it would have. */

import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { idAddress } from '../../src/chain/address.ts';
import { openChainFile } from '../../src/devnet/chain/chain-file.ts';
import { createDevnet, type DevnetOptions } from '../../src/devnet/devnet.ts';
import { bls, chainOf, keyText, type Mined, minedDevnet, minedOn } from './fixtures/mined.ts';

const folder = mkdtempSync(join(tmpdir(), 'mineone-test-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const QUIET: Partial<DevnetOptions> = { traffic: 0, rivals: [{}] };

async function first(name: string, options: Partial<DevnetOptions> = QUIET): Promise<Mined> {
  const store = openChainFile(join(folder, name));
  const mined = minedDevnet({ ...options, store });
  mined.devnet.world.setMiner(idAddress(1001), { feeDebt: 7n }, 4);
  await mined.run(1, 6);
  await mined.devnet.stop();
  store.close();
  return mined;
}

/** On a clock that stands where the first one stood. */
function again(name: string, before: Mined, options: Partial<DevnetOptions> = QUIET): Mined {
  const clock = virtualClock(before.clock.now());
  const store = openChainFile(join(folder, name));
  const devnet = createDevnet({ seed: 'a seed', clock, bls, miners: 2, ...options, store });
  return minedOn(devnet, clock, []);
}

describe('a chain that is kept', () => {
  it('is the same after it was taken up, messages and all', async () => {
    const options = { traffic: 20, rivals: [{}] };
    const before = await first('same', options);
    const { devnet } = again('same', before, options);
    expect(chainOf(devnet).map(keyText)).toEqual(chainOf(before.devnet).map(keyText));
    expect(devnet.network).toEqual(before.devnet.network);
    expect(chainOf(devnet).length).toBeGreaterThanOrEqual(5);
  });

  it('goes on as it would have, with what was to become of its miners', async () => {
    const uninterrupted = minedDevnet(QUIET);
    uninterrupted.devnet.world.setMiner(idAddress(1001), { feeDebt: 7n }, 4);
    await uninterrupted.run(1, 9);
    const resumed = again('on', await first('on'));
    resumed.devnet.start();
    await resumed.run(7, 9);
    expect(keyText(resumed.devnet.head())).toBe(keyText(uninterrupted.devnet.head()));
  });

  it('loses no more than what a crash cut in two', async () => {
    const before = await first('torn');
    const path = join(folder, 'torn');
    truncateSync(path, statSync(path).size - 5);
    const { devnet } = again('torn', before);
    const [kept, all] = [chainOf(devnet).map(keyText), chainOf(before.devnet).map(keyText)];
    expect(kept.slice(0, -1)).toEqual(all.slice(0, kept.length - 1));
    expect(kept.length).toBeGreaterThanOrEqual(all.length - 1);
    expect(kept).not.toEqual(all);
  });

  it('remembers what it was begun with', async () => {
    const before = await first('other');
    for (const options of [{ seed: 'another' }, { miners: 3 }, { rivals: [] }, { blockDelaySecs: 4 }])
      expect(() => again('other', before, { ...QUIET, ...options })).toThrow(/was begun with/);
  });

  it('refuses blocks that do not follow from one another', async () => {
    const store = { entries: [] as Uint8Array[], append: (entry: Uint8Array) => void store.entries.push(entry) };
    const mined = minedDevnet({ ...QUIET, store });
    await mined.run(1, 4);
    const entries = [...store.entries.slice(0, 1), ...store.entries.slice(3)];
    const resumed = (): unknown => createDevnet({ seed: 'a seed', clock: mined.clock, bls, miners: 2, ...QUIET, store: { entries, append: () => undefined } });
    expect(store.entries.length).toBeGreaterThan(6);
    expect(resumed).toThrow();
  });
});
