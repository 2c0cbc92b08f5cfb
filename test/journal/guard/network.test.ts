/** A journal is of one network: checked whenever it is opened to mine. */

import { expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../../src/journal/format/record.ts';
import { lastOpening } from '../../../src/journal/guard/opening.ts';
import { openJournal } from '../../../src/journal/journal.ts';
import { memoryStore } from '../../../src/journal/store/memory-store.ts';
import { retain } from '../../../src/replay/retention.ts';
import { runUntilIdle } from '../../../src/runtime/drive.ts';
import { bls, MACHINES, overAt, rigOf, startEpoch } from '../../runtime/fixtures/run-epochs.ts';
import { beginOf, smallChain } from '../../runtime/fixtures/small-chain.ts';
import { smallMiner } from '../../runtime/fixtures/small-miner.ts';
import { SMALL_NETWORK } from '../../runtime/fixtures/small-network.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const others = [
  { ...SMALL_NETWORK, name: 'another' },
  { ...SMALL_NETWORK, genesisTimestamp: SMALL_NETWORK.genesisTimestamp + 1n },
];
const named = { name: SMALL_NETWORK.name, genesisTimestamp: SMALL_NETWORK.genesisTimestamp };

it('is refused to a miner of another network, by name and by genesis, in a folder and in a store', async () => {
  for (const place of [{ dataDir: temporaryFolder(), runDir: temporaryFolder() }, { store: memoryStore() }]) {
    const { miner, runTo } = await smallMiner(place);
    await miner.start();
    await runTo(2);
    expect(await lastOpening(miner.journal())).toMatchObject({ network: named });
    await miner.stop();
    for (const network of others) await expect(smallMiner({ ...place, network })).rejects.toMatchObject({ code: 'JOURNAL_NETWORK' });
    const again = await smallMiner(place);
    await again.miner.start();
    await again.miner.stop();
  }
});

it('an older one, which does not say it, is given it; one whose epochs are of another network is refused', async () => {
  // As a runtime that was told of no network leaves it.
  const [empty, mined] = [memoryStore(), memoryStore()];
  for (const store of [empty, mined]) {
    const rig = rigOf({ open: async () => store, node: smallChain(bls).node, now: beginOf(0) });
    await rig.runtime.start();
    if (store === mined) {
      await startEpoch(rig.runtime, 1);
      await runUntilIdle(rig.runtime, rig.clock, overAt(1));
    }
    await rig.runtime.stop();
  }
  expect(await lastOpening(await openJournal(empty))).toMatchObject({ network: null });
  const { miner } = await smallMiner({ store: empty });
  await miner.start();
  await miner.stop();
  expect(await lastOpening(await openJournal(empty))).toMatchObject({ network: named });
  // Its epoch was mined on the network «scripted».
  await expect(smallMiner({ store: mined })).rejects.toMatchObject({ code: 'JOURNAL_NETWORK', message: expect.stringContaining('scripted') });
});

it('is known when retention gave up the record that said it', async () => {
  const store = memoryStore();
  const { miner, runTo } = await smallMiner({ store });
  await miner.start();
  await runTo(6);
  await miner.stop();
  const journal = await openJournal(store);
  await retain(journal, {
    machines: MACHINES,
    keep: { epoch: 4 },
    async write(input) {
      journal.add({ at: 0, stream: 'checkpoint', input, steps: [], binds: [], outcome: null });
      await journal.flush();
      return true;
    },
  });
  const pruned = await openJournal(store);
  expect(pruned.checkpoint().first).toBeGreaterThan(0);
  expect(await lastOpening(pruned)).toMatchObject({ network: named, machines: expect.any(Uint8Array) });
  await expect(smallMiner({ store, network: others[0] as typeof SMALL_NETWORK })).rejects.toMatchObject({ code: 'JOURNAL_NETWORK' });
});

it('reads and writes the record of an older start as it is', () => {
  const older = {
    v: 1,
    seq: 0,
    prev: new Uint8Array(32),
    back: null,
    at: 0,
    stream: 'code',
    input: { type: 'opened', machines: new Uint8Array(32), versions: null },
    steps: [],
    binds: [],
    outcome: null,
  } as const;
  const bytes = encodeRecord(older);
  expect(decodeRecord(bytes)).toEqual(older);
  expect(encodeRecord(decodeRecord(bytes))).toEqual(bytes);
  const now = { ...older, input: { ...older.input, network: named } };
  expect(decodeRecord(encodeRecord(now))).toEqual(now);
});
